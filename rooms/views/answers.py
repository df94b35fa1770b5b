"""What the endpoints of drafts and of rooms answer alike: an upload, an order, a list, advice.

Permissions and rates are the endpoints' own business.
"""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from rooms.access import parse_uuid
from rooms.errors import StaleOrder
from rooms.http import photo_json, photos_json, problem, success
from rooms.models import Gallery, RoomImage
from rooms.services import gallery as galleries
from rooms.services import uploads
from rooms.services.advice import find_advice
from rooms.views.bodies import read_image

ASKS_FOR_ADVICE = "advice"


def answer_upload(
    request: HttpRequest, gallery: Gallery, replaced: RoomImage | None = None
) -> HttpResponseBase:
    received = uploads.receive(
        request.user,
        gallery,
        read_image(request).file,
        upload_id=parse_uuid(request.POST.get("upload_id")),
        caption=galleries.clean_text(request.POST.get("caption", "")),
        replaced=replaced,
    )
    content = {"notice": str(received.notice)} if received.notice else {}
    content |= page_notes_if_asked(request, gallery)
    return success(201 if received.is_new else 200, image=photo_json(received.photo), **content)


def answer_order(request: HttpRequest, gallery: Gallery, photo_ids: list[int]) -> HttpResponseBase:
    try:
        photos = galleries.reorder(gallery, photo_ids, user=request.user)
    except StaleOrder as error:
        photos = galleries.find_photos(gallery)
        return problem(error, images=photos_json(photos), **page_notes_if_asked(request, gallery, photos))
    return answer_list(request, gallery, photos)


def answer_photo(request: HttpRequest, gallery: Gallery, photo: RoomImage) -> HttpResponseBase:
    return success(image=photo_json(photo), **page_notes_if_asked(request, gallery))


def answer_list(request: HttpRequest, gallery: Gallery, photos: Sequence[RoomImage]) -> HttpResponseBase:
    return success(images=photos_json(photos), **page_notes_if_asked(request, gallery, photos))


def answer_advice(photos: Sequence[RoomImage]) -> HttpResponseBase:
    return success(advice=_advice_json(photos))


def page_notes_if_asked(
    request: HttpRequest, gallery: Gallery, photos: Sequence[RoomImage] | None = None
) -> dict[str, Any]:
    """What the gallery's page shows beside each photo by now, for a client that sent `Prefer: advice`.

    That is what there is to say about it, and its alternative text. Others neither get it nor wait for it.
    Costs one query where the `photos` are not at hand.
    """
    if request.headers.get("Prefer") != ASKS_FOR_ADVICE:
        return {}
    present = galleries.find_photos(gallery) if photos is None else photos
    texts = {photo.pk: photo.alternative_text for photo in present}
    return {"advice": _advice_json(present), "alternative_texts": texts}


def _advice_json(photos: Sequence[RoomImage]) -> dict[int, list[dict[str, str]]]:
    """By id, for every photo: an empty list says that there is nothing (any more) to say."""
    return {
        photo_id: [{"code": one.code, "label": str(one.label), "text": str(one.text)} for one in said]
        for photo_id, said in find_advice(photos).items()
    }
