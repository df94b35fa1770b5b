"""Filters of the rooms list."""

from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from rooms.monitoring import ListedRoom

# What Booking.com recommends at least for a room and its bathroom.
ENOUGH_PHOTOS = 4


class GalleryFilter(SimpleListFilter):
    """Finds the rooms whose gallery needs work."""

    title = _("gallery")
    parameter_name = "gallery"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, Any]]:
        return [
            ("none", _("No photo")),
            ("few", _("Fewer than %(count)s photos") % {"count": ENOUGH_PHOTOS}),
            ("enough", _("%(count)s photos or more") % {"count": ENOUGH_PHOTOS}),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ListedRoom]) -> QuerySet[ListedRoom]:
        match self.value():
            case "none":
                return queryset.filter(photo_count=0)
            case "few":
                return queryset.filter(photo_count__lt=ENOUGH_PHOTOS)
            case "enough":
                return queryset.filter(photo_count__gte=ENOUGH_PHOTOS)
        return queryset
