"""Fixtures for a module whose tests meet SQLite and PostgreSQL: import `db` and `postgres_url`."""

from collections.abc import Iterator
from typing import Any

import pytest

from rooms.tests.live.evidence import emptied, rolled_back
from rooms.tests.live.postgres_cluster import running_cluster


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[str]:
    with running_cluster() as cluster:
        yield cluster.create_database("rooms")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def db(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """Each test meets both, in the place of pytest-django's own; its marker says whether it commits."""
    if request.param == "sqlite":
        request.getfixturevalue("db")
        yield
        return
    marker = request.node.get_closest_marker("django_db")
    postgresql = emptied if marker and marker.kwargs.get("transaction") else rolled_back
    with postgresql(request.getfixturevalue("postgres_url"), django_db_blocker):
        yield
