"""The list of rooms: each with its cover, and how many photos it has."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from rooms import limits, monitoring, storage
from rooms.admin.filters import GalleryFilter
from rooms.admin.scope import PERSON_FIELDS, ScopedAdmin
from rooms.models import Room, roles
from rooms.models.photo import photo_storage
from rooms.session import signed_in_user


class RoomList(ScopedAdmin):
    """The columns, filters and search of the rooms' ModelAdmin."""

    list_display = ("cover", "title", "establishment", "kind", "photos", "price", "published")
    list_display_links = ("cover", "title")
    list_filter = (
        ("establishment", admin.RelatedOnlyFieldListFilter),
        GalleryFilter,
        "published",
        "kind",
    )
    list_select_related = ("establishment",)
    search_fields = ("name", "number", "establishment__name", "establishment__city")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Room]:
        return monitoring.with_gallery_figures(super().get_queryset(request))

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Only who meets other users' names may look for them."""
        if not roles.may_choose_owner(signed_in_user(request)):
            return self.search_fields
        return (*self.search_fields, *(f"establishment__owner__{field}" for field in PERSON_FIELDS))

    @display(description=_("cover"))
    def cover(self, room: Any) -> SafeString:
        if not room.cover_name:
            return format_html(
                '<span class="room-cover room-cover--none" role="img" aria-label="{}"></span>', _("No photo")
            )
        return format_html(
            '<img class="room-cover" src="{}" alt="{}" width="96" height="64" '
            'loading="lazy" decoding="async">',
            storage.version_url(photo_storage(), room.cover_name, limits.VERSION_SIDES_PX[0]),
            self.title(room),
        )

    @display(description=_("room"), ordering="name")
    def title(self, room: Room) -> str:
        return room.label

    @display(description=_("photos"), ordering="photo_count")
    def photos(self, room: Any) -> str:
        return f"{room.photo_count} / {settings.ROOM_PHOTO_MAX_COUNT}"

    @display(description=_("price a night"), ordering="price_night", empty_value="–")
    def price(self, room: Room) -> str | None:
        if room.price_night is None:
            return None
        decimals = 0 if room.price_night == room.price_night.to_integral_value() else 2
        price = number_format(Decimal(room.price_night), decimals, use_l10n=True, force_grouping=True)
        return f"{price}\N{NO-BREAK SPACE}€"
