"""Answers to a load balancer and a supervisor: whether this process lives, and whether it can work.

They do not cover decoding of photos or pages; an upload shows that. They are given before `Host`, https, a
session or the address is looked at, for a probe has none of these.
"""

import errno
import secrets
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, JsonResponse
from django.utils import timezone

from rooms.models import CleanupRun
from rooms.models.photo import photo_storage

LIVE: Final = "/health/live/"
READY: Final = "/health/ready/"
CLEANUP_LATE: Final = timedelta(hours=48)
STORAGE_EVERY_S: Final = 30.0
PROBE: Final = b"Written to see whether photos can be stored, and deleted at once."
# A probe that was killed leaves one of so many names, which a later one takes and deletes.
PROBE_NAMES: Final = 16
_FULL: Final = {errno.ENOSPC, errno.EDQUOT}


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
