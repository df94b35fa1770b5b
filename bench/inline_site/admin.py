"""The plain inline, with Django's own three empty rows."""

from django.contrib import admin

from bench.inline_site.models import Room, RoomImage


class RoomImageInline(admin.TabularInline):
    model = RoomImage


@admin.register(Room)
class RoomAdmin(admin.ModelAdmin):
    inlines = [RoomImageInline]
