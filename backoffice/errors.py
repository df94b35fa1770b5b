"""The site's error pages: Django's own, and JSON at the gallery's endpoints."""

import sys

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.views import csrf, defaults

from rooms import monitoring
from rooms.api.endpoint import answer_unread
from rooms.api.shape import problem
from rooms.errors import CsrfFailed, Forbidden, InvalidRequest, NotFound, StorageUnavailable


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
