"""What people did, and what failed: activity and failed uploads, for platform staff to read.

The list of activity says who did what to which photo, room, establishment or account. That of uploads that
failed has a picture of the last 30 days.
"""

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.template.defaultfilters import date, filesizeformat
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from rooms import storage
from rooms.admin.scope import PERSON_FIELDS, ReadOnlyAdmin
from rooms.limits import VERSION_SIDES_PX
from rooms.models import Activity, Establishment, RoomImage, UploadFailure
from rooms.models.photo import photo_storage
from rooms.services import failures

MAX_CHOICES = 200
PAGE_ROWS = 50
# Pages beyond are reached by filters and searching: a database counts and skips no further than it must.
MAX_PAGES = 200
FEW, SOME, MANY = "bg-primary-300 dark:bg-primary-800", "bg-primary-500", "bg-red-500"
MANY_A_DAY = 10
MAX_PEOPLE = 200


class ByOldName(admin.SimpleListFilter):
    """By an id, which may be that of somebody or something gone by now."""

    column = ""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value() or ""
        is_id = chosen.isascii() and chosen.isdigit()
        return queryset.filter(**{self.column: int(chosen[:18])}) if is_id else queryset


class PersonFilter(ByOldName):
    title = _("person")
    parameter_name = "person"
    column = "user_id"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        """Those who did something lately."""
        lately = Activity.objects.values_list("user_id", "user_name")[: MAX_CHOICES * PAGE_ROWS]
        named = {str(pk): name for pk, name in lately}
        return sorted(named.items(), key=lambda one: one[1])[:MAX_CHOICES]


class EstablishmentFilter(ByOldName):
    title = _("establishment")
    parameter_name = "establishment"
    column = "establishment_id"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        lately = Activity.objects.exclude(establishment_id=None)
        named = lately.values_list("establishment_id", "establishment_name")[: MAX_CHOICES * PAGE_ROWS]
        there = Establishment.objects.values_list("pk", "name")[:MAX_CHOICES]
        return sorted({str(pk): name for pk, name in (*named, *there)}.items(), key=lambda one: one[1])


class BoundedPaginator(Paginator):
    """Counts no further than the pages it shows."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows[: PAGE_ROWS * MAX_PAGES].count())


@admin.register(Activity)
class ActivityAdmin(ReadOnlyAdmin):
    list_display = ("action_time", "user_name", "sentence", "object_repr", "establishment_name", "thumbnail")
    list_filter = (PersonFilter, EstablishmentFilter, "deed")
    search_fields = ("user_name", "object_repr", "establishment_name", "change_message")
    fields = (*list_display, "deed")
    readonly_fields = fields
    ordering = ("-pk",)
    sortable_by = ()
    list_per_page = PAGE_ROWS
    paginator = BoundedPaginator
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        photos = RoomImage.objects.filter(pk=OuterRef("photo_id"), room__isnull=False, room__removed_at=None)
        return super().get_queryset(request).annotate(file_name=Subquery(photos.values("image")[:1]))

    def get_paginator(self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any) -> Any:
        return BoundedPaginator(queryset, *args, **kwargs)

    @display(description=_("deed"))
    def sentence(self, deed: Activity) -> str:
        return deed.get_change_message() or deed.get_deed_display()

    @display(description=_("photo"))
    def thumbnail(self, deed: Activity) -> str | SafeString:
        """Of a photo that a room still shows, or could show again."""
        name = getattr(deed, "file_name", None)
        if not name:
            return "–"
        address = storage.version_url(photo_storage(), name, VERSION_SIDES_PX[0])
        return format_html('<img class="room-cover" src="{}" alt="" loading="lazy">', address)


class CodeFilter(admin.SimpleListFilter):
    title = _("reason")
    parameter_name = "code"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return list(failures.CODES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(code=self.value()) if self.value() else queryset


class FailedPersonFilter(admin.SimpleListFilter):
    """Those who met a failure, and not all there are."""

    title = _("person")
    parameter_name = "person"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        people = UploadFailure.objects.exclude(user=None).order_by("user__username")
        named = people.values_list("user", "user__username").distinct()[:MAX_PEOPLE]
        return [(str(pk), name) for pk, name in named]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value() or ""
        return queryset.filter(user=int(chosen[:9])) if chosen.isascii() and chosen.isdigit() else queryset


@admin.register(UploadFailure)
class UploadFailureAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "reason", "user", "place", "volume", "browser", "where")
    list_select_related = ("user", "room")
    list_filter = (CodeFilter, "where", ("created_at", admin.DateFieldListFilter), FailedPersonFilter)
    list_per_page = 50
    list_before_template = "admin/rooms/uploadfailure/last_days.html"
    search_fields = (*(f"user__{name}" for name in PERSON_FIELDS), "room__name")
    fields = (*list_display, "code", "cause", "claimed_type")
    readonly_fields = fields
    show_full_result_count = False

    @display(description=_("reason"), ordering="code")
    def reason(self, failure: UploadFailure) -> str:
        return failures.name_code(failure.code)

    @display(description=_("size"), ordering="bytes")
    def volume(self, failure: UploadFailure) -> str:
        return "–" if failure.bytes is None else filesizeformat(failure.bytes)

    @display(description=_("room"), ordering="room__name", empty_value="–")
    def place(self, failure: UploadFailure) -> str | SafeString | None:
        """A link to its page, which a removed room has not."""
        room = failure.room
        if room is None:
            return None
        if room.removed_at is not None:
            return gettext("%(name)s (removed)") % {"name": room}
        page = reverse("admin:rooms_room_change", args=(room.pk,))
        return format_html('<a class="room-link" href="{}">{}</a>', page, room)

    def of_today(self) -> str:
        return failures.sentence_of_today()

    def last_days(self) -> list[dict[str, Any]]:
        """A line a reason: how many today and in 30 days, and a cell for each of them."""
        by_day = failures.count_by_day()
        seen = [code for code in failures.CODES if any(code in counts for counts in by_day.values())]
        return [_line(code, [(day, counts.get(code, 0)) for day, counts in by_day.items()]) for code in seen]


def _line(code: str, counted: list[tuple[Any, int]]) -> dict[str, Any]:
    return {
        "reason": failures.name_code(code),
        "today": counted[-1][1],
        "total": sum(count for _day, count in counted),
        "cells": [
            {"tooltip": f"{date(day, 'SHORT_DATE_FORMAT')} · {count}", "color": _colour(count)}
            for day, count in counted
        ],
    }


def _colour(count: int) -> str:
    if not count:
        return ""
    if count >= MANY_A_DAY:
        return MANY
    return SOME if count > 1 else FEW
