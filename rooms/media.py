"""Serves photos to those who may see them, under headers that let them be nothing but pictures."""

from typing import Final

from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from rooms import access, storage
from rooms.errors import NotFound, StorageUnavailable
from rooms.limits import VERSION_SIDES_PX
from rooms.models import RoomImage
from rooms.models.photo import photo_storage
from rooms.pixels import formats
from rooms.services.versions import try_versions

FOREVER: Final = "public, max-age=31536000, immutable"
NEVER: Final = "private, no-store"


@require_safe
def serve(request: HttpRequest, name: str) -> HttpResponseBase:
    """The file `name` of a photo: 404 where it is missing, is no picture, or is not for this user.

    503 where a bucket does not hand it out: nobody may keep that as its absence.

    `?side=` asks for a smaller version of an older system's photo, which is made on first need.
    """
    try:
        photo = access.get_file_photo(request.user, storage.master_of(name))
    except NotFound:
        raise Http404 from None
    wanted = _version_name(photo, request.GET.get("side")) or name
    if wanted not in storage.names_of(photo.file_name):  # nor is such a version made
        raise Http404
    etag = _etag(photo, wanted)
    unchanged = etag and get_conditional_response(request, etag=etag)
    try:
        response, is_final = (unchanged, True) if unchanged else _picture(photo, wanted)
    except storage.BucketUnavailable:
        return _unavailable()
    if etag:
        response["ETag"] = etag
    _guard(response, is_public=access.is_public(photo), is_final=is_final)
    return response


def _guard(response: HttpResponseBase, *, is_public: bool, is_final: bool) -> None:
    """The headers that let it be nothing but a picture, and say who may keep and show it."""
    response["Cache-Control"] = FOREVER if is_public and is_final else NEVER
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "cross-origin" if is_public else "same-origin"
    # A picture is small: parts of it serve nobody but who asks for ten thousand of them at once.
    response["Accept-Ranges"] = "none"


def _etag(photo: RoomImage, name: str) -> str | None:
    """A name we gave is never used for other bytes; who may see a private photo is asked each time."""
    return f'"{name}"' if access.is_public(photo) and storage.is_ours(photo.file_name) else None


def _picture(photo: RoomImage, name: str) -> tuple[HttpResponse, bool]:
    """The file as a picture of the type that its bytes are, and whether it is so for good."""
    content, is_final = _read_or_make(photo, name)
    true_format = formats.sniff(content[: formats.HEAD_BYTES])
    if true_format is None:
        raise Http404
    return HttpResponse(content, content_type=formats.CONTENT_TYPES[true_format]), is_final


def _unavailable() -> HttpResponse:
    response = HttpResponse(status=StorageUnavailable.status, content_type="text/plain")
    response["Cache-Control"] = NEVER
    response["Retry-After"] = str(StorageUnavailable.retry_after_s)
    return response


def _version_name(photo: RoomImage, side: str | None) -> str | None:
    known = {str(side_px): side_px for side_px in VERSION_SIDES_PX}
    if side not in known or storage.is_ours(photo.file_name):
        return None
    return storage.version_name(photo.file_name, known[side])


def _read_or_make(photo: RoomImage, name: str) -> tuple[bytes, bool]:
    """The file's bytes; those of the master, not for good, while a missing version is not to be had."""
    content = _read(name)
    if content is None and name != photo.file_name and try_versions(photo):
        content = _read(name)
    if content is not None:
        return content, True
    return _read(photo.file_name) or b"", False


def _read(name: str) -> bytes | None:
    try:
        with photo_storage().open(name) as file:
            return file.read()
    except storage.BucketUnavailable:
        raise
    except (OSError, ValueError, SuspiciousFileOperation):
        return None
