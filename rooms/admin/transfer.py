"""Photos out and in, on the pages of rooms and establishments.

They are downloaded as a ZIP that is sent while it is made: of a room, of several, of an establishment. The
import on an establishment's page has the settings of its script, and the rooms that it asks for.
"""

import urllib.parse
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any, Final

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST
from unfold.decorators import action

from rooms.admin.gallery import import_scripts, upload_rules
from rooms.api.endpoint import read_fields
from rooms.api.shape import problem, success
from rooms.backends import signed_in_user
from rooms.database import plain
from rooms.errors import InvalidRequest, NotFound, PhotoError
from rooms.models import Channel, Establishment, Room, RoomImage
from rooms.services.quotas import count_change
from rooms.services.readiness import find_channels
from rooms.services.transfer import (
    Export,
    ExportUnderWay,
    add_named_room,
    find_channel,
    find_room_keys,
    only_export_of,
    stream_zip,
)

STYLES: Final = ("gallery", "importing")


class DownloadMixin:
    """For the admin of a model whose objects have photos: `<id>/photos.zip`, also with a `?channel=`."""

    def get_urls(self) -> list[Any]:
        pages: Any = super()
        view = self.admin_site.admin_view(require_GET(self.photos_zip))  # type: ignore[attr-defined]
        name = f"{self.opts.app_label}_{self.opts.model_name}_photos_zip"  # type: ignore[attr-defined]
        return [path("<int:object_id>/photos.zip", view, name=name), *pages.get_urls()]

    def photos_zip(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        admin: Any = self
        if not admin.has_view_permission(request):
            raise PermissionDenied
        found = admin.get_object(request, str(object_id))
        if found is None:
            raise Http404
        return send_zip(request, self.find_rooms(found), str(found), channel=_asked_channel(request))

    def find_rooms(self, found: Model) -> QuerySet[Room]:
        """The rooms whose photos are meant: those of an establishment, or just this one."""
        if isinstance(found, Establishment):
            return Room.objects.filter(establishment=found)
        return Room.objects.filter(pk=found.pk)


class ChosenRoomsMixin(DownloadMixin):
    """And for the list of rooms: the photos of those that were chosen."""

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        pages: Any = super()
        actions: dict[str, Any] = pages.get_actions(request)
        # In a pop-up nothing is done to rooms.
        return actions | {"download_photos": pages.get_action("download_photos")} if actions else actions

    @action(description=_("Download the photos (ZIP)"), permissions=["view"])
    def download_photos(self, request: HttpRequest, rooms: QuerySet[Room]) -> HttpResponseBase | None:
        """Of those that are the user's; back to the list where none is."""
        chosen = Room.objects.filter(pk__in=list(rooms.values_list("pk", flat=True)))
        if not chosen:
            return None
        is_of_several = chosen.order_by().values("establishment").distinct().count() > 1
        return send_zip(request, chosen, str(_("photos")), by_establishment=is_of_several)


def send_zip(
    request: HttpRequest,
    rooms: QuerySet[Room],
    name: str,
    *,
    channel: Channel | None = None,
    by_establishment: bool = False,
) -> HttpResponseBase:
    """The photos of `rooms` as `name`.zip; a page with a sentence while this user downloads others."""
    user = signed_in_user(request)
    export = Export(rooms, channel=channel, by_establishment=by_establishment, whose=user.pk)
    try:
        with only_export_of(user):
            response = StreamingHttpResponse(_parts(user, export), content_type="application/zip")
    except ExportUnderWay as error:
        return _wait(request, error)
    response["Content-Disposition"] = _disposition(f"{name} {channel.name}" if channel else name)
    response["X-Accel-Buffering"] = "no"  # a proxy hands each part on at once
    return response


def _parts(user: User, export: Export) -> Iterator[bytes]:
    """Who asked for them may go away at any moment: then the next one may begin."""
    with ExitStack() as stack:
        with suppress(ExportUnderWay):  # of two that begin at the very same moment, both go on
            stack.enter_context(only_export_of(user))
        yield from stream_zip(export.files())


def _asked_channel(request: HttpRequest) -> Channel | None:
    slug = request.GET.get("channel")
    try:
        return None if slug is None else find_channel(slug)
    except NotFound:
        raise Http404 from None


def _wait(request: HttpRequest, error: ExportUnderWay) -> HttpResponse:
    response = render(
        request, "admin/rooms/export_under_way.html", {"what_to_do": error.sentence()}, status=error.status
    )
    response["Retry-After"] = str(error.retry_after_s)
    return response


def _disposition(name: str) -> str:
    """Of a file to keep: in ASCII for those who know nothing else, and as it is."""
    plainly = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in plain(name))
    simple = "-".join(filter(None, plainly.split("-"))) or "photos"
    whole = urllib.parse.quote("".join(filter(str.isprintable, name)).strip() or "photos", safe="")
    return f"attachment; filename=\"{simple[:100]}.zip\"; filename*=UTF-8''{whole}.zip"


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
