"""Another process keeps SQLite to itself for longer than we wait: a clear refusal, and nothing kept."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from rooms.models import Draft, Room
from rooms.tests.live.evidence import assert_house_in_order, photo_ids_in_order
from rooms.tests.live.live_server import LiveServer, running_server
from rooms.tests.live.visitor import TEMPORARY, Visitor, at_once, upload_path

type Photo = Callable[[], bytes]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """One that waits for a second instead of twenty."""
    folder = tmp_path_factory.mktemp("impatient-server")
    with running_server(folder, f"sqlite:///{folder / 'db.sqlite3'}", SQLITE_WAIT_S="1") as server:
        yield server


@pytest.fixture(autouse=True)
def house_in_order(server: LiveServer, own_models_read_the_server: None) -> Iterator[None]:
    """Here the server may say that the database is locked, and nothing else."""
    yield
    assert_house_in_order(server.media)
    errors = re.findall(r"^[\w.]+(?:Error|Exception): .*$", server.take_log(), re.MULTILINE)
    assert {error.split(": ", 1)[1] for error in errors} <= {"database is locked"}


@contextmanager
def busy(server: LiveServer) -> Iterator[None]:
    path = Path(server.database_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_who_cannot_write_is_told_to_try_again(
    server: LiveServer, visitor: Visitor, photo: Photo, room: Room
) -> None:
    photo_ids = [visitor.upload(upload_path(room), photo()).photo_id for _ in range(2)]
    first = photo_ids[0]
    path = f"/rooms/{room.pk}"

    with busy(server):
        answers = at_once(
            [
                lambda: visitor.upload(TEMPORARY, photo()),
                lambda: visitor.upload(upload_path(room), photo()),
                lambda: visitor.post(f"{path}/delete-image/{first}/"),
                lambda: visitor.post(f"{path}/reorder-images/", {"order": photo_ids[::-1]}),
                lambda: visitor.post(f"{path}/update-image/{first}/", {"caption": "Vue"}),
            ]
        )
        assert visitor.get(f"{path}/images/").photo_ids == photo_ids  # reading goes on

    assert [(answer.status, answer.code) for answer in answers] == [(503, "storage_unavailable")] * 5
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers)
    assert photo_ids_in_order(room=room) == photo_ids
    assert not Draft.objects.exists()
    assert visitor.post(f"{path}/reorder-images/", {"order": photo_ids[::-1]}).status == 200
    assert visitor.upload(TEMPORARY, photo()).status == 201
