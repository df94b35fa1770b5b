"""Serves photos to those who may see them, under headers that let them be nothing but pictures."""

from typing import Final

from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest, HttpResponse
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
def serve(request: HttpRequest, name: str) -> HttpResponse:
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
    try:
        content, is_final = _read_or_make(photo, wanted)
    except storage.BucketUnavailable:
        return _unavailable()
    true_format = formats.sniff(content[: formats.HEAD_BYTES])
    if true_format is None:
        raise Http404
    response = HttpResponse(content, content_type=formats.CONTENT_TYPES[true_format])
    is_public = access.is_public(photo)
    response["Cache-Control"] = FOREVER if is_public and is_final else NEVER
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "cross-origin" if is_public else "same-origin"
    return response


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
