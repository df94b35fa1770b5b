"""The site's error pages, and the id of each request, which they show.

Pages are Django's own; at the gallery's endpoints an error is JSON. The id is on every answer, and on each
line that the log has of the request.
"""

import re
import sys
import uuid
from collections.abc import Callable
from typing import Any, Final

from django import template
from django.core.signals import request_finished
from django.db import DatabaseError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.views import csrf, defaults

from backoffice import logs
from backoffice.sign_in import get_client_address
from rooms import monitoring
from rooms.api.endpoint import answer_unread
from rooms.api.shape import problem
from rooms.errors import CsrfFailed, Forbidden, InvalidRequest, NotFound, StorageUnavailable

HEADER: Final = "X-Request-ID"
# What a proxy gave, if it can stand in a line of the log.
_GIVEN: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")

register = template.Library()


def follow(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware, before all others: whatever they log or answer has the id too."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        request_id = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex
        logs.present.set(logs.Trace(request_id, lambda: _describe(request)))
        response = get_response(request)
        response[HEADER] = request_id
        return response

    return handle


@receiver(request_finished)
def _forget(**kwargs: Any) -> None:
    """Not sooner: Django logs what failed after all middleware, and a long answer is sent even later."""
    logs.present.set(None)


@register.simple_tag
def reference() -> str:
    """The id of the request under way, for an error page; empty outside of one."""
    trace = logs.present.get()
    return "" if trace is None else trace.id


def _describe(request: HttpRequest) -> dict[str, object]:
    # Where Django keeps the user once somebody asked for it: to ask now might wait for a dead database.
    user = getattr(request, "_cached_user", None)
    return {"address": get_client_address(request) or "-", "user": getattr(user, "pk", None) or "-"}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """What a failed CSRF check answers: JSON at our endpoints, in their order of refusals."""
    answer = answer_unread(request, CsrfFailed())
    if answer is None:
        monitoring.log_refusal(request, CsrfFailed.status, CsrfFailed.code)
    return answer or csrf.csrf_failure(request, reason)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """400: a body nobody can parse, not even for its CSRF token."""
    _leave_unread(request)
    return answer_unread(request, InvalidRequest()) or defaults.bad_request(request, exception)


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

    A page answers 503 too where the database did not answer.
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


def _wants_json(request: HttpRequest) -> bool:
    return request.path_info.startswith("/rooms/")
