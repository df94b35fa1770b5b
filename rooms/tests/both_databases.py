"""Each test of a module that imports `db` meets SQLite and PostgreSQL."""

from collections.abc import Iterator
from typing import Any

import pytest

from rooms.tests.other_database import emptied, rolled_back


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def db(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """In the place of pytest-django's own; a test's marker says whether it commits."""
    if request.param == "sqlite":
        request.getfixturevalue("db")
        yield
        return
    marker = request.node.get_closest_marker("django_db")
    postgresql = emptied if marker and marker.kwargs.get("transaction") else rolled_back
    with postgresql(request.getfixturevalue("postgresql_urls")[postgresql], django_db_blocker):
        yield
