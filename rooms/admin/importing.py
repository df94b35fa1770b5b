"""The import on an establishment's page: the settings of its script, and the rooms that it asks for."""

from typing import Any, Final

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from rooms.admin.gallery import upload_rules
from rooms.admin.scripts import import_scripts
from rooms.api.endpoint import read_fields
from rooms.api.shape import problem, success
from rooms.errors import InvalidRequest, PhotoError
from rooms.models import Establishment, Room, RoomImage
from rooms.services.quotas import count_change
from rooms.services.readiness import find_channels
from rooms.services.transfer import add_named_room, find_room_keys
from rooms.session import signed_in_user

STYLES: Final = ("gallery", "importing")


class ImportMixin:
    """For the admin of establishments: the panel that takes folders and ZIPs, and new rooms for them."""

    change_form_outer_after_template = "admin/rooms/establishment/import.html"

    def get_urls(self) -> list[Any]:
        pages: Any = super()
        view = self.admin_site.admin_view(require_POST(self.add_room))  # type: ignore[attr-defined]
        return [
            path("<int:object_id>/add-room/", view, name="rooms_establishment_add_room"),
            *pages.get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: Any, obj: Any = None, **kwargs: Any) -> Any:
        pages: Any = super()
        may_add_photos = request.user.has_perm("rooms.change_room")
        if obj is not None and may_add_photos and not context.get("is_popup"):
            context["media"] += forms.Media(
                css={"all": tuple(f"admin/rooms/{name}.css" for name in STYLES)},
                js=import_scripts(),  # type: ignore[arg-type]  # Django takes such objects too
            )
            context["import_channels"] = find_channels()
            context["import_config"] = _config(obj, may_add_rooms=request.user.has_perm("rooms.add_room"))
        return pages.render_change_form(request, context, obj=obj, **kwargs)

    def add_room(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """A room by the name of a folder; asked for again, the one that is there."""
        admin: Any = self
        if not (request.user.has_perm("rooms.add_room") and admin.has_view_permission(request)):
            raise PermissionDenied
        establishment = admin.get_object(request, str(object_id))
        if establishment is None:
            raise Http404
        user = signed_in_user(request)
        try:
            count_change(user)
            name = read_fields(request).get("name")
            if not isinstance(name, str):
                raise InvalidRequest
            room, _is_new = add_named_room(establishment, name, user=user)
        except PhotoError as error:
            return problem(error)
        return success(room=_described(room, room.images.count()))


def _config(establishment: Establishment, *, may_add_rooms: bool) -> dict[str, Any]:
    """What the script needs to know, of any number of rooms in one query."""
    present = Count("images", filter=Q(images__removed_at=None))
    rooms: Any = Room.objects.filter(establishment=establishment).annotate(present=present)
    return upload_rules() | {
        "rooms": [_described(room, room.present) for room in rooms.order_by("number", "name", "pk")],
        "kinds": ["", *RoomImage.Kind.values],
        "mayAddRooms": may_add_rooms,
        "urls": {
            "addRoom": reverse("admin:rooms_establishment_add_room", args=(establishment.pk,)),
            "upload": reverse("rooms:upload", args=(0,)),
            "list": reverse("rooms:list", args=(0,)),
            "reorder": reverse("rooms:reorder", args=(0,)),
            "report": reverse("rooms:report_failure"),
        },
    }


def _described(room: Room, count: int) -> dict[str, Any]:
    keys = find_room_keys(room)
    return {
        "id": room.pk,
        "label": room.label,
        "numbers": sorted(keys.numbers),
        "names": sorted(keys.names),
        "count": count,
    }
