"""The endpoints of the gallery. Each serves temporary photos of a draft and photos of a room alike.

A view reads what was sent, lets a service work and answers in the one shape. What the address names has been
found, and who asks has been let in, by `shape.endpoint`.
"""

from typing import Any

from django.http import HttpRequest, HttpResponseBase

from rooms.access import READ, find_draft, get_room_gallery, parse_uuid, take_up_draft
from rooms.api.shape import (
    channel_json,
    endpoint,
    photo_json,
    photos_json,
    problem,
    read_fields,
    read_ids,
    read_image,
    read_number,
    success,
)
from rooms.errors import InvalidRequest, StaleOrder
from rooms.models import Draft, Gallery, RoomImage, UploadFailure
from rooms.services import failures, uploads
from rooms.services import gallery as galleries
from rooms.services.advice import Advice, find_advice, find_changes
from rooms.services.kinds import guess_kind
from rooms.services.rates import count_change, count_upload
from rooms.services.readiness import find_channels, find_slots, find_states
from rooms.services.rotation import rotate as rotate_photo
from rooms.session import mirror_temporary_photos, signed_in_user


@endpoint("GET", READ)
def list_photos(request: HttpRequest, gallery: Gallery | None) -> HttpResponseBase:
    if gallery is None:
        gallery = _gallery_of(_find_draft(request, request.GET.get("draft")))
    photos = galleries.find_photos(gallery) if gallery else []
    return success(images=photos_json(photos, find_advice(photos)))


@endpoint("GET", READ)
def readiness(request: HttpRequest, gallery: Gallery | None) -> HttpResponseBase:
    """What the booking channels say: for the lines under a gallery, after each change."""
    if gallery is None:
        gallery = _gallery_of(_find_draft(request, request.GET.get("draft")))
    channels, photos = find_channels(), galleries.find_photos(gallery) if gallery else []
    states = [channel_json(state) for state in find_states(channels, photos)]
    return success(channels=states, slots=find_slots(channels, photos))


@endpoint("POST", counts=count_upload, takes_file=True)
def upload(request: HttpRequest, gallery: Gallery | None) -> HttpResponseBase:
    if gallery is not None:
        return _receive(request, gallery, _read_upload(request))
    draft_id = request.POST.get("draft")
    draft = _find_draft(request, draft_id)
    content = _read_upload(request)  # before a draft is begun for it
    draft = take_up_draft(signed_in_user(request), draft, parse_uuid(draft_id), _session_key(request))
    return _receive(request, Gallery(draft=draft), content)


@endpoint("POST", counts=count_upload, takes_file=True, removed=None)
def replace(request: HttpRequest, photo: RoomImage) -> HttpResponseBase:
    """Also of one that is removed by now: the answer may have been lost, and be asked for again."""
    return _receive(request, Gallery.of(photo), _read_upload(request) | {"replaced": photo})


@endpoint("POST", counts=count_change)
def reorder(request: HttpRequest, gallery: Gallery | None) -> HttpResponseBase:
    fields = read_fields(request)
    if gallery is None:
        gallery = _gallery_of(_find_draft(request, fields.get("draft") or request.GET.get("draft")))
    photo_ids = read_ids(fields.get("order"))
    if gallery is None:  # a draft begins with its first photo
        return problem(StaleOrder(), images=[]) if photo_ids else success(images=[])
    before = _find_said(gallery)
    try:
        photos = galleries.reorder(gallery, photo_ids, user=request.user)
    except StaleOrder as error:
        photos = galleries.find_photos(gallery)
        return problem(error, images=photos_json(photos, find_advice(photos)))
    said = find_advice(photos)
    return success(images=photos_json(photos, said), advice_by_id=find_changes(before, said))


@endpoint("POST", counts=count_change)
def update(request: HttpRequest, photo: RoomImage) -> HttpResponseBase:
    fields = read_fields(request)
    changes = {name: fields[name] for name in galleries.EDITABLE if name in fields}
    updated = galleries.update(photo, user=request.user, **changes)
    return success(image=photo_json(updated, _find_said(Gallery.of(photo))))


@endpoint("POST", counts=count_change)
def delete(request: HttpRequest, photo: RoomImage) -> HttpResponseBase:
    gallery = Gallery.of(photo)
    before = _find_said(gallery)
    galleries.remove(photo, user=request.user)
    _mirror(request, gallery)
    return success(advice_by_id=find_changes(before, _find_said(gallery)))


