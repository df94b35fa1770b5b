"""PostgreSQL takes bytes and answers no more, as on a frozen machine: 503 in seconds, no thread is lost."""

import getpass
import select
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from backoffice.postgresql.base import GRACE_S, GREETING_S
from rooms.models import Gallery, Room
from rooms.tests.live.concurrency.test_waiting import answer
from rooms.tests.live.crash.scene import clean_up_later
from rooms.tests.live.evidence import assert_house_in_order
from rooms.tests.live.live_server import LiveServer, running_server
from rooms.tests.live.visitor import Answer, Visitor, at_once, patiently, upload_path
from rooms.tests.other_database import models_read
from rooms.tests.postgres_cluster import running_cluster

type Photo = Callable[[], bytes]
# `statement_timeout` of the server under test, so that nobody waits for twenty seconds.
STATEMENT_S = 2
CONNECT_S = 5
# For a machine that is busy.
MARGIN_S = 5
PHOTO_ROW = 'INSERT INTO "rooms_roomimage"'
# More requests than the process has threads: some wait for those before them.
MANY = 30


@dataclass
class Line:
    """A wire to PostgreSQL that can be held: then nothing passes, and nobody is told."""

    target: str
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    is_held: threading.Event = field(default_factory=threading.Event)
    # A pooler in front of a silent database greets whoever comes, and has nothing to say after that.
    greets: threading.Event = field(default_factory=threading.Event)
    last_words: list[str] = field(default_factory=list)

    def serve(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self._carry, args=[client], daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            server.connect(self.target)
            is_new = True
            while True:
                for source in select.select([client, server], [], [])[0]:
                    while self.is_held.is_set() and not (is_new and self.greets.is_set()):
                        time.sleep(0.01)
                    if not (content := source.recv(2**16)):
                        return
                    (server if source is client else client).sendall(content)
                    is_new = is_new and source is client
                    self._listen_in(content)

    def _listen_in(self, content: bytes) -> None:
        if self.last_words and self.last_words[0].encode() in content:
            self.last_words.pop(0)
            if not self.last_words:
                self.greets.clear()
                self.is_held.set()

    @contextmanager
    def held_after(self, *words: str) -> Iterator[None]:
        """From the moment when the last of them has passed."""
        self.last_words = list(words)
        try:
            yield
        finally:
            self.last_words.clear()
            self.is_held.clear()

    @contextmanager
    def held(self, *, greets: bool = False) -> Iterator[None]:
        (self.greets.set if greets else self.greets.clear)()
        self.is_held.set()
        try:
            yield
        finally:
            self.is_held.clear()


@dataclass(frozen=True)
class Scene:
    server: LiveServer
    line: Line
    direct_url: str


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with running_cluster() as cluster:
        direct_url = cluster.create_database("rooms")
        line = Line(str(Path(urlsplit(direct_url).path).parent / ".s.PGSQL.5432"))
        threading.Thread(target=line.serve, daemon=True).start()
        options = f"sslmode=disable&gssencmode=disable&options=-c%20statement_timeout%3D{STATEMENT_S}s"
        url = f"postgres://{getpass.getuser()}@127.0.0.1:{line.listener.getsockname()[1]}/rooms?{options}"
        folder = tmp_path_factory.mktemp("silent-database")
        with running_server(folder, url, WEB_CONCURRENCY="1") as server:
            yield Scene(server, line, direct_url)
        line.listener.close()


@pytest.fixture
def server(scene: Scene) -> LiveServer:
    return scene.server


@pytest.fixture(autouse=True)
def own_models_read_the_server(scene: Scene, django_db_blocker: Any, settings: Any) -> Iterator[None]:
    """By another line, which is never silent; a cleanup finds the server's files."""
    settings.MEDIA_ROOT = str(scene.server.media)
    with models_read(scene.direct_url, django_db_blocker):
        yield


@pytest.fixture(autouse=True)
def house_in_order(scene: Scene, own_models_read_the_server: None) -> Iterator[None]:
    """Nothing half kept. The log may say that the database was silent."""
    yield
    assert_house_in_order(scene.server.media)
    wait_until_every_thread_asks(scene)


def wait_until_every_thread_asks(scene: Scene) -> None:
    """One that met silence asks nothing for a while, and a busy machine may have met it late."""
    time.sleep(GREETING_S)
    visitor = Visitor(scene.server.address)
    deadline = time.monotonic() + 60
    with ThreadPoolExecutor(30) as pool:
        while set(pool.map(lambda _: visitor.get("/health/ready/").status, range(60))) != {200}:
            assert time.monotonic() < deadline, "the site stays unready"
            time.sleep(0.5)


def timed(send: Callable[[], Answer]) -> tuple[float, Answer]:
    began_at = time.monotonic()
    answer = send()
    return time.monotonic() - began_at, answer


def assert_refused(answer: Answer) -> None:
    assert answer.status == 503, answer
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("greets", [False, True], ids=["silent", "behind a pooler that greets"])
def test_silent_database_refuses_in_seconds_and_keeps_no_thread(
    scene: Scene, visitor: Visitor, room: Room, photo: Photo, greets: bool
) -> None:
    requests = [
        lambda: visitor.upload(upload_path(room), photo()),
        lambda: visitor.get(f"/admin/rooms/room/{room.pk}/change/"),
        lambda: visitor.get(f"/rooms/{room.pk}/images/"),
    ]
    assert [send().status for send in requests] == [201, 200, 200]
    with scene.line.held(greets=greets):
        for _ in range(2):  # with connections kept from before, then with none
            found = at_once([lambda send=send: timed(send) for send in requests * (MANY // 3)])
            for _, answer in found:
                assert_refused(answer)
            print(sorted(round(seconds, 1) for seconds, _ in found))
            assert max(seconds for seconds, _ in found) < GREETING_S + CONNECT_S + MARGIN_S
    assert Gallery(room=room).photos().count() == 1
    assert [patiently(send).status for send in requests] == [201, 200, 200]


@pytest.mark.parametrize(
    "words",
    [["COMMIT"], ["COMMIT", "COMMIT"], [PHOTO_ROW], [PHOTO_ROW, "COMMIT"]],
    ids=["the first commit", "the second commit", "the photo's row", "the photo's commit"],
)
def test_upload_that_loses_the_database_is_refused_and_comes_once(
    scene: Scene, visitor: Visitor, room: Room, photo: Photo, words: list[str]
) -> None:
    """What was sent last has reached PostgreSQL; its answer has not reached us."""
    assert visitor.get(f"/rooms/{room.pk}/images/").status == 200
    content, upload_id = photo(), str(uuid.uuid4())
    send = lambda: visitor.upload(upload_path(room), content, upload_id=upload_id)  # noqa: E731
    with scene.line.held_after(*words):
        seconds, answer = timed(send)
        assert scene.line.is_held.is_set()
        assert_refused(answer)
        print(round(seconds, 1))
        assert seconds < STATEMENT_S + GRACE_S + MARGIN_S
    again = patiently(send)
    assert again.status in (200, 201)
    assert list(Gallery(room=room).photos().values_list("pk", flat=True)) == [again.photo_id]
    clean_up_later(scene.server.media)


def test_kernel_is_told_when_a_host_has_vanished(server: LiveServer) -> None:
    code = """
import json
import socket
from django.db import connection
connection.ensure_connection()
names = ("TCP_USER_TIMEOUT", "TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT")
with socket.fromfd(connection.connection.fileno(), socket.AF_INET, socket.SOCK_STREAM) as wire:
    print(json.dumps([wire.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) for name in names]))
"""
    assert answer(server, code) == [5000, 5, 1, 5]
    assert answer(server, code, "&tcp_user_timeout=9000&keepalives_count=3") == [9000, 5, 1, 3]
