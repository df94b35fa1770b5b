"""How old a file without a row must be before it may go."""

import time
from datetime import UTC, datetime
from typing import Final

from django.db import connection

from rooms.limits import UPLOAD_LEASE_MINUTES

# However few days were asked for: an upload may take so long.
_LEAST_S: Final = UPLOAD_LEASE_MINUTES * 60
_DAY_S: Final = 24 * 3600


def young_after_s(days: int) -> float:
    """What changed after this, in seconds since 1970, is young: N days ago, at least an hour ago.

    By the clock of the database or of this machine, whichever is behind: where they disagree a
    file goes too late, and never too early.
    """
    now_s = min(time.time(), _database_now().timestamp())
    return now_s - max(days * _DAY_S, _LEAST_S)


def _database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT CURRENT_TIMESTAMP")
        (now,) = cursor.fetchone()
    # SQLite has no type for it and tells it as a text, in UTC.
    return now if isinstance(now, datetime) else datetime.fromisoformat(now).replace(tzinfo=UTC)
