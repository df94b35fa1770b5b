"""The pages of establishments."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from rooms import access
from rooms.admin.scope import ScopedAdmin
from rooms.models import Establishment


@admin.register(Establishment)
class EstablishmentAdmin(ScopedAdmin):
    list_display = ("name", "city", "owner", "room_count")
    list_filter = ("city",)
    search_fields = ("name", "city")
    fields = ("name", "city", "owner")
    list_select_related = ("owner",)
    ordering = ("name", "pk")  # said again here: counting rooms drops the model's own

    def get_queryset(self, request: HttpRequest) -> QuerySet[Establishment]:
        return super().get_queryset(request).annotate(room_count=Count("rooms"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only platform staff say who owns an establishment."""
        return () if access.may_see_everything(request.user) else ("owner",)

    @display(description=_("rooms"), ordering="room_count")
    def room_count(self, establishment: Any) -> int:
        return establishment.room_count
