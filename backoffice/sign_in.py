"""How many passwords may be tried: for a name from one address, from one address, and at once in one process.

django-axes counts the wrong ones for each name and address, as the settings say. `site` has the page on which
a new password is chosen.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any, Final

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessFailureLog
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from backoffice.gunicorn import available_cpu_count

MAX_FAILURES_OF_AN_ADDRESS: Final = 100
ADDRESS_WINDOW: Final = timedelta(hours=1)
# A hash takes a third of a second of a processor: more of them at once only make pages wait.
HASHES_AT_ONCE: Final = available_cpu_count()
HASHES_WAITING: Final = 2 * HASHES_AT_ONCE
RETRY_AFTER_S: Final = 3
# What one customer of a provider has to themselves: an attacker changes the rest of it at will.
IPV6_PREFIX_BITS: Final = 64

_places = threading.BoundedSemaphore(HASHES_AT_ONCE + HASHES_WAITING)
_hashes = threading.BoundedSemaphore(HASHES_AT_ONCE)


def get_client_address(request: HttpRequest) -> str | None:
    """The address that wrong passwords count for; None where it is unknown (a unix socket without a proxy).

    Behind a proxy all clients would share the proxy's. So with `HTTPS` on, the last entry of
    `X-Forwarded-For` counts, the one that our own proxy wrote: those before it are the client's to
    invent. A peer from the open internet is no proxy of ours, and its header says nothing.
    """
    peer = _parse(request.META.get("REMOTE_ADDR", ""))
    if settings.HTTPS and (peer is None or not ip_address(peer).is_global):
        _others, _comma, last = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")
        return _parse(last) or peer
    return peer


def is_address_locked(address: str | None) -> bool:
    """Whether a hundred tries from there failed within an hour, the last of them less than an hour ago.

    Tries that meet a lock are not counted: it opens by itself.
    """
    if address is None:
        return False
    failures = AccessFailureLog.objects.filter(ip_address=address).order_by("-attempt_time")
    moments = list(failures.values_list("attempt_time", flat=True)[:MAX_FAILURES_OF_AN_ADDRESS])
    if len(moments) < MAX_FAILURES_OF_AN_ADDRESS:
        return False
    newest, oldest = moments[0], moments[-1]
    return bool(newest - oldest < ADDRESS_WINDOW and timezone.now() - newest < ADDRESS_WINDOW)


def forget_old_failures() -> None:
    """Deletes the failures that count for no lock any more."""
    AccessFailureLog.objects.filter(attempt_time__lt=timezone.now() - 2 * ADDRESS_WINDOW).delete()


class SignInHandler(AxesDatabaseHandler):
    """Locks an address too, whatever the names."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        return super().is_locked(request, credentials) or is_address_locked(_get_address(request))


def show_lock(request: HttpRequest, *_: Any) -> HttpResponse:
    """What whoever meets a lock is shown."""
    is_address = is_address_locked(_get_address(request))
    reason, lasts = ("address", ADDRESS_WINDOW) if is_address else ("name", settings.AXES_COOLOFF_TIME)
    return show_later(request, reason, int(lasts.total_seconds()))


def show_later(request: HttpRequest, reason: str, seconds: int) -> HttpResponse:
    """Asks to come again after so many seconds. `reason`: "name", "address" or "crowd".

    The same page whoever it is, and whether there is such a name or not.
    """
    response = render(
        request, "admin/rooms/locked_out.html", {"reason": reason}, status=settings.AXES_HTTP_RESPONSE_CODE
    )
    response["Retry-After"] = str(seconds)
    return response


def _get_address(request: HttpRequest) -> str | None:
    return request.axes_ip_address  # type: ignore[attr-defined,no-any-return]  # django-axes puts it there


def _parse(text: str) -> str | None:
    """The address in `text`, which may carry a port; of an IPv6 address its network."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), IPV6_PREFIX_BITS), strict=False).network_address)


class TooManySignIns(Exception):
    """So many passwords are being hashed that this one has to come again."""


@contextmanager
def _a_place() -> Iterator[None]:
    if not _places.acquire(blocking=False):
        raise TooManySignIns
    try:
        with _hashes:
            yield
    finally:
        _places.release()


class BoundedHasher(PBKDF2PasswordHasher):
    """Django's own, so many at once as there are processors. Every password that is set comes here, and every
    one that is tried, but for the first time with a hash of an older system."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        with _a_place():
            return super().encode(password, salt, iterations)


class AnswerTooManySignIns:
    """Middleware: 429 with the time to wait, whichever page wanted the hash."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return show_later(request, "crowd", RETRY_AFTER_S) if isinstance(exception, TooManySignIns) else None
