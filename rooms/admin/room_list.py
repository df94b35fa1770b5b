"""The rooms list: its columns, its filters by name, and what is done to many rooms at once."""

from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display
from unfold.templatetags.unfold_list import result_headers
from unfold.views import ChangeList

from rooms.admin.room_filters import (
    AdviceFilter,
    ChannelFilter,
    EstablishmentFilter,
    PhotosFilter,
    ReadyFilter,
    TextsFilter,
)
from rooms.admin.room_rows import RoomRows
from rooms.admin.scope import PERSON_FIELDS, ScopedAdmin
from rooms.backends import signed_in_user
from rooms.models import Room, people
from rooms.services import overview
from rooms.services.lifecycle import publish


class ManyRoomsMixin:
    """For the admin of rooms. Django hands over no room that its user may not work on."""

    actions: tuple[str, ...] = ("publish", "unpublish")

    @admin.action(description=_("Publish the chosen rooms"), permissions=["change"])
    def publish(self, request: HttpRequest, rooms: QuerySet[Room]) -> None:
        count = publish(rooms, True, user=signed_in_user(request))
        said = ngettext("%(count)s room is published now.", "%(count)s rooms are published now.", count)
        _tell(request, said, count)

    @admin.action(description=_("Take the chosen rooms back from guests"), permissions=["change"])
    def unpublish(self, request: HttpRequest, rooms: QuerySet[Room]) -> None:
        count = publish(rooms, False, user=signed_in_user(request))
        said = ngettext(
            "%(count)s room is not published any more.", "%(count)s rooms are not published any more.", count
        )
        _tell(request, said, count)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        room = kwargs.get("obj")
        context["neighbours"] = self._find_neighbours(request, room) if room is not None else {}
        page: Any = super()
        answer: HttpResponse = page.render_change_form(request, context, *args, **kwargs)
        return answer

    def _find_neighbours(self, request: HttpRequest, room: Room) -> dict[str, Any]:
        """The place in the list somebody comes from, and the addresses of the rooms beside; {} without one.

        Of a list that the room has left since, as one that was mended does, the first one is the next.
        """
        pages: Any = self
        kept = pages.get_preserved_filters(request)
        if not kept or (ids := self._find_listed_ids(request)) is None:
            return {}
        place = ids.index(room.pk) if room.pk in ids else -1

        def address(wanted: int) -> str:
            if not 0 <= wanted < len(ids):
                return ""
            return f"{reverse('admin:rooms_room_change', args=(ids[wanted],))}?{kept}"

        return {
            "place": place + 1,
            "count": len(ids),
            "previous": address(place - 1),
            "next": address(place + 1),
        }

    def _find_listed_ids(self, request: HttpRequest) -> list[int] | None:
        """Of all rooms of the list whose filters the address keeps; None where they make no list."""
        pages: Any = self
        asked = copy(request)
        asked.GET = QueryDict(request.GET.get("_changelist_filters", ""))
        try:
            listed = pages.get_changelist_instance(asked)
        except IncorrectLookupParameters:
            return None
        return list(listed.queryset.values_list("pk", flat=True))


def _tell(request: HttpRequest, said: str, count: int) -> None:
    if count:
        messages.success(request, said % {"count": count})
    else:
        messages.info(request, _("Nothing to change: the chosen rooms are like that already."))


@dataclass(frozen=True)
class ActiveFilter:
    """A filter that is set: what it is about, what it asks for, and the address without it."""

    title: str
    value: str
    url_without: str


class RoomChangeList(ChangeList):
    """Finds the ids of a page first, in the order of the list, and looks at these rooms alone."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.has_active_filters and not self.query:
            self.full_result_count = self.result_count
        page: Any = self.result_list
        rooms = Room.objects.filter(pk__in=page.values("pk")).select_related("establishment")
        self.result_list: Any = list(rooms.defer("description").order_by(*page.query.order_by))
        channels = next((spec.channels for spec in self.filter_specs if isinstance(spec, ChannelFilter)), [])
        overviews = overview.find_overviews([room.pk for room in self.result_list], channels)
        for room in self.result_list:
            room.overview, room.price = overviews[room.pk], _price(room)

    def headers(self) -> list[Any]:
        """Unfold's own, with the ways to sort."""
        return list(result_headers(self))

    def rows(self) -> SafeString:
        """Those of the page, in place of Unfold's."""
        suffix = f"?{self.preserved_filters}" if self.preserved_filters else ""
        rows = RoomRows(suffix, is_choosable="action_checkbox" in self.list_display)
        return SafeString("".join(map(rows.draw, self.result_list)))

    def active_filters(self) -> list[ActiveFilter]:
        return [found for spec in self.filter_specs if (found := self._name(spec))]

    def _name(self, spec: Any) -> ActiveFilter | None:
        parameters = spec.expected_parameters()
        if not set(parameters) & set(self.params):
            return None
        if isinstance(spec, ReadyFilter):
            parameters = [*parameters, ChannelFilter.parameter_name]
        for choice in spec.choices(self):
            if choice.get("selected"):
                return ActiveFilter(spec.title, choice["display"], self.get_query_string(remove=parameters))
        return None


def _price(room: Room) -> str:
    """A night's, without decimals where there are none; empty where it is not said."""
    if room.price_night is None:
        return ""
    decimals = 0 if room.price_night == room.price_night.to_integral_value() else 2
    price = number_format(Decimal(room.price_night), decimals, use_l10n=True, force_grouping=True)
    return f"{price}\N{NO-BREAK SPACE}€"


class RoomList(ManyRoomsMixin, ScopedAdmin):
    """The columns, filters and search of the rooms' ModelAdmin."""

    list_display = ("cover", "title", "photos", "channels", "advice", "changed", "state")
    list_display_links = ("cover", "title")
    list_filter = (
        PhotosFilter,
        ReadyFilter,
        ChannelFilter,
        AdviceFilter,
        TextsFilter,
        "published",
        ("establishment", EstablishmentFilter),
        "kind",
    )
    list_filter_submit = True  # the establishment's field has no other way to be sent
    change_list_template = "admin/rooms/room/change_list.html"
    list_before_template = "admin/rooms/room/active_filters.html"
    show_full_result_count = False  # one COUNT less; without a filter it is the result's own
    search_fields = ("name", "number", "establishment__name", "establishment__city")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RoomChangeList

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Only who meets other users' names may look for them."""
        if not people.may_choose_owner(signed_in_user(request)):
            return self.search_fields
        return (*self.search_fields, *(f"establishment__owner__{field}" for field in PERSON_FIELDS))

    # --- the columns: what they are called and sorted by; `room_rows` draws them ---

    @display(description=_("cover"))
    def cover(self, room: Any) -> str:
        return room.overview.cover.thumbnail_url if room.overview.cover else ""

    @display(description=_("room"), ordering="name")
    def title(self, room: Room) -> str:
        return room.label

    @display(description=_("photos"), ordering=overview.count_of_photos())
    def photos(self, room: Any) -> int:
        return room.overview.photo_count

    @display(description=_("booking sites"))
    def channels(self, room: Any) -> Any:
        return room.overview.channels

    @display(description=_("to look at"))
    def advice(self, room: Any) -> int:
        return room.overview.advised_count

    @display(description=_("changed"), ordering="updated_at")
    def changed(self, room: Room) -> Any:
        return room.updated_at

    @display(description=_("published"), ordering="published")
    def state(self, room: Room) -> bool:
        return room.published
