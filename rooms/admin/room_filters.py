"""Filters of the rooms list: the galleries that need work come first."""

from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from rooms.models import Channel, Room, RoomImage
from rooms.services import advice, judging, overview, readiness

# What Booking.com recommends at least for a room and its bathroom is four.
FEW_PHOTOS: Final = (1, 3)

type Choices = list[tuple[str, Any]]


class PhotosFilter(SimpleListFilter):
    title = _("photos")
    parameter_name = "photos"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("none", _("No photo")), ("few", _("1 to 3 photos")), ("full", _("Full"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Room]) -> QuerySet[Room]:
        if self.value() == "none":
            return queryset.exclude(Exists(RoomImage.objects.order_by().filter(room=OuterRef("pk"))))
        counted = queryset.alias(photo_total=overview.count_of_photos())
        if self.value() == "few":
            return counted.filter(photo_total__range=FEW_PHOTOS)
        if self.value() == "full":
            return counted.filter(photo_total__gte=settings.ROOM_PHOTO_MAX_COUNT)
        return queryset


class ReadyFilter(SimpleListFilter):
    """For the channel that `channel=` names; for all active ones where it names none."""

    title = _("readiness")
    parameter_name = "ready"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("no", _("Not ready")), ("yes", _("Ready"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Room]) -> QuerySet[Room]:
        if self.value() not in ("yes", "no"):
            return queryset
        channels = Channel.objects.filter(active=True)
        slug = request.GET.get(ChannelFilter.parameter_name)
        chosen = [channel for channel in channels if slug in (None, "", channel.slug)]
        if slug and not chosen:
            return queryset
        choose = readiness.filter_ready if self.value() == "yes" else readiness.filter_not_ready
        return choose(queryset, chosen)


class ChannelFilter(SimpleListFilter):
    """Says which channel `ready=` is about: a choice here asks for the rooms that are not ready."""

    title = _("channel")
    parameter_name = "channel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        self.channels = readiness.find_channels()
        return [(channel.slug, channel.name) for channel in self.channels]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Room]) -> QuerySet[Room]:
        return queryset

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        ready = changelist.params.get(ReadyFilter.parameter_name, "no")
        for choice, (slug, _name) in zip(
            super().choices(changelist), [("", ""), *self.lookup_choices], strict=True
        ):
            if slug:
                both = {self.parameter_name: slug, ReadyFilter.parameter_name: ready}
                choice["query_string"] = changelist.get_query_string(both)
            yield choice


class AdviceFilter(SimpleListFilter):
    title = _("advice")
    parameter_name = "advice"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("any", _("Any advice")), *advice.LABELS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Room]) -> QuerySet[Room]:
        if self.value() == "any":
            return judging.filter_advised(queryset)
        if self.value() in advice.LABELS:
            return judging.filter_advised(queryset, str(self.value()))
        return queryset


class TextsFilter(SimpleListFilter):
    title = _("captions")
    parameter_name = "texts"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("missing", _("Missing"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Room]) -> QuerySet[Room]:
        if self.value() != "missing":
            return queryset
        return queryset.filter(Exists(RoomImage.objects.order_by().filter(room=OuterRef("pk"), caption="")))


class EstablishmentFilter(AutocompleteSelectFilter):
    """A field to search in: a list of two thousand helps nobody."""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Named, for the filters that are set; only what the user meets has a name."""
        for choice in super().choices(changelist):
            form, chosen = choice["form"], self.value()
            field = form.fields[self.lookup_kwarg]
            field.widget.attrs["aria-label"] = self.title
            field.queryset = field.queryset.for_user(self.request.user)
            found = field.queryset.filter(pk=chosen).first() if str(chosen).isdecimal() else None
            if found is None:
                form.data = {}  # a number that no database can hold would be looked up again
            yield choice | {"selected": found is not None, "display": found}
