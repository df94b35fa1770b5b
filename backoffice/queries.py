"""Refuses a NUL in the query of an address: no database, page or file of ours knows one.

PostgreSQL fails on it in filters and look-ups. Bodies are judged by their forms, paths by their views.
"""

from collections.abc import Callable
from typing import Any, Final

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponseBase
from django.urls import get_resolver

NULS: Final = ("\x00", "%00")


class RefuseNul:
    """Middleware; it waits until the view is known, so that an endpoint's 400 is JSON and keeps its order."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponseBase | None:
        if not any(nul in request.META.get("QUERY_STRING", "") for nul in NULS):
            return None
        # Answered and not raised: whoever looks for holes must not fill the log with tracebacks.
        bad_request: Any = get_resolver().resolve_error_handler(400)
        answer: HttpResponseBase = bad_request(request, exception=SuspiciousOperation("NUL in a query"))
        return answer
