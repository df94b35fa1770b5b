"""The way from a request to a view: who may ask, what the address names, and how a body is read.

Every endpoint goes through `endpoint`, which refuses in one order. What it does is in `views`, how it answers
in `shape`.
"""

import functools
import json
import logging
from collections.abc import Callable
from typing import Any, Final

from django.contrib.auth.models import User
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError
from django.http import (
    HttpRequest,
    HttpResponseBase,
    RawPostDataException,
    UnreadablePostError,
)

from rooms import access, monitoring
from rooms.api.shape import problem
from rooms.backends import find_present_user, signed_in_user
from rooms.errors import (
    Busy,
    InvalidRequest,
    MethodNotAllowed,
    NoFile,
    NotAuthenticated,
    NotFound,
    PhotoError,
    StorageUnavailable,
)
from rooms.models import Gallery, RoomImage, UploadFailure
from rooms.services import failures
from rooms.upload_handlers import find_refusal

log = logging.getLogger(__name__)

FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
LISTS: Final = ("advice_declined",)  # fields of a form that may come more than once


def endpoint(
    method: str,
    permissions: tuple[str, ...] | None = None,
    *,
    counts: Callable[[User], None] | None = None,
    takes_file: bool = False,
    removed: bool | None = False,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Makes a view answer JSON to one method, for a draft's address and a room's alike.

    The view is handed what the address names: a photo, where there is a photo's id (a present one; with
    `removed` one that was removed; with None either), else the room's gallery, or None for a draft's.
    Without `permissions` those for changing are asked for. `counts` counts the request towards a rate.
    Only one that `takes_file` is ever given a body with a file in it.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @functools.wraps(view)
        def handle(request: HttpRequest, **ids: int) -> HttpResponseBase:
            named = None
            try:
                if takes_file and request.method == method:
                    refuse_late_change(request)
                else:
                    _refuse_unread(request, method)
                writing = access.WRITE_ROOM if "room_id" in ids else access.WRITE_TEMPORARY
                user = signed_in_user(request)
                access.require_any(user, permissions or writing)
                try:
                    named = _find_named(user, ids, removed)
                finally:
                    if counts is not None:  # guessing ids counts too
                        counts(user)
                if refusal := find_refusal(request):
                    raise refusal
                return view(request, named)
            except (PhotoError, DatabaseError) as error:
                refusal = _tell_log(request, error)
                if takes_file:
                    _record_failure(request, refusal, ids, named)
                return problem(refusal, method)

        handle.json_method = method  # type: ignore[attr-defined]  # read by answer_unread
        handle.takes_file = takes_file  # type: ignore[attr-defined]  # read by upload_handlers
        return handle

    return decorate


def refuse_late_change(request: HttpRequest) -> None:
    """Reads the body, then asks anew who sent it: that may take minutes, and they may have lost the right.

    Permissions, rooms and drafts are looked up after it anyway. Raises `NotAuthenticated`.
    """
    find_refusal(request)
    user = find_present_user(request)
    if user is None:
        raise NotAuthenticated
    request.user = user


def _tell_log(request: HttpRequest, error: PhotoError | DatabaseError) -> PhotoError:
    """What `error` is for whoever asked."""
    if isinstance(error, PhotoError):
        monitoring.log_refusal(request, error.status, error.code)
        monitoring.log_failure(request, error)
        return error
    log.error("database failed at %s", request.resolver_match, exc_info=error)
    unavailable = StorageUnavailable()
    unavailable.__cause__ = error
    return unavailable


def _record_failure(
    request: HttpRequest, error: PhotoError, ids: dict[str, int], named: Gallery | RoomImage | None
) -> None:
    """Of an upload whose photo was refused, or failed; its body has been read by then, or never will be."""
    if error.code not in failures.SERVER_CODES or isinstance(error, Busy):
        return
    file = request.FILES.get("image")
    announced = request.META.get("CONTENT_LENGTH") or ""
    where = UploadFailure.Where.ROOM if "room_id" in ids else UploadFailure.Where.DRAFT
    failure = failures.Failure(
        code=error.code,
        where=where,
        room=named.room if named else None,
        bytes=file.size if file else int(announced) if announced.isdecimal() else None,
        claimed_type=(file.content_type if file else "") or "",
        user_agent=request.META.get("HTTP_USER_AGENT", ""),
        error=error,
    )
    failures.record(signed_in_user(request), failure)


def answer_unread(request: HttpRequest, error: PhotoError) -> HttpResponseBase | None:
    """The answer to a request that `error` kept from its endpoint; None where it went to another page."""
    match = request.resolver_match
    method = getattr(match.func, "json_method", None) if match else None
    if method is None:
        return None
    try:
        _refuse_unread(request, method)
    except PhotoError as earlier:
        return problem(earlier, method)
    monitoring.log_refusal(request, error.status, error.code)
    return problem(error)


def _refuse_unread(request: HttpRequest, method: str) -> None:
    """The refusals that come before any other, and need no look at the body."""
    if request.method != method:
        raise MethodNotAllowed
    if not request.user.is_authenticated:
        raise NotAuthenticated


def _find_named(user: User, ids: dict[str, int], removed: bool | None) -> Gallery | RoomImage | None:
    room_id, photo_id = ids.get("room_id"), ids.get("photo_id")
    if photo_id is None:
        return access.get_room_gallery(user, room_id) if room_id is not None else None
    try:
        return _get_photo(user, room_id, photo_id, removed=bool(removed))
    except NotFound:
        if removed is not None:
            raise
        return _get_photo(user, room_id, photo_id, removed=True)


def _get_photo(user: User, room_id: int | None, photo_id: int, *, removed: bool) -> RoomImage:
    if room_id is None:
        return access.get_temporary_photo(user, photo_id, removed=removed)
    return access.get_room_photo(user, room_id, photo_id, removed=removed)


# --- what is read -------------------------------------------------------------------------


def read_fields(request: HttpRequest) -> dict[str, Any]:
    """The fields of a form, or of the JSON object in the body. Raises `InvalidRequest` for anything else."""
    if request.content_type in FORMS:
        return {
            name: values if name in LISTS else values[-1] for name, values in request.POST.lists() if values
        }
    try:
        content = json.loads(request.body)
    except (ValueError, RecursionError, RequestDataTooBig, UnreadablePostError, RawPostDataException):
        raise InvalidRequest from None
    if not isinstance(content, dict):
        raise InvalidRequest
    return content


def read_ids(values: object) -> list[int]:
    """Ids of photos, none twice."""
    if not isinstance(values, list) or not all(type(value) is int for value in values):
        raise InvalidRequest
    if len(set(values)) != len(values):
        raise InvalidRequest
    return values


def read_number(request: HttpRequest, name: str) -> int:
    """A small whole number: as such in JSON, in digits in a form."""
    value = read_fields(request).get(name)
    if request.content_type in FORMS and isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value[:9])
    if type(value) is not int:
        raise InvalidRequest
    return value


def read_image(request: HttpRequest) -> UploadedFile:
    """The one file of an upload."""
    files = request.FILES.getlist("image")
    if not files:
        raise NoFile
    if len(files) > 1 or len(request.FILES) > 1:
        raise InvalidRequest
    return files[0]
