"""The endpoints of the gallery: temporary photos of a draft, and photos of a room.

Each view fetches through `access`, lets a service work and answers through `http`. Reading what was
sent is in `bodies`, what several of them do alike in `answers`.
"""

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
from rooms.errors import StaleOrder
from rooms.http import endpoint, photo_json, problem, read_json, success
from rooms.models import Gallery
from rooms.services import gallery as galleries
from rooms.services.advice import decline_advice
from rooms.services.rates import count_change, count_upload
from rooms.services.rotation import rotate as rotate_photo
from rooms.session import mirror_temporary_photos
from rooms.views.answers import (
    answer_advice,
    answer_list,
    answer_order,
    answer_photo,
    answer_upload,
    page_notes_if_asked,
)
from rooms.views.bodies import (
    get_photo_to_replace,
    read_alternative_text,
    read_caption,
    read_photo_ids,
    read_quarter_turns,
    refuse_unread_body,
)

# --- temporary photos, of an unfinished room --------------------------------------------


@endpoint("POST", *WRITE_TEMPORARY, takes_file=True)
def upload_temporary(request: HttpRequest) -> HttpResponseBase:
    count_upload(request.user)
    refuse_unread_body(request)  # its fields, the draft among them, are unknown
    draft = get_or_create_draft(request.user, parse_uuid(request.POST.get("draft")), _session_key(request))
    response = answer_upload(request, Gallery(draft=draft))
    mirror_temporary_photos(request.session, request.user)
    return response


@endpoint("GET", *READ)
def list_temporary(request: HttpRequest) -> HttpResponseBase:
    draft = find_draft(request.user, parse_uuid(request.GET.get("draft")), _session_key(request))
    if draft is None:
        return success(images=[])
    gallery = Gallery(draft=draft)
    return answer_list(request, gallery, galleries.find_photos(gallery))


@endpoint("POST", *WRITE_TEMPORARY)
def reorder_temporary(request: HttpRequest) -> HttpResponseBase:
    count_change(request.user)
    content = read_json(request)
    draft_id = content.get("draft") or request.GET.get("draft")
    draft = find_draft(request.user, parse_uuid(draft_id), _session_key(request))
    photo_ids = read_photo_ids(content)
    if draft is None:
        return problem(StaleOrder(), images=[]) if photo_ids else success(images=[])
    return answer_order(request, Gallery(draft=draft), photo_ids)


@endpoint("POST", *WRITE_TEMPORARY)
def caption_temporary(request: HttpRequest, photo_id: int) -> HttpResponseBase:
    count_change(request.user)
    photo = get_temporary_photo(request.user, photo_id)
    return success(image=photo_json(galleries.caption(photo, read_caption(request))))


@endpoint("POST", *WRITE_TEMPORARY)
def describe_temporary(request: HttpRequest, photo_id: int) -> HttpResponseBase:
    count_change(request.user)
    photo = get_temporary_photo(request.user, photo_id)
    return success(image=photo_json(galleries.describe(photo, read_alternative_text(request))))


@endpoint("POST", *WRITE_TEMPORARY)
def delete_temporary(request: HttpRequest, photo_id: int) -> HttpResponseBase:
    count_change(request.user)
    photo = get_temporary_photo(request.user, photo_id)
    galleries.remove(photo)
    mirror_temporary_photos(request.session, request.user)
    return success(**page_notes_if_asked(request, Gallery.of(photo)))


@endpoint("POST", *WRITE_TEMPORARY)
def restore_temporary(request: HttpRequest, photo_id: int) -> HttpResponseBase:
    count_change(request.user)
    removed = get_temporary_photo(request.user, photo_id, removed=True)
    photo = galleries.restore(removed)
    mirror_temporary_photos(request.session, request.user)
    return answer_photo(request, Gallery.of(removed), photo)


@endpoint("POST", *WRITE_TEMPORARY, takes_file=True)
def replace_temporary(request: HttpRequest, photo_id: int) -> HttpResponseBase:
    photo = get_photo_to_replace(get_temporary_photo, request.user, photo_id)
    count_upload(request.user)
    refuse_unread_body(request)
    response = answer_upload(request, Gallery.of(photo), replaced=photo)
    mirror_temporary_photos(request.session, request.user)
    return response


