"""What an upload asks of the database, on both: each statement is a wait, for everybody on SQLite."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rooms.models import Room
from rooms.tests.both_databases import db  # noqa: F401  # the fixture of this module
from rooms.tests.conftest import DRAFT, photo_file

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("place", ["room", "draft"])
def test_upload_costs_no_more_statements_than_it_needs(as_alice: Client, room: Room, place: str) -> None:
    # PostgreSQL locks the room before it looks at what there is; on SQLite the transaction is that lock.
    lock = connection.vendor == "postgresql"
    path, fields, most = {
        "room": (f"/rooms/{room.pk}/upload-image/", {}, 11 + lock),
        "draft": ("/rooms/upload-image-temp/", {"draft": DRAFT}, 14),
    }[place]
    for _one in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert as_alice.post(path, {"image": photo_file(), **fields}).status_code == 201
    statements = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == most
