"""A process that lets in one upload: the others hear so whatever is on its way, and pages go on."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from backoffice import worker
from rooms.models import Room, RoomImage, UploadFailure
from rooms.tests.conftest import picture
from rooms.tests.live.live_server import LiveServer, running_server
from rooms.tests.live.raw_upload import END, FIELD, connect, read_answer
from rooms.tests.live.visitor import TEMPORARY, TIMEOUT_SECONDS, Visitor, upload_path, wait_until

BODY = FIELD + picture() + os.urandom(3_000_000) + END
LENGTH = f"Content-Length: {len(BODY)}"
EXPECT = f"{LENGTH}\r\nExpect: 100-continue"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("admission")
    url = f"sqlite:///{folder / 'db.sqlite3'}"
    application = "rooms.tests.live.one_place"
    with running_server(folder, url, application=application, WEB_CONCURRENCY="1") as server:
        yield server


@contextmanager
def upload_under_way(server: LiveServer, visitor: Visitor, room: Room) -> Iterator[socket.socket]:
    """It has the only place, and two bytes are missing."""
    with connect(visitor, upload_path(room), LENGTH) as connection:
        connection.sendall(BODY[:-2])
        wait_until(lambda: visitor.upload(upload_path(room), b"x").status == 503)
        yield connection


def finish(connection: socket.socket) -> int:
    connection.sendall(BODY[-2:])
    return read_answer(connection)[0]


def test_who_finds_no_place_hears_it_and_is_served_later(
    server: LiveServer, visitor: Visitor, room: Room
) -> None:
    with upload_under_way(server, visitor, room) as connection:
        for path in [upload_path(room), TEMPORARY] * 5:
            answer = visitor.upload(path, picture() + os.urandom(3_000_000))
            assert (answer.status, answer.code) == (503, "storage_unavailable")
            assert 1 <= int(answer.headers["Retry-After"]) <= 30
        assert visitor.get("/admin/").status == 200
        assert finish(connection) == 201
    assert visitor.upload(upload_path(room), picture()).status == 201
    assert RoomImage.objects.filter(room=room).count() == 2
    assert not UploadFailure.objects.filter(code="storage_unavailable").exists()


def test_who_waits_to_be_told_to_continue_sends_nothing_in_vain(
    server: LiveServer, visitor: Visitor, room: Room
) -> None:
    with upload_under_way(server, visitor, room) as busy:
        with connect(visitor, upload_path(room), EXPECT) as connection:
            assert read_answer(connection)[0] == 503
        assert finish(busy) == 201
    with connect(visitor, upload_path(room), EXPECT) as connection:
        assert connection.recv(len(CONTINUE)) == CONTINUE
        connection.sendall(BODY)
        assert read_answer(connection)[0] == 201, "and is told so once"


def test_slow_line_hears_it_too(server: LiveServer, visitor: Visitor, room: Room) -> None:
    with upload_under_way(server, visitor, room) as busy:
        with connect(visitor, upload_path(room), LENGTH) as connection:
            started = time.monotonic()
            for position in range(0, len(BODY), 50_000):
                connection.sendall(BODY[position : position + 50_000])
                time.sleep(0.1)
            assert time.monotonic() - started > 2 * worker.LINGER_SECONDS
            assert read_answer(connection)[0] == 503
        assert finish(busy) == 201


def test_who_says_nothing_more_is_not_listened_to_for_long(
    server: LiveServer, visitor: Visitor, room: Room
) -> None:
    with upload_under_way(server, visitor, room) as busy:
        with connect(visitor, upload_path(room), LENGTH) as connection:
            connection.sendall(BODY[:100_000])
            assert read_answer(connection)[0] == 503
            started = time.monotonic()
            assert connection.recv(1) == b""
            with suppress(ConnectionError):
                while time.monotonic() - started < TIMEOUT_SECONDS:
                    connection.sendall(b"x")
                    time.sleep(0.5)
            assert time.monotonic() - started < TIMEOUT_SECONDS / 2
        assert finish(busy) == 201
