"""What each new connection is given: PostgreSQL's settings, and SQLite's files made private.

PostgreSQL's are set after connecting: PgBouncer refuses the start-up parameter `options`, and takes these.
What DATABASE_URL says about them stands. How long SQLite waits is in the settings.
"""

import stat
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from django.db.backends.signals import connection_created

# A stuck lock must not hold a thread for ever: the upload answers 503, as where SQLite's `timeout` ends.
LOCK_TIMEOUT_S: Final = 20
# A page whose statement takes longer is broken, and holds a thread and a processor of everybody's.
STATEMENT_TIMEOUT_S: Final = 20
# SQLite's files are for the account that runs the site: they hold the keys of sessions.
_PRIVATE: Final = 0o600


def bound_lock_waits() -> None:
    """For every connection of this process from now on."""
    connection_created.connect(_limit_locks, dispatch_uid="lock_timeout")


def bound_statements() -> None:
    """For a web process. Commands go without: a migration or an audit of a large library may take long."""
    connection_created.connect(_limit_statements, dispatch_uid="statement_timeout")


def avoid_compiling() -> None:
    """For every connection of this process from now on.

    PostgreSQL compiles what it takes for a long statement: half a second for one that runs 80 ms.
    """
    connection_created.connect(_turn_jit_off, dispatch_uid="jit")


def _turn_jit_off(connection: Any, **kwargs: Any) -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(name, 'off', false) FROM pg_settings"
            " WHERE name = 'jit' AND source IN ('default', 'configuration file')"
        )


def _limit_locks(connection: Any, **kwargs: Any) -> None:
    _limit(connection, "lock_timeout", LOCK_TIMEOUT_S)


def _limit_statements(connection: Any, **kwargs: Any) -> None:
    _limit(connection, "statement_timeout", STATEMENT_TIMEOUT_S)


def _limit(connection: Any, name: str, seconds: int) -> None:
    """Sets it unless the URL, the role or the database has done so; PostgreSQL says "0" for "not set"."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(%s, %s, false) WHERE current_setting(%s) = '0'", (name, f"{seconds}s", name)
        )


def make_private(sender: Any, connection: Any, **kwargs: Any) -> None:
    """Takes the database's files from group and others; what belongs to another account stays as it is,
    and so does what lies where there are no permissions: the site works all the same.

    SQLite gives the files beside it (`-wal`, `-shm`) the permissions of the database itself.
    """
    if connection.vendor != "sqlite" or connection.is_in_memory_db():
        return
    name = str(connection.settings_dict["NAME"])
    for path in (Path(name), Path(f"{name}-wal"), Path(f"{name}-shm")):
        with suppress(OSError):
            if stat.S_IMODE(path.stat().st_mode) & 0o077:
                path.chmod(_PRIVATE)
