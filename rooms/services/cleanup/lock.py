"""One cleanup at a time. The lock goes with its process, however that ends."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection

# A server may need a moment to notice that the process which held the lock is gone.
PATIENCE_S: Final = 3.0
_STEP_S: Final = 0.1
_POSTGRES_KEY: Final = int.from_bytes(b"rooms-cu")

type Release = Callable[[], None]


@contextmanager
def only_one() -> Iterator[bool]:
    """Whether this is the only run; False where another one was still at work after a moment of waiting.

    Two runs would do no harm, but do everything twice: a lock that is lost together with the
    connection to the database is not looked after.
    """
    deadline = time.monotonic() + PATIENCE_S
    release = _try_lock()
    while release is None and time.monotonic() < deadline:
        time.sleep(_STEP_S)
        release = _try_lock()
    try:
        yield release is not None
    finally:
        if release is not None:
            release()


def is_running() -> bool:
    """Whether a run is at work now."""
    release = _try_lock()
    if release is None:
        return True
    release()
    return False


def _try_lock() -> Release | None:
    if connection.vendor == "postgresql":
        return _try_advisory_lock()
    database = str(connection.settings_dict["NAME"])
    is_in_memory = database == ":memory:" or "mode=memory" in database
    # A database in memory has no other process.
    return _do_nothing if is_in_memory else _try_file_lock(f"{database}.cleanup-lock")


def _try_advisory_lock() -> Release | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_POSTGRES_KEY])
        return _release_advisory_lock if cursor.fetchone()[0] else None


def _release_advisory_lock() -> None:
    if connection.is_usable():  # else the lock went with the connection
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_POSTGRES_KEY])


def _try_file_lock(path: str) -> Release | None:
    # For reading: a run of another user may have made it. It stays: two may not lock two files of one name.
    descriptor = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return lambda: os.close(descriptor)


def _do_nothing() -> None:
    pass
