"""One id for each request: on its answer, on its error page, and on each line that the log has of it."""

import re
import uuid
from collections.abc import Callable
from typing import Any, Final

from django import template
from django.core.signals import request_finished
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase

from backoffice import logs
from backoffice.sign_in import get_client_address

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
