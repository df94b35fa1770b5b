"""What is watched: refusals and failures, a line each. Nothing here changes a row."""

import logging
import re
from typing import Any, Final

from django.http import HttpRequest

from backoffice.sign_in import get_client_address
from rooms.errors import PhotoError

# Worth a line; a session that ended, a full gallery or a bad photo are everyday life.
LOGGED_CODES: Final = frozenset({"not_found", "forbidden", "csrf_failed", "rate_limited"})
refusals = logging.getLogger("rooms.refusals")
failures = logging.getLogger("rooms.failures")
sign_ins = logging.getLogger("rooms.sign_ins")


def log_refusal(request: HttpRequest, status: int, code: str) -> None:
    """One line, `name=value`, on a refused request; none for the codes of everyday life.

    It says who, where and on which objects, in words of ours: of what a client chose, only
    harmless characters are kept, so that nobody writes lines of their own.
    """
    if code not in LOGGED_CODES:
        return
    user, match = getattr(request, "user", None), request.resolver_match
    fields: dict[str, Any] = {
        "user": user.pk if user is not None else None,
        "address": get_client_address(request),
        "method": request.method,
        "route": match.view_name if match else None,
        "status": status,
        "code": code,
        **(match.kwargs if match else {}),
    }
    refusals.warning(
        "refused %s", " ".join(f"{_harmless(name)}={_harmless(value)}" for name, value in fields.items())
    )


def log_failed_sign_in(
    sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    """One line on a wrong password: the name as it was typed and the address, never the password."""
    address = get_client_address(request) if request is not None else None
    sign_ins.warning(
        "sign-in failed name=%s address=%s", _harmless(credentials.get("username")), _harmless(address)
    )


def log_lock_out(sender: Any, username: str | None, ip_address: str | None, **kwargs: Any) -> None:
    """One line on each try that met a lock."""
    sign_ins.warning("sign-in locked name=%s address=%s", _harmless(username), _harmless(ip_address))


def log_failure(request: HttpRequest, error: PhotoError) -> None:
    """One line on what kept the server from doing what it was asked: the answer does not say."""
    if error.status < 500 or error.__cause__ is None:
        return
    route = request.resolver_match.view_name if request.resolver_match else "-"
    # A database's words may be several lines.
    failures.error("failed route=%s code=%s: %s", route, error.code, " ".join(str(error.__cause__).split()))


def _harmless(value: object) -> str:
    return re.sub(r"[^A-Za-z0-9_:.@+-]", "?", str(value))[:60] if value not in (None, "") else "-"
