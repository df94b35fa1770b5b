"""The one shape of the gallery's answers: success or problem, what is said of photos, channels and advice."""

from collections.abc import Iterable
from typing import Any

from django.http import JsonResponse
from django.utils.cache import add_never_cache_headers

from rooms.errors import Busy, MethodNotAllowed, PhotoError
from rooms.models import RoomImage
from rooms.services.advice import Advice
from rooms.services.readiness import ChannelState


def success(
    status: int = 200, *, advice_by_id: dict[int, list[Advice]] | None = None, **content: Any
) -> JsonResponse:
    """`{"success": true, …}`, with the advice that is another one now on photos the change was not about."""
    if advice_by_id:
        content["advice_by_id"] = {photo_id: advice_json(advice) for photo_id, advice in advice_by_id.items()}
    return _answer(status, {"success": True, **content})


def problem(error: PhotoError, method: str = "", **content: Any) -> JsonResponse:
    """`{"success": false, "code": …, "error": …}` with the headers that go with the status."""
    body = {"success": False, "code": error.code, "error": error.sentence(), **content}
    response = _answer(error.status, body)
    if error.retry_after_s is not None:
        response["Retry-After"] = str(error.retry_after_s)
    if isinstance(error, Busy):
        response["X-Busy"] = "true"  # a page goes on by itself, however often it hears that
    if error.status == MethodNotAllowed.status:
        response["Allow"] = method
    return response


def photo_json(photo: RoomImage, advice: dict[int, list[Advice]]) -> dict[str, Any]:
    """A photo as every answer shows it: pixels and bytes of what `url` serves, and its `advice`.

    With its `upload_id`, where it was sent with one: whoever sends a whole folder recognises it by that.
    """
    photo.measure()
    uploaded = {"upload_id": str(photo.upload_id)} if photo.upload_id else {}
    return uploaded | {
        "id": photo.pk,
        "url": photo.image_url,
        "thumbnail_url": photo.thumbnail_url,
        "srcset": photo.srcset,
        "caption": photo.caption,
        "alternative_text": photo.alternative_text,
        "kind": photo.kind,
        "order": photo.order,
        "width": photo.width,
        "height": photo.height,
        "size": photo.size,
        "advice": advice_json(advice.get(photo.pk, [])),
    }


def photos_json(photos: Iterable[RoomImage], advice: dict[int, list[Advice]]) -> list[dict[str, Any]]:
    return [photo_json(photo, advice) for photo in photos]


def channel_json(state: ChannelState) -> dict[str, Any]:
    """What a booking channel says about a gallery."""
    needs = [
        {"code": need.code, "text": need.text, "kind": need.kind, "images": list(need.images)}
        for need in state.needs
    ]
    channel = state.channel
    return {"channel": channel.slug, "name": channel.name, "ready": state.is_ready, "needs": needs}


def advice_json(advice: Iterable[Advice]) -> list[dict[str, str]]:
    return [{"code": one.code, "text": str(one.text)} for one in advice]


def _answer(status: int, content: dict[str, Any]) -> JsonResponse:
    response = JsonResponse(content, status=status)
    add_never_cache_headers(response)
    return response
