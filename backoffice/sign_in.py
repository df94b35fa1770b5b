"""How many passwords may be tried: from one address, and at once in one process.

django-axes counts wrong ones for each name and address, see the settings; what it is told, and what a locked
name is shown, is in `lockout`. A wrong old password, where a new one is chosen, counts as a wrong one.
"""

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessFailureLog
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from unfold.forms import AdminOwnPasswordChangeForm
from unfold.sites import UnfoldAdminSite

from backoffice.gunicorn import available_cpu_count
from backoffice.lockout import show_locked_address, show_locked_out, show_too_many

MAX_FAILURES_OF_AN_ADDRESS: Final = 100
ADDRESS_WINDOW: Final = timedelta(hours=1)
# A hash takes a third of a second of a processor: more of them at once only make pages wait.
HASHES_AT_ONCE: Final = available_cpu_count()
HASHES_WAITING: Final = 2 * HASHES_AT_ONCE
RETRY_AFTER_S: Final = 3

_places = threading.BoundedSemaphore(HASHES_AT_ONCE + HASHES_WAITING)
_hashes = threading.BoundedSemaphore(HASHES_AT_ONCE)


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
    return moments[0] - moments[-1] < ADDRESS_WINDOW and timezone.now() - moments[0] < ADDRESS_WINDOW


def forget_old_failures() -> None:
    """Deletes the failures that count for no lock any more."""
    AccessFailureLog.objects.filter(attempt_time__lt=timezone.now() - 2 * ADDRESS_WINDOW).delete()


class SignInHandler(AxesDatabaseHandler):
    """Locks an address too, whatever the names."""

    def is_locked(self, request: Any, credentials: dict[str, Any] | None = None) -> bool:
        return super().is_locked(request, credentials) or is_address_locked(request.axes_ip_address)


def show_lock(request: HttpRequest, *_: Any) -> HttpResponse:
    """What whoever meets a lock is shown."""
    if is_address_locked(request.axes_ip_address):  # type: ignore[attr-defined]
        return show_locked_address(request, int(ADDRESS_WINDOW.total_seconds()))
    return show_locked_out(request)


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
        return show_too_many(request, RETRY_AFTER_S) if isinstance(exception, TooManySignIns) else None


class OldPasswordForm(AdminOwnPasswordChangeForm):
    """Tries the old password as a sign-in does: a session left open is no way to guess it."""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)

    def clean_old_password(self) -> str:
        old_password: str = self.cleaned_data["old_password"]
        name = self.user.get_username()
        if authenticate(self.request, username=name, password=old_password) is None:
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return old_password


class Site(UnfoldAdminSite):
    """The admin site, with the form above."""

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:
        request.current_app = self.name  # type: ignore[attr-defined]
        view = PasswordChangeView.as_view(
            form_class=functools.partial(OldPasswordForm, request=request),  # type: ignore[arg-type]
            success_url=reverse("admin:password_change_done"),
            template_name=self.password_change_template or "registration/password_change_form.html",
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        return view(request)
