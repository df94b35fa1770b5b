"""How PostgreSQL treats our connections: how long it lets them wait, and that it does not compile.

What DATABASE_URL says about it stands. It is set after connecting: PgBouncer refuses the start-up parameter
`options`, and takes these. SQLite's waiting is in the settings, where Django has a place for it.
"""

from typing import Any, Final

from django.db.backends.signals import connection_created

# A stuck lock must not hold a thread for ever: the upload answers 503, as where SQLite's `timeout` ends.
LOCK_TIMEOUT_S: Final = 20
# A page whose statement takes longer is broken, and holds a thread and a processor of everybody's.
STATEMENT_TIMEOUT_S: Final = 20


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
