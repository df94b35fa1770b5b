"""Forty clients that send or read next to nothing: closed in time, and nobody else waits for them.

Two processes with 28 threads each: 56 would fill all of them. The server is as deployed but for
its limits, which are seconds here.
"""

import http.client
import io
import os
import select
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from PIL import Image

from backoffice import worker
from backoffice.gunicorn import graceful_timeout
from backoffice.unreadable import ANONYMOUS_MAX_BYTES
from rooms.models import Room, RoomImage
from rooms.tests.live.live_server import LiveServer, running_server
from rooms.tests.live.raw_upload import FIELD, connect, read_answer
from rooms.tests.live.scale import FIGURES
from rooms.tests.live.visitor import TIMEOUT_SECONDS, Visitor, upload_path, wait_until

CROWD = 56
HEAD_SECONDS, STALL_SECONDS, BODY_SECONDS, ANSWER_SECONDS = 3, 4, 8, 8
HELD_BYTES = 600_000
# The loop looks once a second; the machine may be busy. Nobody else would close a connection that soon.
SLACK_SECONDS = 30
PROBES = 6
GET_PAGE = b"GET /admin/login/ HTTP/1.1\r\nHost: localhost\r\n"
POST_PAGE = (
    b"POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
)
type Record = Callable[[str, object], None]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("slow-clients")
    config = folder / "gunicorn.py"
    config.write_text(
        "from backoffice import patience\nfrom backoffice.gunicorn import *\n"
        f"patience.HEAD_SECONDS, patience.STALL_SECONDS = {HEAD_SECONDS}, {STALL_SECONDS}\n"
        f"patience.BODY_SECONDS, patience.ANSWER_SECONDS = {BODY_SECONDS}, {ANSWER_SECONDS}\n"
        f"patience.HELD_BYTES = {HELD_BYTES}\n"
    )
    with running_server(folder, f"sqlite:///{folder / 'db.sqlite3'}", config=str(config)) as server:
        for _number in range(10):
            probe(server)  # the first pages of a process take seconds
        yield server


@pytest.fixture
def crowd(server: LiveServer) -> Iterator[list[socket.socket]]:
    """So many connections with a window of two kilobytes, closed afterwards."""
    with ExitStack() as stack:
        yield [stack.enter_context(call(server)) for _number in range(CROWD)]


@pytest.fixture
def large_path(server: LiveServer, visitor: Visitor, room: Room) -> str:
    """The address of a public photo that is too large to be held for a slow reader."""
    photo = RoomImage.all_objects.get(pk=visitor.upload(upload_path(room), noise()).photo_id)
    path = server.media / photo.image.name
    path.write_bytes(path.read_bytes() + bytes(5_000_000))
    return photo.image.url


@pytest.fixture
def photo_path(visitor: Visitor, room: Room) -> str:
    """The address of a public photo of about half a megabyte."""
    return visitor.upload(upload_path(room), noise()).content["image"]["url"]


def noise() -> bytes:
    from_random = Image.frombytes("RGB", (800, 600), os.urandom(800 * 600 * 3))
    buffer = io.BytesIO()
    from_random.save(buffer, "JPEG", quality=70)
    return buffer.getvalue()


def call(server: LiveServer, window_bytes: int = 2048) -> socket.socket:
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window_bytes)
    connection.settimeout(TIMEOUT_SECONDS)
    connection.connect(server.address)
    return connection


def probe(server: LiveServer) -> float:
    """How long somebody else waits for a page."""
    started = time.monotonic()
    assert Visitor(server.address).get("/admin/login/").status == 200
    return time.monotonic() - started


def assert_nobody_waits(server: LiveServer, record_property: Record) -> None:
    seconds = [probe(server) for _number in range(PROBES)]
    record_property(FIGURES, f"pages meanwhile: {[round(one, 2) for one in seconds]} s")
    assert max(seconds) < HEAD_SECONDS


def assert_closed(connections: list[socket.socket], seconds: float) -> None:
    """Each is closed by the server before `seconds` and its slack have passed."""
    deadline = time.monotonic() + seconds + SLACK_SECONDS
    waiting = select.poll()
    for connection in connections:
        waiting.register(connection, select.POLLIN)
    left = {connection.fileno(): connection for connection in connections}
    while left:
        assert time.monotonic() < deadline, f"{len(left)} are open"
        for descriptor, _event in waiting.poll(100):
            if is_over(left[descriptor]):
                waiting.unregister(descriptor)
                del left[descriptor]


def is_over(connection: socket.socket) -> bool:
    try:
        return not connection.recv(65_536)
    except ConnectionError:
        return True


