"""PostgreSQL as Django knows it, but a connection on which no answer comes in time is given up.

The kernel notices a host that vanished (see the settings). This notices one that takes bytes and is silent.
"""

import time
from functools import partial
from typing import Any, Final

import psycopg
from django.db.backends.postgresql import base

# To a check of a kept connection, and to each statement that sets a new one up: PostgreSQL has no work there.
GREETING_S: Final = 5
# After `statement_timeout`, by which PostgreSQL has said so itself if it can.
GRACE_S: Final = 5


class DatabaseWrapper(base.DatabaseWrapper):
    # Django's own, which its types leave out.
    health_check_done: bool
    health_check_enabled: bool

    # Without a `statement_timeout` (commands) there is no end: a migration may take hours.
    _statement_s: float | None = GREETING_S
    _silent_until = 0.0

    def connect(self) -> None:
        """As Django's, and learns how long a statement may take from now on."""
        self._statement_s = GREETING_S
        super().connect()
        with self.cursor() as cursor:
            cursor.execute("SELECT setting::integer FROM pg_settings WHERE name = 'statement_timeout'")
            (timeout_ms,) = cursor.fetchone()
        self._statement_s = timeout_ms / 1000 + GRACE_S if timeout_ms else None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if time.monotonic() < self._silent_until:
            raise psycopg.OperationalError("The database was silent a moment ago")
        try:
            connection = super().get_new_connection(conn_params)
        except psycopg.errors.ConnectionTimeout:
            self._expect_silence()
            raise
        connection.wait = partial(self._wait, connection)
        return connection

    def _wait(self, connection: "psycopg.Connection[Any]", *arguments: Any, **named: Any) -> Any:
        """psycopg waits here for every answer. It must not go on with a connection that may answer late."""
        is_checked = self.health_check_done or not self.health_check_enabled
        patience_s = self._statement_s if is_checked else GREETING_S
        try:
            return psycopg.Connection.wait(connection, *arguments, **{"timeout": patience_s} | named)
        except psycopg.errors._WaitTimeout as silence:
            connection.close()
            if is_checked:  # else a new connection may lead to a host that took over
                self._expect_silence()
            raise psycopg.OperationalError("The database takes bytes and does not answer") from silence

    def _expect_silence(self) -> None:
        """A request that fails asks for a connection several times more: only the first is to wait."""
        self._silent_until = time.monotonic() + GREETING_S
