"""Serves photos to those who may see them, under headers that let them be nothing but pictures."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from rooms import access, storage
from rooms.errors import NotFound
from rooms.models.photo import photo_storage
from rooms.pixels import formats

FOREVER: Final = "public, max-age=31536000, immutable"
NEVER: Final = "private, no-store"


@require_safe
def serve(request: HttpRequest, name: str) -> HttpResponse:
    """The file `name` of a photo: 404 where it is missing, is no picture, or is not for this user."""
    try:
        photo = access.get_file_photo(request.user, storage.master_of(name))
        with photo_storage().open(name) as file:
            content = file.read()
    except (NotFound, OSError, ValueError):
        raise Http404 from None
    true_format = formats.sniff(content[: formats.HEAD_BYTES])
    if true_format is None:
        raise Http404
    response = HttpResponse(content, content_type=formats.CONTENT_TYPES[true_format])
    response["Cache-Control"] = FOREVER if access.is_public(photo) else NEVER
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "cross-origin" if access.is_public(photo) else "same-origin"
    return response
