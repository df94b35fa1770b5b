"""The endpoints of the gallery: temporary photos of a draft, and photos of a room.

Each view fetches through `access`, lets a service work and answers through `http`.
"""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseBase

from rooms.access import (
    READ,
    WRITE_ROOM,
    WRITE_TEMPORARY,
    find_draft,
    get_or_create_draft,
    get_room_gallery,
    get_room_photo,
    get_temporary_photo,
    parse_uuid,
)
from rooms.errors import InvalidRequest, NoFile, NotFound, StaleOrder
from rooms.http import endpoint, photo_json, photos_json, problem, read_json, success
from rooms.models import Gallery, RoomImage
from rooms.services import gallery as galleries
from rooms.services import uploads
from rooms.services.rates import count_change, count_upload
from rooms.services.rotation import rotate as rotate_photo
from rooms.session import mirror_temporary_photos
from rooms.upload_handlers import find_refusal

# --- temporary photos, of an unfinished room --------------------------------------------


@endpoint("POST", *WRITE_TEMPORARY)
def upload_temporary(request: HttpRequest) -> HttpResponseBase:
    count_upload(request.user)
    _refuse_unread_body(request)  # its fields, the draft among them, are unknown
    draft = get_or_create_draft(request.user, parse_uuid(request.POST.get("draft")), _session_key(request))
    response = _receive(request, Gallery(draft=draft))
    mirror_temporary_photos(request.session, request.user)
    return response


@endpoint("GET", *READ)
def list_temporary(request: HttpRequest) -> HttpResponseBase:
    draft = find_draft(request.user, parse_uuid(request.GET.get("draft")), _session_key(request))
    return success(images=photos_json(galleries.find_photos(Gallery(draft=draft)) if draft else []))


@endpoint("POST", *WRITE_TEMPORARY)
def reorder_temporary(request: HttpRequest) -> HttpResponseBase:
    count_change(request.user)
    content = read_json(request)
    draft_id = content.get("draft") or request.GET.get("draft")
    draft = find_draft(request.user, parse_uuid(draft_id), _session_key(request))
    photo_ids = _photo_ids(content)
    if draft is None:
        return problem(StaleOrder(), images=[]) if photo_ids else success(images=[])
    return _reorder(request, Gallery(draft=draft), photo_ids)


@endpoint("POST", *WRITE_TEMPORARY)
def caption_temporary(request: HttpRequest, photo_id: int) -> HttpResponseBase:
    count_change(request.user)
    photo = get_temporary_photo(request.user, photo_id)
    return success(image=photo_json(galleries.caption(photo, _caption(request))))


@endpoint("POST", *WRITE_TEMPORARY)
def delete_temporary(request: HttpRequest, photo_id: int) -> HttpResponseBase:
    count_change(request.user)
    galleries.remove(get_temporary_photo(request.user, photo_id))
    mirror_temporary_photos(request.session, request.user)
    return success()


@endpoint("POST", *WRITE_TEMPORARY)
def restore_temporary(request: HttpRequest, photo_id: int) -> HttpResponseBase:
    count_change(request.user)
    photo = galleries.restore(get_temporary_photo(request.user, photo_id, removed=True))
    mirror_temporary_photos(request.session, request.user)
    return success(image=photo_json(photo))


@endpoint("POST", *WRITE_TEMPORARY)
def replace_temporary(request: HttpRequest, photo_id: int) -> HttpResponseBase:
    photo = _photo_to_replace(get_temporary_photo, request.user, photo_id)
    count_upload(request.user)
    _refuse_unread_body(request)
    response = _receive(request, Gallery.of(photo), replaced=photo)
    mirror_temporary_photos(request.session, request.user)
    return response


@endpoint("POST", *WRITE_TEMPORARY)
def rotate_temporary(request: HttpRequest, photo_id: int) -> HttpResponseBase:
    count_change(request.user)
    photo = get_temporary_photo(request.user, photo_id)
    return success(image=photo_json(rotate_photo(photo, _quarter_turns(request))))


# --- photos of a room -------------------------------------------------------------------


@endpoint("POST", *WRITE_ROOM)
def upload(request: HttpRequest, room_id: int) -> HttpResponseBase:
    gallery = get_room_gallery(request.user, room_id)
    count_upload(request.user)
    _refuse_unread_body(request)
    return _receive(request, gallery)


@endpoint("GET", *READ)
def list_photos(request: HttpRequest, room_id: int) -> HttpResponseBase:
    gallery = get_room_gallery(request.user, room_id)
    return success(images=photos_json(galleries.find_photos(gallery)))