@endpoint("POST", counts=count_change, removed=True)
def restore(request: HttpRequest, removed: RoomImage) -> HttpResponseBase:
    before = _find_said(Gallery.of(removed))
    photo = galleries.restore(removed, user=request.user)
    _mirror(request, Gallery.of(removed))
    return _answer_photo(photo, before, _find_said(Gallery.of(removed)))


@endpoint("POST", counts=count_change)
def move(request: HttpRequest, here: Gallery) -> HttpResponseBase:
    fields = read_fields(request)
    photo_ids, room_id = read_ids(fields.get("images")), fields.get("room")
    if not photo_ids or type(room_id) is not int or room_id == here.get_room().pk:
        raise InvalidRequest
    there = get_room_gallery(signed_in_user(request), room_id)
    before = _find_said(here) | _find_said(there)
    left = galleries.move(here, there, photo_ids, user=request.user)
    said = find_advice(left)
    changed = find_changes(before, said | _find_said(there))
    return success(images=photos_json(left, said), advice_by_id=changed)


@endpoint("POST", counts=count_upload)
def rotate(request: HttpRequest, photo: RoomImage) -> HttpResponseBase:
    quarter_turns = read_number(request, "quarter_turns")
    before = _find_said(Gallery.of(photo))
    turned = rotate_photo(photo, quarter_turns, user=request.user)
    return _answer_photo(turned, before, _find_said(Gallery.of(photo)))


@endpoint("POST", counts=count_change)
def report_failure(request: HttpRequest, _gallery: None) -> HttpResponseBase:
    """An upload that the page gave up: the server never heard of it, or its answer never came."""
    fields = read_fields(request)
    code, size, room_id, draft_id = (fields.get(name) for name in ("code", "bytes", "room", "draft"))
    if not isinstance(code, str) or code not in failures.PAGE_CODES:
        raise InvalidRequest
    if "bytes" in fields and (type(size) is not int or not 0 <= size <= failures.MAX_BYTES):
        raise InvalidRequest
    if room_id is not None:
        if type(room_id) is not int:
            raise InvalidRequest
        get_room_gallery(signed_in_user(request), room_id)
    if draft_id is not None:
        _find_draft(request, draft_id)
    browser = request.META.get("HTTP_USER_AGENT", "")
    failure = failures.Failure(code, UploadFailure.Where.PAGE, room_id, size, user_agent=browser)
    failures.record(signed_in_user(request), failure)
    return success()


# --- what several of them do --------------------------------------------------------------


def _read_upload(request: HttpRequest) -> dict[str, Any]:
    """What comes with a file, and the file. Raises for what cannot be kept."""
    texts = {name: request.POST.get(name) for name in uploads.TEXTS if name in request.POST}
    return {
        "content": read_image(request).file,
        "upload_id": parse_uuid(request.POST.get("upload_id")),
        **_with_guessed_kind(galleries.clean(texts)),
    }


def _with_guessed_kind(texts: dict[str, str]) -> dict[str, str]:
    guessed = "" if texts.get("kind") else guess_kind(texts.get("caption", ""))
    return texts | {"kind": guessed} if guessed else texts


def _receive(request: HttpRequest, gallery: Gallery, content: dict[str, Any]) -> HttpResponseBase:
    received = uploads.add_photo(request.user, gallery, **content)
    _mirror(request, gallery)
    notice = {"notice": str(received.notice)} if received.notice else {}
    before, after = find_advice(received.before), find_advice(received.after)
    return _answer_photo(received.photo, before, after, 201 if received.is_new else 200, **notice)


def _answer_photo(
    photo: RoomImage,
    before: dict[int, list[Advice]],
    after: dict[int, list[Advice]],
    status: int = 200,
    **content: Any,
) -> HttpResponseBase:
    """With what is said about the photo, and about others where it is not what was said `before`."""
    changed = find_changes(before, after)
    changed.pop(photo.pk, None)
    return success(status, image=photo_json(photo, after), advice_by_id=changed, **content)


def _find_said(gallery: Gallery) -> dict[int, list[Advice]]:
    return find_advice(galleries.find_photos(gallery))


def _find_draft(request: HttpRequest, draft_id: str | None) -> Draft | None:
    return find_draft(signed_in_user(request), parse_uuid(draft_id), _session_key(request))


def _gallery_of(draft: Draft | None) -> Gallery | None:
    return None if draft is None else Gallery(draft=draft)


def _mirror(request: HttpRequest, gallery: Gallery) -> None:
    if gallery.room is None:
        mirror_temporary_photos(request.session, signed_in_user(request))


def _session_key(request: HttpRequest) -> str:
    return request.session.session_key or ""
