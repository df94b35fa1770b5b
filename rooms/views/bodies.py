"""What the gallery's requests carry: the one file, an order, a caption, how far to turn.

Whether a value makes sense is for the services to say; here it only has the right shape.
"""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from rooms.errors import InvalidRequest, NoFile, NotFound
from rooms.http import read_json
from rooms.models import RoomImage
from rooms.upload_handlers import find_refusal


def refuse_unread_body(request: HttpRequest) -> None:
    """Raises what an upload handler found wrong with a body it then left unread."""
    if refusal := find_refusal(request):
        raise refusal


def read_image(request: HttpRequest) -> UploadedFile:
    """The one file of an upload."""
    files = request.FILES.getlist("image")
    if not files:
        raise NoFile
    if len(files) > 1 or len(request.FILES) > 1:
        raise InvalidRequest
    return files[0]


def read_photo_ids(content: dict[str, Any]) -> list[int]:
    photo_ids = content.get("order")
    if not isinstance(photo_ids, list) or not all(type(photo_id) is int for photo_id in photo_ids):
        raise InvalidRequest
    return photo_ids


def read_quarter_turns(request: HttpRequest) -> int:
    """How far to turn a photo, clockwise; `rotation` judges how far that may be."""
    quarter_turns = read_json(request).get("quarter_turns")
    if type(quarter_turns) is not int:
        raise InvalidRequest
    return quarter_turns


def read_caption(request: HttpRequest) -> object:
    """The caption of a JSON or form body; `galleries` judges what it may be."""
    if request.content_type == "application/json":
        return read_json(request).get("caption")
    return request.POST.get("caption")


def read_alternative_text(request: HttpRequest) -> object:
    return read_json(request).get("alternative_text")


def get_photo_to_replace(get_photo: Callable[..., RoomImage], *ids: Any) -> RoomImage:
    """Also one that is removed by now: the answer may have been lost, and be asked for again."""
    try:
        return get_photo(*ids)
    except NotFound:
        return get_photo(*ids, removed=True)
