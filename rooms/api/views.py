"""The endpoints of the gallery, and their addresses. Each serves temporary photos and photos of a room alike.

A view reads the request, calls a service and answers in the one shape. `endpoint` has checked the user and
found what the address names. A change and what its answer reads are one transaction: where the database
goes away between them, the change is undone and not only refused.
"""

import functools
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import path

from rooms.access import READ, find_draft, get_room_gallery, parse_uuid
from rooms.api.endpoint import endpoint, read_fields, read_ids, read_image, read_number
from rooms.api.shape import channel_json, photo_json, photos_json, problem, success
from rooms.backends import mirror_temporary_photos, signed_in_user
from rooms.errors import InvalidRequest, StaleOrder
from rooms.models import Draft, Gallery, RoomImage, UploadFailure
from rooms.services import failures, lifecycle, uploads
from rooms.services import gallery as galleries
from rooms.services.advice import Advice, find_advice, find_changes
from rooms.services.new_files import rotate as rotate_photo
from rooms.services.quotas import count_change, count_upload
from rooms.services.readiness import find_channels, find_slots, find_states
from rooms.upload_handlers import has_sender_left

app_name = "rooms"


@endpoint("GET", READ)
def list_photos(request: HttpRequest, gallery: Gallery | None) -> HttpResponseBase:
    if gallery is None:
        gallery = _gallery_of(_find_draft(request, request.GET.get("draft")))
    photos = galleries.find_photos(gallery) if gallery else []
    return success(images=photos_json(photos, find_advice(photos)))


@endpoint("GET", READ)
def readiness(request: HttpRequest, gallery: Gallery | None) -> HttpResponseBase:
    """What the booking channels need, for the lines under a gallery after each change."""
    if gallery is None:
        gallery = _gallery_of(_find_draft(request, request.GET.get("draft")))
    channels, photos = find_channels(), galleries.find_photos(gallery) if gallery else []
    states = [channel_json(state) for state in find_states(channels, photos)]
    return success(channels=states, slots=find_slots(channels, photos))


@endpoint("POST", counts=count_upload, takes_file=True)
def upload(request: HttpRequest, gallery: Gallery | None) -> HttpResponseBase:
    if gallery is not None:
        return _receive(request, gallery, _read_upload(request))
    user, session_key = signed_in_user(request), _session_key(request)
    draft_id = parse_uuid(request.POST.get("draft"))
    draft = find_draft(user, draft_id, session_key)
    content = _read_upload(request)  # before a draft is begun for it
    draft = lifecycle.take_up(user, draft, draft_id, session_key)
    return _receive(request, Gallery(draft=draft), content)


@endpoint("POST", counts=count_upload, takes_file=True, removed=None)
def replace(request: HttpRequest, photo: RoomImage) -> HttpResponseBase:
    """Also of one that is removed by now: the answer may have been lost, and be asked for again."""
    return _receive(request, Gallery.of(photo), _read_upload(request) | {"replaced": photo})


@endpoint("POST", counts=count_change)
@transaction.atomic
def reorder(request: HttpRequest, gallery: Gallery | None) -> HttpResponseBase:
    fields = read_fields(request)
    if gallery is None:
        gallery = _gallery_of(_find_draft(request, fields.get("draft") or request.GET.get("draft")))
    photo_ids = read_ids(fields.get("order"))
    if gallery is None:  # a draft begins with its first photo
        return problem(StaleOrder(), images=[]) if photo_ids else success(images=[])
    before = _find_advice_on(gallery)
    try:
        photos = galleries.reorder(gallery, photo_ids, user=signed_in_user(request))
    except StaleOrder as error:
        photos = galleries.find_photos(gallery)
        return problem(error, images=photos_json(photos, find_advice(photos)))
    advice = find_advice(photos)
    return success(images=photos_json(photos, advice), advice_by_id=find_changes(before, advice))


@endpoint("POST", counts=count_change)
@transaction.atomic
def update(request: HttpRequest, photo: RoomImage) -> HttpResponseBase:
    fields = read_fields(request)
    changes = {name: fields[name] for name in galleries.EDITABLE if name in fields}
    updated = galleries.update(photo, user=signed_in_user(request), **changes)
    return success(image=photo_json(updated, _find_advice_on(Gallery.of(photo))))


@endpoint("POST", counts=count_change)
@transaction.atomic
def delete(request: HttpRequest, photo: RoomImage) -> HttpResponseBase:
    gallery = Gallery.of(photo)
    before = _find_advice_on(gallery)
    galleries.remove(photo, user=signed_in_user(request))
    _mirror(request, gallery)
    return success(advice_by_id=find_changes(before, _find_advice_on(gallery)))


@endpoint("POST", counts=count_change, removed=True)
@transaction.atomic
def restore(request: HttpRequest, removed: RoomImage) -> HttpResponseBase:
    before = _find_advice_on(Gallery.of(removed))
    photo = galleries.restore(removed, user=signed_in_user(request))
    _mirror(request, Gallery.of(removed))
    return _answer_photo(photo, before, _find_advice_on(Gallery.of(removed)))


@endpoint("POST", counts=count_change)
def move(request: HttpRequest, here: Gallery) -> HttpResponseBase:
    there, photo_ids = _read_way(request, here)
    before = _find_advice_on(here) | _find_advice_on(there)
    with transaction.atomic():
        left = galleries.move(here, there, photo_ids, user=signed_in_user(request))
        advice = find_advice(left)
        changed = find_changes(before, advice | _find_advice_on(there))
    return success(images=photos_json(left, advice), advice_by_id=changed)