@endpoint("POST", *WRITE_TEMPORARY)
def rotate_temporary(request: HttpRequest, photo_id: int) -> HttpResponseBase:
    count_change(request.user)
    photo = get_temporary_photo(request.user, photo_id)
    turned = rotate_photo(photo, read_quarter_turns(request))
    return answer_photo(request, Gallery.of(photo), turned)


@endpoint("POST", *WRITE_TEMPORARY)
def keep_temporary(request: HttpRequest, photo_id: int) -> HttpResponseBase:
    count_change(request.user)
    return answer_advice(decline_advice(get_temporary_photo(request.user, photo_id)))


# --- photos of a room -------------------------------------------------------------------


@endpoint("POST", *WRITE_ROOM, takes_file=True)
def upload(request: HttpRequest, room_id: int) -> HttpResponseBase:
    gallery = get_room_gallery(request.user, room_id)
    count_upload(request.user)
    refuse_unread_body(request)
    return answer_upload(request, gallery)


@endpoint("GET", *READ)
def list_photos(request: HttpRequest, room_id: int) -> HttpResponseBase:
    gallery = get_room_gallery(request.user, room_id)
    return answer_list(request, gallery, galleries.find_photos(gallery))


@endpoint("POST", *WRITE_ROOM)
def reorder(request: HttpRequest, room_id: int) -> HttpResponseBase:
    count_change(request.user)
    gallery = get_room_gallery(request.user, room_id)
    return answer_order(request, gallery, read_photo_ids(read_json(request)))


@endpoint("POST", *WRITE_ROOM)
def caption(request: HttpRequest, room_id: int, photo_id: int) -> HttpResponseBase:
    count_change(request.user)
    photo = get_room_photo(request.user, room_id, photo_id)
    return success(image=photo_json(galleries.caption(photo, read_caption(request), user=request.user)))


@endpoint("POST", *WRITE_ROOM)
def describe(request: HttpRequest, room_id: int, photo_id: int) -> HttpResponseBase:
    count_change(request.user)
    photo = get_room_photo(request.user, room_id, photo_id)
    described = galleries.describe(photo, read_alternative_text(request), user=request.user)
    return success(image=photo_json(described))


@endpoint("POST", *WRITE_ROOM)
def delete(request: HttpRequest, room_id: int, photo_id: int) -> HttpResponseBase:
    count_change(request.user)
    photo = get_room_photo(request.user, room_id, photo_id)
    galleries.remove(photo, user=request.user)
    return success(**page_notes_if_asked(request, Gallery.of(photo)))


@endpoint("POST", *WRITE_ROOM)
def restore(request: HttpRequest, room_id: int, photo_id: int) -> HttpResponseBase:
    count_change(request.user)
    removed = get_room_photo(request.user, room_id, photo_id, removed=True)
    photo = galleries.restore(removed, user=request.user)
    return answer_photo(request, Gallery.of(removed), photo)


@endpoint("POST", *WRITE_ROOM, takes_file=True)
def replace(request: HttpRequest, room_id: int, photo_id: int) -> HttpResponseBase:
    photo = get_photo_to_replace(get_room_photo, request.user, room_id, photo_id)
    count_upload(request.user)
    refuse_unread_body(request)
    return answer_upload(request, Gallery.of(photo), replaced=photo)


@endpoint("POST", *WRITE_ROOM)
def rotate(request: HttpRequest, room_id: int, photo_id: int) -> HttpResponseBase:
    count_change(request.user)
    photo = get_room_photo(request.user, room_id, photo_id)
    turned = rotate_photo(photo, read_quarter_turns(request), user=request.user)
    return answer_photo(request, Gallery.of(photo), turned)


@endpoint("POST", *WRITE_ROOM)
def keep(request: HttpRequest, room_id: int, photo_id: int) -> HttpResponseBase:
    count_change(request.user)
    return answer_advice(decline_advice(get_room_photo(request.user, room_id, photo_id)))


def _session_key(request: HttpRequest) -> str:
    return request.session.session_key or ""
