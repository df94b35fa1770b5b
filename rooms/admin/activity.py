"""The list of activity for platform staff: who did what to which photo, room, establishment or account."""

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from rooms import storage
from rooms.admin.scope import ReadOnlyAdmin
from rooms.limits import VERSION_SIDES_PX
from rooms.models import Activity, Establishment, RoomImage
from rooms.models.photo import photo_storage

MAX_CHOICES = 200
PAGE_ROWS = 50
# Pages beyond are reached by filters and searching: a database counts and skips no further than it must.
MAX_PAGES = 200


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
