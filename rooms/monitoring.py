"""What is watched: lines in the log, figures, and answers to probes. Nothing here changes a row.

A refusal or a failure is a line each. Figures are in the OpenMetrics format, and come from the database
alone. A load balancer and a supervisor learn whether this process lives, and whether it can work. That does
not cover decoding of photos or pages; an upload shows that. They are answered before `Host`, https, a
session or the address is looked at, for a probe has none of these.
"""

import errno
import logging
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    JsonResponse,
)
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from backoffice.sign_in import get_client_address
from rooms.errors import PhotoError
from rooms.models import CleanupRun, PendingFile
from rooms.models.photo import photo_storage
from rooms.services import figures
from rooms.services.failures import CODES as FAILURE_CODES
from rooms.storage import LocalPhotoStorage, find_sizes, names_of

# Worth a line; a session that ended, a full gallery or a bad photo are everyday life.
LOGGED_CODES: Final = frozenset({"not_found", "forbidden", "csrf_failed", "rate_limited"})
refusals = logging.getLogger("rooms.refusals")
failures = logging.getLogger("rooms.failures")
sign_ins = logging.getLogger("rooms.sign_ins")
LIVE: Final = "/health/live/"
READY: Final = "/health/ready/"
CLEANUP_LATE: Final = timedelta(hours=48)
STORAGE_EVERY_S: Final = 30.0
PROBE: Final = b"Written to see whether photos can be stored, and deleted at once."
# A probe that was killed leaves one of so many names, which a later one takes and deletes.
PROBE_NAMES: Final = 16
_FULL: Final = {errno.ENOSPC, errno.EDQUOT}
CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"
# Files are asked for their sizes: beyond these, and in a bucket, it would keep everybody waiting.
SIZED_MAX_PENDING = 500


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


def answer_probes(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: answers the two addresses, and leaves all others alone."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        if request.path_info not in (LIVE, READY):
            return get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if request.path_info == LIVE:
            return HttpResponse("ok", content_type="text/plain; charset=utf-8")
        found = look()
        is_ready = all(found[part] == "ok" for part in ("database", "storage", "migrations"))
        return JsonResponse({"ready": is_ready, **found}, status=200 if is_ready else 503)

    return handle


def look() -> dict[str, str]:
    """The state of each part: `ok`, or a word without any secret. Raises nothing."""
    return {
        "database": _ask(_look_at_database, "unavailable"),
        "storage": _storage.state(),
        "migrations": _ask(_look_at_migrations, "unknown"),
        "cleanup": _ask(_look_at_cleanup, "unknown"),
    }


def _ask(question: Callable[[], str], otherwise: str) -> str:
    try:
        return question()
    except Error:
        return otherwise


def _look_at_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _look_at_migrations() -> str:
    executor = MigrationExecutor(connection)
    return "pending" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else "ok"


def _look_at_cleanup() -> str:
    """Late, it makes nothing unready: photos are taken all the same."""
    ended_at = CleanupRun.objects.last_good_at()
    if ended_at is None:
        return "never"
    return "late" if timezone.now() - ended_at > CLEANUP_LATE else "ok"


class _Storage:
    """Tried by a write and a read, in each process every 30 s at most: in a bucket each costs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found, self._at, self._place = "", 0.0, ("", "")

    def state(self) -> str:
        """While one thread tries it, which may take a while, others hear what was last found."""
        place = (str(settings.MEDIA_ROOT), settings.AWS_STORAGE_BUCKET_NAME)
        is_known = bool(self._found) and place == self._place
        if self._lock.acquire(blocking=not is_known):
            try:
                if not is_known or time.monotonic() - self._at >= STORAGE_EVERY_S:
                    self._found, self._at, self._place = _try_storage(), time.monotonic(), place
            finally:
                self._lock.release()
        return self._found


_storage: Final = _Storage()


def _try_storage() -> str:
    storage: Any = photo_storage()
    name = f"health/{secrets.randbelow(PROBE_NAMES):02x}"
    try:
        storage.delete(name)
        saved = storage.save(name, ContentFile(PROBE))
        try:
            with storage.open(saved) as file:
                return "ok" if file.read() == PROBE else "unavailable"
        finally:
            storage.delete(saved)
    except OSError as error:
        return "full" if error.errno in _FULL else "unavailable"


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """For whoever has the token; without one there is no such page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not constant_time_compare(token.strip(), settings.METRICS_TOKEN):
        return HttpResponse("unauthorized", status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse("\n".join([*_lines(), "# EOF", ""]), content_type=CONTENT_TYPE)


def _lines() -> Iterator[str]:
    by_state, pending = figures.photos_by_state(), figures.pending_by_kind()
    photos = {state: use.photos for state, use in by_state.items()}
    bytes_ = {state: use.bytes for state, use in by_state.items()} | _pending_bytes(sum(pending.values()))
    yield from _gauge("room_photos", "Photos.", photos | {"pending": sum(pending.values())}, "state")
    yield from _gauge("room_photo_bytes", "All their files.", bytes_, "state", unit="bytes")
    yield from _family("room_photo_uploads", "counter", "Photos that came, by whatever door.")
    yield f"room_photo_uploads_total {figures.uploads_ever()}"
    yield from _family("room_photo_upload_failures", "counter", "Uploads that came to nothing.")
    for code, count in (dict.fromkeys(FAILURE_CODES, 0) | figures.failures_ever()).items():
        yield f'room_photo_upload_failures_total{{code="{code}"}} {count}'
    yield from _family("room_photo_cleanup_seconds", "gauge", "Since the last good cleanup.", "seconds")
    if ended_at := CleanupRun.objects.last_good_at():
        yield f"room_photo_cleanup_seconds {max(0, round((timezone.now() - ended_at).total_seconds()))}"
    yield from _family("room_photo_decode_queue", "gauge", "Photos being made, or waiting for it.")
    yield f"room_photo_decode_queue {pending['upload']}"


def _family(name: str, kind: str, text: str, unit: str = "") -> Iterator[str]:
    yield f"# TYPE {name} {kind}"
    if unit:
        yield f"# UNIT {name} {unit}"
    yield f"# HELP {name} {text}"


def _gauge(name: str, text: str, values: Mapping[str, int], label: str, unit: str = "") -> Iterator[str]:
    yield from _family(name, "gauge", text, unit)
    yield from (f'{name}{{{label}="{value}"}} {number}' for value, number in values.items())


def _pending_bytes(count: int) -> dict[str, int]:
    """Of files that are written or about to be removed; missing where measuring would take long."""
    storage = photo_storage()
    if count > SIZED_MAX_PENDING or (count and not isinstance(storage, LocalPhotoStorage)):
        return {}
    names = PendingFile.objects.values_list("name", flat=True) if count else []
    return {"pending": sum(size for name in names for size in find_sizes(storage, names_of(name)))}