@endpoint("POST", counts=count_upload)
def copy(request: HttpRequest, here: Gallery) -> HttpResponseBase:
    there, photo_ids = _read_way(request, here)
    photos = galleries.copy(here, there, photo_ids, user=signed_in_user(request))
    return success(images=photos_json(photos, find_advice(photos)))


@endpoint("POST", counts=count_upload)
def rotate(request: HttpRequest, photo: RoomImage) -> HttpResponseBase:
    quarter_turns = read_number(request, "quarter_turns")
    before = _find_advice_on(Gallery.of(photo))
    photos = rotate_photo(photo, quarter_turns, user=signed_in_user(request))
    rotated = next(row for row in photos if row.pk == photo.pk)
    return _answer_photo(rotated, before, find_advice(photos))


@endpoint("POST", counts=count_change)
def report_failure(request: HttpRequest, _gallery: None) -> HttpResponseBase:
    """An upload that the page gave up: the server never heard of it, or its answer never came."""
    fields = read_fields(request)
    code, size, room_id, draft_id = (fields.get(name) for name in ("code", "bytes", "room", "draft"))
    if not isinstance(code, str) or code not in failures.PAGE_CODES:
        raise InvalidRequest
    if "bytes" in fields and (type(size) is not int or not 0 <= size <= failures.MAX_BYTES):
        raise InvalidRequest
    room = None
    if room_id is not None:
        if type(room_id) is not int:
            raise InvalidRequest
        room = get_room_gallery(signed_in_user(request), room_id).room
    if draft_id is not None:
        _find_draft(request, draft_id)
    browser = request.META.get("HTTP_USER_AGENT", "")
    failure = failures.Failure(code, UploadFailure.Where.PAGE, room, size, user_agent=browser)
    failures.record(signed_in_user(request), failure)
    return success()


# --- what several of them do --------------------------------------------------------------


def _read_way(request: HttpRequest, here: Gallery) -> tuple[Gallery, list[int]]:
    """The other room's gallery, and the photos that go there."""
    fields = read_fields(request)
    photo_ids, room_id = read_ids(fields.get("images")), fields.get("room")
    if not photo_ids or type(room_id) is not int or room_id == here.get_room().pk:
        raise InvalidRequest
    return get_room_gallery(signed_in_user(request), room_id), photo_ids


def _read_upload(request: HttpRequest) -> dict[str, Any]:
    """What comes with a file, and the file. Raises for what cannot be kept."""
    texts = {name: request.POST.get(name) for name in uploads.TEXTS if name in request.POST}
    content = read_image(request).file
    upload_id = parse_uuid(request.POST.get("upload_id"))
    cleaned = galleries.clean(texts)
    if not cleaned.get("kind"):  # a page that has not asked for it sends an empty one
        cleaned.pop("kind", None)
    return {"content": content, "upload_id": upload_id, **cleaned}


def _receive(request: HttpRequest, gallery: Gallery, content: dict[str, Any]) -> HttpResponseBase:
    has_left = functools.partial(has_sender_left, request)
    received = uploads.add_photo(signed_in_user(request), gallery, has_left=has_left, **content)
    _mirror(request, gallery)
    notice = {"notice": str(received.notice)} if received.notice else {}
    if "replaced" in content:
        before, after = find_advice(received.before), find_advice(received.after)
    else:  # one that comes last has nothing to say about those before it
        before = after = find_advice(received.after, only=received.photo)
    return _answer_photo(received.photo, before, after, 201 if received.is_new else 200, **notice)


def _answer_photo(
    photo: RoomImage,
    before: dict[int, list[Advice]],
    after: dict[int, list[Advice]],
    status: int = 200,
    **content: Any,
) -> HttpResponseBase:
    """With the advice on the photo, and on others where it is not what it was `before`."""
    changed = find_changes(before, after)
    changed.pop(photo.pk, None)
    return success(status, image=photo_json(photo, after), advice_by_id=changed, **content)


def _find_advice_on(gallery: Gallery) -> dict[int, list[Advice]]:
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


urlpatterns = [
    path("upload-image-temp/", upload, name="upload_temporary"),
    path("list-image-temp/", list_photos, name="list_temporary"),
    path("readiness-temp/", readiness, name="readiness_temporary"),
    path("reorder-images-temp/", reorder, name="reorder_temporary"),
    path("update-image-temp/<int:photo_id>/", update, name="update_temporary"),
    path("delete-image-temp/<int:photo_id>/", delete, name="delete_temporary"),
    path("restore-image-temp/<int:photo_id>/", restore, name="restore_temporary"),
    path("replace-image-temp/<int:photo_id>/", replace, name="replace_temporary"),
    path("rotate-image-temp/<int:photo_id>/", rotate, name="rotate_temporary"),
    path("report-failure/", report_failure, name="report_failure"),
    path("<int:room_id>/upload-image/", upload, name="upload"),
    path("<int:room_id>/readiness/", readiness, name="readiness"),
    path("<int:room_id>/images/", list_photos, name="list"),
    path("<int:room_id>/reorder-images/", reorder, name="reorder"),
    path("<int:room_id>/move-images/", move, name="move"),
    path("<int:room_id>/copy-images/", copy, name="copy"),
    path("<int:room_id>/update-image/<int:photo_id>/", update, name="update"),
    path("<int:room_id>/delete-image/<int:photo_id>/", delete, name="delete"),
    path("<int:room_id>/restore-image/<int:photo_id>/", restore, name="restore"),
    path("<int:room_id>/replace-image/<int:photo_id>/", replace, name="replace"),
    path("<int:room_id>/rotate-image/<int:photo_id>/", rotate, name="rotate"),
]
