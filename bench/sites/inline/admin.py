"""The plain inline, with Django's own three empty rows, at the site's only address."""

from django.contrib import admin
from django.urls import path

from bench.sites.inline.models import Room, RoomImage


class RoomImageInline(admin.TabularInline):
    model = RoomImage


admin.site.register(Room, inlines=[RoomImageInline])
urlpatterns = [path("admin/", admin.site.urls)]
