"""JSON in and out: the one answer shape, the order of refusals, and the error pages.

Every endpoint goes through `endpoint`. What an endpoint does is in `views`.
"""

import functools
import json
import logging
import sys
from collections.abc import Callable, Iterable
from typing import Any, Concatenate

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    QueryDict,
    RawPostDataException,
    UnreadablePostError,
)
from django.utils.cache import add_never_cache_headers
from django.views import csrf, defaults

from rooms import access, monitoring
from rooms.errors import (
    CsrfFailed,
    Forbidden,
    InvalidRequest,
    MethodNotAllowed,
    NotAuthenticated,
    NotFound,
    PhotoError,
    StorageUnavailable,
)
from rooms.models import RoomImage
from rooms.session import find_present_user
from rooms.upload_handlers import find_refusal

log = logging.getLogger(__name__)


type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def endpoint[**P](method: str, *permissions: str, takes_file: bool = False) -> Callable[[View[P]], View[P]]:
    """Makes a view answer JSON to one method, for staff users with one of `permissions`.

    Only one that `takes_file` is ever given a body with a file in it.
    """

    def decorate(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def handle(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            try:
                _refuse_unread(request, method)
                if takes_file:
                    refuse_late_change(request)
                access.require_any(request.user, permissions)
                if not takes_file and (refusal := find_refusal(request)):
                    raise refusal
                return view(request, *args, **kwargs)
            except PhotoError as error:
                monitoring.log_refusal(request, error.status, error.code)
                monitoring.log_failure(request, error)
                return problem(error, method)
            except DatabaseError:
                log.exception("database failed at %s", request.resolver_match)
                return problem(StorageUnavailable(), method)

        handle.json_method = method  # type: ignore[attr-defined]  # read by _answer_unread
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


def success(status: int = 200, **content: Any) -> JsonResponse:
    """`{"success": true, …}`."""
    return _answer(status, {"success": True, **content})


def problem(error: PhotoError, method: str = "", **content: Any) -> JsonResponse:
    """`{"success": false, "code": …, "error": …}` with the headers that go with the status."""
    body = {"success": False, "code": error.code, "error": error.sentence(), **content}
    response = _answer(error.status, body)
    if error.retry_after_s is not None:
        response["Retry-After"] = str(error.retry_after_s)
    if error.status == MethodNotAllowed.status:
        response["Allow"] = method
    return response


def photo_json(photo: RoomImage) -> dict[str, Any]:
    """A photo as every answer shows it: pixels and bytes of what `url` serves."""
    photo.measure()
    return {
        "id": photo.pk,
        "url": photo.image_url,
        "thumbnail_url": photo.thumbnail_url,
        "caption": photo.caption,
        "order": photo.order,
        "width": photo.width,
        "height": photo.height,
        "size": photo.size,
    }


def photos_json(photos: Iterable[RoomImage]) -> list[dict[str, Any]]:
    return [photo_json(photo) for photo in photos]


def read_json(request: HttpRequest) -> dict[str, Any]:
    """The JSON object in the body. Raises `InvalidRequest` for anything else."""
    try:
        content = json.loads(request.body)
    except (ValueError, RecursionError, RequestDataTooBig, UnreadablePostError, RawPostDataException):
        raise InvalidRequest from None
    if not isinstance(content, dict):
        raise InvalidRequest
    return content


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """What a failed CSRF check answers: JSON at our endpoints, in their order of refusals."""
    answer = _answer_unread(request, CsrfFailed())
    if answer is None:
        monitoring.log_refusal(request, CsrfFailed.status, CsrfFailed.code)
    return answer or csrf.csrf_failure(request, reason)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """400: a body nobody can parse, not even for its CSRF token."""
    _leave_unread(request)
    return _answer_unread(request, InvalidRequest()) or defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """403: a page of the admin that is not for this user."""
    monitoring.log_refusal(request, Forbidden.status, Forbidden.code)
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """404: an address that does not exist."""
    _leave_unread(request)
    return problem(NotFound()) if _wants_json(request) else defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: what nobody foresaw. At an endpoint nothing was kept, so trying again is safe: 503.

    It is on a page, too, where it was the database that did not answer.
    """
    if _wants_json(request):
        return problem(StorageUnavailable())
    _leave_unread(request)
    answer = defaults.server_error(request)
    if isinstance(sys.exception(), DatabaseError):
        answer.status_code = StorageUnavailable.status
        answer["Retry-After"] = str(StorageUnavailable.retry_after_s)
    return answer


def _leave_unread(request: HttpRequest) -> None:
    """Django's page of an error looks for a CSRF token in the body, and would wait for all of it."""
    request.POST = QueryDict()


def _answer(status: int, content: dict[str, Any]) -> JsonResponse:
    response = JsonResponse(content, status=status)
    add_never_cache_headers(response)
    return response


def _refuse_unread(request: HttpRequest, method: str) -> None:
    """The refusals that come before any other, and need no look at the body."""
    if request.method != method:
        raise MethodNotAllowed
    if not request.user.is_authenticated:
        raise NotAuthenticated


def _answer_unread(request: HttpRequest, error: PhotoError) -> HttpResponseBase | None:
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


def _wants_json(request: HttpRequest) -> bool:
    return request.path_info.startswith("/rooms/")