@endpoint("POST", *WRITE_ROOM)
def reorder(request: HttpRequest, room_id: int) -> HttpResponseBase:
    count_change(request.user)
    gallery = get_room_gallery(request.user, room_id)
    return _reorder(request, gallery, _photo_ids(read_json(request)))


@endpoint("POST", *WRITE_ROOM)
def caption(request: HttpRequest, room_id: int, photo_id: int) -> HttpResponseBase:
    count_change(request.user)
    photo = get_room_photo(request.user, room_id, photo_id)
    return success(image=photo_json(galleries.caption(photo, _caption(request), user=request.user)))


@endpoint("POST", *WRITE_ROOM)
def delete(request: HttpRequest, room_id: int, photo_id: int) -> HttpResponseBase:
    count_change(request.user)
    galleries.remove(get_room_photo(request.user, room_id, photo_id), user=request.user)
    return success()


@endpoint("POST", *WRITE_ROOM)
def restore(request: HttpRequest, room_id: int, photo_id: int) -> HttpResponseBase:
    count_change(request.user)
    removed = get_room_photo(request.user, room_id, photo_id, removed=True)
    photo = galleries.restore(removed, user=request.user)
    return success(image=photo_json(photo))


@endpoint("POST", *WRITE_ROOM)
def replace(request: HttpRequest, room_id: int, photo_id: int) -> HttpResponseBase:
    photo = _photo_to_replace(get_room_photo, request.user, room_id, photo_id)
    count_upload(request.user)
    _refuse_unread_body(request)
    return _receive(request, Gallery.of(photo), replaced=photo)


@endpoint("POST", *WRITE_ROOM)
def rotate(request: HttpRequest, room_id: int, photo_id: int) -> HttpResponseBase:
    count_change(request.user)
    photo = get_room_photo(request.user, room_id, photo_id)
    return success(image=photo_json(rotate_photo(photo, _quarter_turns(request), user=request.user)))


# --- what both share --------------------------------------------------------------------


def _refuse_unread_body(request: HttpRequest) -> None:
    if refusal := find_refusal(request):
        raise refusal


def _receive(request: HttpRequest, gallery: Gallery, replaced: RoomImage | None = None) -> HttpResponseBase:
    received = uploads.receive(
        request.user,
        gallery,
        _image(request).file,
        upload_id=parse_uuid(request.POST.get("upload_id")),
        caption=galleries.clean_caption(request.POST.get("caption", "")),
        replaced=replaced,
    )
    notice = {"notice": str(received.notice)} if received.notice else {}
    return success(201 if received.is_new else 200, image=photo_json(received.photo), **notice)


def _reorder(request: HttpRequest, gallery: Gallery, photo_ids: list[int]) -> HttpResponseBase:
    try:
        photos = galleries.reorder(gallery, photo_ids, user=request.user)
    except StaleOrder as error:
        return problem(error, images=photos_json(galleries.find_photos(gallery)))
    return success(images=photos_json(photos))


def _image(request: HttpRequest) -> UploadedFile:
    """The one file of an upload."""
    files = request.FILES.getlist("image")
    if not files:
        raise NoFile
    if len(files) > 1 or len(request.FILES) > 1:
        raise InvalidRequest
    return files[0]


def _photo_ids(content: dict[str, Any]) -> list[int]:
    photo_ids = content.get("order")
    if not isinstance(photo_ids, list) or not all(type(photo_id) is int for photo_id in photo_ids):
        raise InvalidRequest
    return photo_ids


def _photo_to_replace(get_photo: Callable[..., RoomImage], *ids: Any) -> RoomImage:
    """Also one that is removed by now: the answer may have been lost, and be asked for again."""
    try:
        return get_photo(*ids)
    except NotFound:
        return get_photo(*ids, removed=True)


def _quarter_turns(request: HttpRequest) -> int:
    """How far to turn a photo, clockwise; `rotation` judges how far that may be."""
    quarter_turns = read_json(request).get("quarter_turns")
    if type(quarter_turns) is not int:
        raise InvalidRequest
    return quarter_turns


def _caption(request: HttpRequest) -> object:
    """The caption of a JSON or form body; `galleries` judges what it may be."""
    if request.content_type == "application/json":
        return read_json(request).get("caption")
    return request.POST.get("caption")


def _session_key(request: HttpRequest) -> str:
    return request.session.session_key or ""
