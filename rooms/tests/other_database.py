"""Models that read and write another database than the tests' own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import environ
from django.core.management import call_command
from django.db import connections, transaction
from django.db.utils import ConnectionHandler


@contextmanager
def models_read(database_url: str, blocker: Any) -> Iterator[None]:
    """Whatever a test asks its own models is answered by another database than the tests' own."""
    kept = connections["default"]
    theirs = ConnectionHandler({"default": environ.Env.db_url_config(database_url)})["default"]
    connections["default"] = theirs
    try:
        with blocker.unblock():
            yield
    finally:
        theirs.close()
        connections["default"] = kept


@contextmanager
def rolled_back(database_url: str, blocker: Any) -> Iterator[None]:
    """As `models_read`, and nothing of it kept."""
    with models_read(database_url, blocker), transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def emptied(database_url: str, blocker: Any) -> Iterator[None]:
    """As `rolled_back`, for what must be committed: the tables are emptied afterwards."""
    with models_read(database_url, blocker):
        yield
        call_command("flush", interactive=False, verbosity=0)
