"""Serves photos to those who may see them. Its headers keep browsers from using them as anything else."""

from typing import Final

from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from rooms import access, storage
from rooms.errors import NotFound, StorageUnavailable
from rooms.models import RoomImage
from rooms.models.photo import photo_storage
from rooms.pixels import formats

FOREVER: Final = "public, max-age=31536000, immutable"
NEVER: Final = "private, no-store"


@require_safe
def serve(request: HttpRequest, name: str) -> HttpResponseBase:
    """The file `name` of a photo: 404 where it is missing, is no picture, or is not for this user.

    503 where a bucket does not hand it out: nobody may keep that as its absence.
    """
    try:
        photo = access.get_file_photo(request.user, storage.master_of(name))
    except NotFound:
        raise Http404 from None
    if name not in storage.names_of(photo.file_name):
        raise Http404
    etag = _etag(photo, name)
    try:
        response = (etag and get_conditional_response(request, etag=etag)) or _picture(name)
    except storage.BucketUnavailable:
        return _unavailable()
    if etag:
        response["ETag"] = etag
    _guard(response, is_public=access.is_public(photo))
    return response


def _guard(response: HttpResponseBase, *, is_public: bool) -> None:
    """The headers that let it be nothing but a picture, and say who may keep and show it."""
    response["Cache-Control"] = FOREVER if is_public else NEVER
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "cross-origin" if is_public else "same-origin"
    # A picture is small: parts of it serve nobody but who asks for ten thousand of them at once.
    response["Accept-Ranges"] = "none"


def _etag(photo: RoomImage, name: str) -> str | None:
    """A name we gave is never used for other bytes; who may see a private photo is asked each time."""
    return f'"{name}"' if access.is_public(photo) and storage.is_ours(photo.file_name) else None


def _picture(name: str) -> HttpResponse:
    """The file as a picture of the type that its bytes are."""
    content = _read(name)
    true_format = formats.sniff(content[: formats.HEAD_BYTES])
    if true_format is None:
        raise Http404
    return HttpResponse(content, content_type=formats.CONTENT_TYPES[true_format])


def _unavailable() -> HttpResponse:
    response = HttpResponse(status=StorageUnavailable.status, content_type="text/plain")
    response["Cache-Control"] = NEVER
    response["Retry-After"] = str(StorageUnavailable.retry_after_s)
    return response


def _read(name: str) -> bytes:
    try:
        with photo_storage().open(name) as file:
            content: bytes = file.read()
            return content
    except storage.BucketUnavailable:
        raise
    except (OSError, ValueError, SuspiciousFileOperation):
        raise Http404 from None
