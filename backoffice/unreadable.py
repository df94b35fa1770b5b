"""Refuses requests that nobody can read or may send: their bodies, and a NUL in the query of an address.

What stands in a body that can be read is for the views to judge.
"""

import codecs
import re
from collections.abc import Callable
from typing import Any, Final

from django.contrib.auth import SESSION_KEY
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponseBase, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import get_resolver
from django.utils.http import parse_header_parameters

from rooms.upload_handlers import find_refusal

# A sign-in is a hundred bytes. No more than what a process reads without a thread: see `worker`.
ANONYMOUS_MAX_BYTES: Final = 64 * 1024
# Others decode to something else than text, fail in new ways, or read one text in two ways.
CHARSETS: Final = frozenset({"utf-8", "ascii", "iso8859-1", "cp1252"})
UNREADABLE: Final = (
    BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError, LookupError, ValueError,
)  # fmt: skip
# PostgreSQL fails on one in filters and look-ups. Forms judge those in bodies, views those in paths.
NUL: Final = re.compile("\x00|%00")
UNREADABLE_TYPE: Final = "application/octet-stream; charset=unreadable"


class GuardBodies:
    """Middleware; it waits until the view is known, so that an endpoint's 400 is JSON and keeps its order."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_: Any) -> HttpResponseBase | None:
        is_endpoint = hasattr(view, "json_method")
        if not _is_readable(request.content_params or {}):
            return _refuse(request)
        # Who somebody is by now, who signed in once, an endpoint asks when the body has arrived.
        if _may_be_too_much(request, is_endpoint) and SESSION_KEY not in request.session:
            return _refuse(request)
        if request.content_type != "multipart/form-data":
            return None
        # An endpoint has more to say before it looks at the body.
        return _refuse(request) if not _is_read(request, is_endpoint) else None


class RefuseNul:
    """Middleware; it waits until the view is known, so that an endpoint's 400 is JSON and keeps its order."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponseBase | None:
        return _refuse(request) if NUL.search(request.META.get("QUERY_STRING", "")) else None


def with_readable_type(application: Callable[..., Any]) -> Callable[..., Any]:
    """WSGI: a `Content-Type` of which Django cannot even make a request becomes one that is refused."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        try:
            _, params = parse_header_parameters(environ.get("CONTENT_TYPE", ""))
            is_readable = _is_readable(params)
        except (LookupError, ValueError):
            is_readable = False
        if not is_readable:
            environ["CONTENT_TYPE"] = UNREADABLE_TYPE
        return application(environ, start_response)

    return answer


def _is_readable(params: dict[str, str]) -> bool:
    try:
        return codecs.lookup(params.get("charset", "utf-8")).name in CHARSETS
    except (LookupError, ValueError):
        return False


def _may_be_too_much(request: HttpRequest, is_endpoint: bool) -> bool:
    """For somebody who has not signed in."""
    try:
        announced_bytes = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        announced_bytes = 0
    is_multipart = (request.content_type or "").startswith("multipart/")
    return announced_bytes > ANONYMOUS_MAX_BYTES or (is_endpoint and is_multipart)


def _is_read(request: HttpRequest, is_endpoint: bool) -> bool:
    """Reads a multipart body; False where it cannot be read, or holds a file that a page does not take."""
    try:
        return find_refusal(request) is None or is_endpoint
    except Exception as error:  # a full disk, too
        for handler in request.upload_handlers:
            handler.upload_interrupted()
        if isinstance(error, UNREADABLE):
            return False
        raise


def _refuse(request: HttpRequest) -> HttpResponseBase:
    # Answered and not raised: whoever looks for holes must not fill the log with tracebacks.
    bad_request: Any = get_resolver().resolve_error_handler(400)
    answer: HttpResponseBase = bad_request(request, exception=BadRequest("refused unread"))
    return answer