@pytest.fixture
def trickle() -> Iterator[Callable[[list[socket.socket], bytes, float], None]]:
    """Sends the same few bytes on all connections every so many seconds, until the test ends."""
    is_over, threads = Event(), []

    def run(connections: list[socket.socket], data: bytes, every_seconds: float) -> None:
        while not is_over.wait(every_seconds):
            for connection in connections:
                with suppress(OSError):
                    connection.send(data)

    def start(connections: list[socket.socket], data: bytes, every_seconds: float = 1) -> None:
        threads.append(Thread(target=run, args=(connections, data, every_seconds)))
        threads[-1].start()

    yield start
    is_over.set()
    for thread in threads:
        thread.join()


# --- heads ------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [b"", GET_PAGE + b"X-A: "], ids=["nothing", "half"])
@pytest.mark.parametrize("crawls", [False, True], ids=["silent", "a-byte-a-second"])
def test_head_that_does_not_come_holds_no_thread_and_is_closed(
    server: LiveServer, crowd: list[socket.socket], trickle, record_property: Record, first, crawls
) -> None:
    started = time.monotonic()
    for connection in crowd:
        connection.sendall(first)
    if crawls:
        trickle(crowd, b"x")
    assert_nobody_waits(server, record_property)
    assert_closed(crowd, HEAD_SECONDS)
    assert time.monotonic() - started >= HEAD_SECONDS - 0.1


def test_head_that_does_not_come_on_a_kept_connection(
    server: LiveServer, crowd: list[socket.socket], trickle, record_property: Record
) -> None:
    for connection in crowd:
        connection.sendall(GET_PAGE + b"\r\n")
        assert read_answer(connection)[0] == 200
        connection.sendall(GET_PAGE + b"X-A: ")
    trickle(crowd, b"x")
    assert_nobody_waits(server, record_property)
    assert_closed(crowd, HEAD_SECONDS)


def test_idle_kept_connections_hold_no_thread_and_stay(
    server: LiveServer, crowd: list[socket.socket], record_property: Record
) -> None:
    for connection in crowd:
        connection.sendall(GET_PAGE + b"\r\n")
        assert read_answer(connection)[0] == 200
    assert_nobody_waits(server, record_property)
    time.sleep(HEAD_SECONDS + 2)
    for connection in crowd:
        connection.sendall(GET_PAGE + b"\r\n")
        assert read_answer(connection)[0] == 200


def test_silent_connections_do_not_keep_a_server_from_stopping(
    server: LiveServer, tmp_path: Path, house_in_order: None
) -> None:
    with ExitStack() as stack:
        with running_server(tmp_path, f"sqlite:///{tmp_path / 'db.sqlite3'}") as other:
            probe(other)
            for first in (b"", GET_PAGE, POST_PAGE):
                stack.enter_context(call(other)).sendall(first)
            wait_until(lambda: open_connections(other) == 3)
            started = time.monotonic()
        assert time.monotonic() - started < graceful_timeout / 2


def test_head_longer_than_any_browser_sends_is_refused(server: LiveServer) -> None:
    with call(server) as connection:
        for _number in range(20):
            connection.sendall(b"X-A: " + b"x" * 4000 + b"\r\n" if _number else GET_PAGE)
        assert read_answer(connection)[0] == 431


# --- bodies -----------------------------------------------------------------------------


@pytest.mark.parametrize("expects", [b"", b"Expect: 100-continue\r\n"], ids=["plain", "expect"])
def test_small_body_that_does_not_come_holds_no_thread(
    server: LiveServer, crowd: list[socket.socket], trickle, record_property: Record, expects
) -> None:
    for connection in crowd:
        connection.sendall(POST_PAGE + expects + b"Content-Length: 60000\r\n\r\nusername=")
    trickle(crowd, b"x")
    assert_nobody_waits(server, record_property)
    assert_closed(crowd, STALL_SECONDS)


@pytest.mark.parametrize(
    ("path", "content_type", "length", "status"),
    [
        ("/admin/login/", f"multipart/form-data; boundary={'x' * 9}", 50_000_000, 400),
        ("/admin/login/", "application/x-www-form-urlencoded", ANONYMOUS_MAX_BYTES + 1, 400),
        ("/rooms/upload-image-temp/", f"multipart/form-data; boundary={'x' * 9}", 1_000_000, 401),
        ("/rooms/1/reorder-images/", "application/json", 1_000_000, 401),
        ("/nowhere/", f"multipart/form-data; boundary={'x' * 9}", 1_000_000, 404),
        ("/nowhere", "application/x-www-form-urlencoded", 1_000_000, 404),
        ("http://elsewhere/admin/login/", f"multipart/form-data; boundary={'x' * 9}", 1_000_000, 400),
    ],
)
def test_large_body_of_nobody_is_answered_unread(
    server: LiveServer,
    crowd: list[socket.socket],
    trickle,
    record_property: Record,
    path,
    content_type,
    length,
    status,
) -> None:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {'elsewhere' if 'elsewhere' in path else 'localhost'}\r\n"
        f"Cookie: csrftoken={'t' * 32}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n"
    )
    for connection in crowd:
        connection.sendall(head.encode())
    trickle(crowd, b"x" * 250, 0.1)
    assert_nobody_waits(server, record_property)
    assert {read_answer(connection)[0] for connection in crowd} == {status}
    assert_closed(crowd, worker.LINGER_SECONDS)
    if "elsewhere" in path:
        assert "Invalid HTTP_HOST" in server.take_log()  # which is a traceback


