"""PostgreSQL as Django knows it, but a connection on which no answer comes in time is given up.

The kernel notices a host that vanished (see the settings). This notices one that takes bytes and is silent.
"""

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

    def connect(self) -> None:
        """As Django's, and learns how long a statement may take from now on."""
        self._statement_s = GREETING_S
        super().connect()
        with self.cursor() as cursor:
            cursor.execute("SELECT setting::integer FROM pg_settings WHERE name = 'statement_timeout'")
            (timeout_ms,) = cursor.fetchone()
        self._statement_s = timeout_ms / 1000 + GRACE_S if timeout_ms else None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.wait = partial(self._wait, connection)
        return connection

    def _wait(self, connection: "psycopg.Connection[Any]", *arguments: Any, **named: Any) -> Any:
        """psycopg waits here for every answer. It must not go on with a connection that may answer late."""
        try:
            return psycopg.Connection.wait(connection, *arguments, **{"timeout": self._patience_s()} | named)
        except psycopg.errors._WaitTimeout as silence:
            connection.close()
            raise psycopg.OperationalError("The database takes bytes and does not answer") from silence

    def _patience_s(self) -> float | None:
        is_checked = self.health_check_done or not self.health_check_enabled
        return self._statement_s if is_checked else GREETING_S
