"""Photos to download, as a ZIP that is sent while it is made: of a room, of several, of an establishment."""

import urllib.parse
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from unfold.decorators import action

from rooms.errors import NotFound
from rooms.models import Channel, Establishment, Room
from rooms.search import plain
from rooms.services.transfer import Export, ExportUnderWay, find_channel, only_export_of, stream_zip
from rooms.session import signed_in_user


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