def test_body_has_an_end_however_steadily_it_comes(
    server: LiveServer, visitor: Visitor, owner: User, room: Room, trickle
) -> None:
    started = time.monotonic()
    with connect(visitor, upload_path(room), "Content-Length: 5000000") as connection:
        connection.sendall(FIELD)
        trickle([connection], b"x" * 1000, 0.1)
        assert read_answer(connection)[0] == 400
    assert BODY_SECONDS - 0.1 <= time.monotonic() - started < BODY_SECONDS + SLACK_SECONDS
    assert not RoomImage.all_objects.filter(uploaded_by=owner).exists()


def test_body_in_small_pieces_arrives(server: LiveServer) -> None:
    form = urlencode({"username": "x" * 500, "password": "y"}).encode()
    head = POST_PAGE + f"Cookie: csrftoken={'t' * 32}\r\nX-CSRFToken: {'t' * 32}\r\n".encode()
    request = head + b"Content-Length: %d\r\n\r\n" % len(form) + form
    with call(server) as connection:
        for start in range(0, len(request), 50):
            connection.sendall(request[start : start + 50])
            time.sleep(0.01)
        status, text = read_answer(connection)
    assert (status, "x" * 500 in text) == (200, True)


def test_client_that_expects_to_be_told_to_continue_is_told(server: LiveServer) -> None:
    with call(server) as connection:
        connection.sendall(POST_PAGE + b"Expect: 100-continue\r\nContent-Length: 10\r\n\r\n")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 100 Continue\r\n\r\n")
        connection.sendall(b"username=x")
        assert read_answer(connection)[0] == 403


# --- answers ----------------------------------------------------------------------------


@pytest.mark.parametrize("reads", [False, True], ids=["silent", "a-byte-a-second"])
def test_answers_that_nobody_takes_hold_no_thread(
    server: LiveServer, crowd: list[socket.socket], photo_path: str, record_property: Record, reads
) -> None:
    request = f"GET {photo_path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    for connection in crowd:
        connection.sendall(request * 40)
    time.sleep(STALL_SECONDS / 2)  # until all that lies between us and the server is full
    assert_nobody_waits(server, record_property)
    wait_until(lambda: open_connections(server) == CROWD)  # those who did not wait may be leaving still
    assert_cut_off(server, crowd if reads else [])


@pytest.mark.parametrize("reads", [False, True], ids=["silent", "a-byte-a-second"])
def test_answer_too_large_to_hold_is_cut_off(server: LiveServer, large_path: str, reads) -> None:
    with call(server) as connection:
        connection.sendall(f"GET {large_path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        wait_until(lambda: open_connections(server) == 1)
        time.sleep(STALL_SECONDS / 2)
        assert open_connections(server) == 1
        assert_cut_off(server, [connection] if reads else [])


@pytest.mark.parametrize("held", [False, True], ids=["too-large-to-hold", "held"])
def test_reader_who_takes_his_time_gets_it_whole(
    server: LiveServer, large_path: str, photo_path: str, held
) -> None:
    path = photo_path if held else large_path
    with call(server) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        time.sleep(STALL_SECONDS / 2)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        content = answer.read()
    assert content == (server.media / path.removeprefix("/media/")).read_bytes()


def test_requests_sent_together_are_answered_in_order(server: LiveServer, photo_path: str) -> None:
    requests = [
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n" for path in (photo_path, "/nowhere/", photo_path)
    ]
    with call(server) as connection:
        connection.sendall("".join(requests).encode())
        statuses = []
        file = connection.makefile("rb")
        for _request in requests:
            statuses.append(int(file.readline().split()[1]))
            length = 0
            while (line := file.readline()) != b"\r\n":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            assert len(file.read(length)) == length
        file.close()
    assert statuses == [200, 404, 200]


def assert_cut_off(server: LiveServer, readers: list[socket.socket]) -> None:
    """All connections are closed by the server in time, although `readers` take a byte a second of each."""
    deadline = time.monotonic() + STALL_SECONDS + SLACK_SECONDS
    while open_connections(server):
        assert time.monotonic() < deadline
        for connection in readers:
            with suppress(OSError):
                connection.recv(1)
        time.sleep(1)


def open_connections(server: LiveServer) -> int:
    """Connections that a process of the server still has open."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    inodes = {
        f"socket:[{row[9]}]"
        for row in rows
        if row[1].endswith(f":{server.address[1]:04X}") and row[3] != "0A"
    }
    links = set()
    for pid in server.worker_pids():
        for descriptor in os.scandir(f"/proc/{pid}/fd"):
            with suppress(FileNotFoundError):
                links.add(os.readlink(descriptor.path))
    return len(inodes & links)
