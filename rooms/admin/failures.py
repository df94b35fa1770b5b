"""Uploads that failed, for platform staff to read, with a picture of the last 30 days."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import date, filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from rooms.admin.scope import PERSON_FIELDS, ReadOnlyAdmin
from rooms.models import UploadFailure
from rooms.services import failures

FEW, SOME, MANY = "bg-primary-300 dark:bg-primary-800", "bg-primary-500", "bg-red-500"
MANY_A_DAY = 10
MAX_PEOPLE = 200


class CodeFilter(admin.SimpleListFilter):
    title = _("reason")
    parameter_name = "code"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return list(failures.CODES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(code=self.value()) if self.value() else queryset


class PersonFilter(admin.SimpleListFilter):
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
    list_filter = (CodeFilter, "where", ("created_at", admin.DateFieldListFilter), PersonFilter)
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
