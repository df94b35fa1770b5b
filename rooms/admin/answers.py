"""The messages on the pages of rooms: after saving, and to people who have no establishment yet."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rooms.admin.room_list import RoomList
from rooms.models import Establishment, Room
from rooms.session import signed_in_user


class AnsweringAdmin(RoomList):
    """The answers of the rooms' ModelAdmin, in place of Django's words for any object."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", {}).get("cl")
        if shown is not None and shown.result_count == 0:
            tell_how_to_begin(request)
        return response

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """With the establishment, where there is but one to choose."""
        initial = super().get_changeform_initial_data(request)
        choices = Establishment.objects.for_user(signed_in_user(request)).values_list("pk", flat=True)[:2]
        if len(choices) == 1:
            initial.setdefault("establishment", choices[0])
        elif not choices:
            tell_how_to_begin(request)
        return initial

    def response_add(self, request: HttpRequest, obj: Room, post_url_continue: Any = None) -> HttpResponse:
        if IS_POPUP_VAR in request.POST:
            return super().response_add(request, obj, post_url_continue)
        return self._answer_saved(request, obj, self.response_post_save_add)

    def response_change(self, request: HttpRequest, obj: Room) -> HttpResponse:
        if IS_POPUP_VAR in request.POST:
            return super().response_change(request, obj)
        return self._answer_saved(request, obj, self.response_post_save_change)

    def _answer_saved(
        self, request: HttpRequest, room: Room, leave: Callable[[HttpRequest, Room], HttpResponse]
    ) -> HttpResponse:
        page = reverse("admin:rooms_room_change", args=(room.pk,))
        count = room.images.count()
        self.message_user(request, _describe_saved(room, count, page), messages.SUCCESS)
        if room.published and count == 0:
            self.message_user(request, _("It is published without a photo: add some soon."), messages.WARNING)
        if "_continue" not in request.POST and "_addanother" not in request.POST:
            return leave(request, room)
        goal = page if "_continue" in request.POST else reverse("admin:rooms_room_add")
        kept = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return HttpResponseRedirect(add_preserved_filters(kept, goal))


def tell_how_to_begin(request: HttpRequest) -> None:
    """To somebody without an establishment: what is missing, and the way on. To others, nothing."""
    if Establishment.objects.for_user(signed_in_user(request)).exists():
        return
    if request.user.has_perm("rooms.add_establishment"):
        text = _("There is no establishment yet, and rooms belong to one.")
        add = reverse("admin:rooms_establishment_add")
        messages.info(request, format_html('{} <a href="{}">{}</a>', text, add, _("Add one")))
    else:
        messages.info(
            request,
            _("You have no establishment yet. Ask the platform’s team to add it, then add your rooms."),
        )


def _describe_saved(room: Room, count: int, page: str) -> SafeString:
    words = (
        ngettext("“{room}” is saved, with its photo.", "“{room}” is saved, with its {count} photos.", count)
        if count
        else _("“{room}” is saved, without photos yet.")
    )
    return format_html(words, room=format_html('<a href="{}">{}</a>', page, room), count=count)
