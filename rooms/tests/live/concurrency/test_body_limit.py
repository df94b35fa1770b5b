"""Bodies that are too large, wrong about their size, cut off or stalled: answered, and nothing is kept.

A silent or crawling client who has signed in holds a thread until `STALL_SECONDS` have passed. A process lets
in so few of them that pages always find another one; the rest is answered at once.
"""

import io
import os
import select
import signal
import socket
import struct
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest
from django.contrib.auth.models import User
from PIL import Image

from backoffice.gunicorn import threads
from rooms.admission import FOR_OTHERS, PLACES
from rooms.models import Room, RoomImage
from rooms.tests.live.live_server import PROCESSES, LiveServer, running_server
from rooms.tests.live.raw_upload import END, FIELD, NOISE, connect, pour, read_answer
from rooms.tests.live.visitor import TEMPORARY, Visitor, at_once, upload_path, wait_until

GIGABYTE = 2**30
# What may have left the client when it is refused, all buffers between it and the server included.
MAX_SENT_BYTES = 6_000_000
STALL_SECONDS = 4
MAX_WORKERS_KIB = 1024 * 1024
type Photo = Callable[[], bytes]


@pytest.fixture(scope="module")
def spool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server puts what it cannot keep in memory."""
    return tmp_path_factory.mktemp("spool")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, spool: Path) -> Iterator[LiveServer]:
    """One that is as deployed but for its patience with silent clients; no database has a say in this."""
    folder = tmp_path_factory.mktemp("body-limit")
    config = folder / "gunicorn.py"
    config.write_text(
        "import backoffice.patience\nfrom backoffice.gunicorn import *\n"
        f"backoffice.patience.STALL_SECONDS = {STALL_SECONDS}\n"
    )
    with running_server(
        folder,
        f"sqlite:///{folder / 'db.sqlite3'}",
        config=str(config),
        TMPDIR=str(spool),
    ) as server:
        yield server


@pytest.fixture(autouse=True)
def nothing_spooled(house_in_order: None, spool: Path) -> Iterator[None]:
    yield
    assert list(spool.iterdir()) == []


@pytest.fixture(scope="module")
def large_photo() -> bytes:
    """24 megapixels in about four megabytes."""
    noise = [Image.effect_noise((1500, 1000), 60) for _channel in "RGB"]
    buffer = io.BytesIO()
    Image.merge("RGB", noise).resize((6000, 4000)).save(buffer, "JPEG", quality=50)
    return buffer.getvalue()


def find_socket(connection: socket.socket) -> str:
    """The server's end of a connection, as the links in /proc call it; empty until it was accepted."""
    ends = [f":{port:04X}" for port in (connection.getpeername()[1], connection.getsockname()[1])]
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    inodes = [row[9] for row in rows if row[1].endswith(ends[0]) and row[2].endswith(ends[1])]
    return f"socket:[{inodes[0]}]" if inodes and inodes[0] != "0" else ""


def is_held(server: LiveServer, link: str) -> bool:
    """Whether a worker has a socket open: one that is gone for the kernel may still be waited for there."""
    for pid in server.worker_pids():
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(FileNotFoundError):  # closed meanwhile
                if os.readlink(descriptor) == link:
                    return True
    return False


def peak_kib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


CHUNK = b"10000\r\n" + NOISE + b"\r\n"


@pytest.mark.parametrize(
    ("framing", "first", "block", "expected"),
    [
        (f"Content-Length: {GIGABYTE}", FIELD, NOISE, (413, '"file_too_large"')),
        (f"Content-Length: {len(FIELD) + 1000}", FIELD, NOISE, (400, '"no_file"')),
        ("Transfer-Encoding: chunked", b"%x\r\n%b\r\n" % (len(FIELD), FIELD), CHUNK, (400, '"no_file"')),
    ],
    ids=["honest", "understated", "without-length"],
)
def test_gigabyte_is_answered_after_its_first_bytes(
    visitor: Visitor, photo: Photo, owner: User, room: Room, framing, first, block, expected
) -> None:
    with connect(visitor, upload_path(room), framing) as connection:
        connection.sendall(first)
        sent_bytes = pour(connection, GIGABYTE, block)
        status, text = read_answer(connection)
    print(f"sent {sent_bytes} bytes")
    assert (status, expected[1] in text) == (expected[0], True), text
    assert sent_bytes <= MAX_SENT_BYTES
    assert not RoomImage.all_objects.filter(uploaded_by=owner).exists()
    assert visitor.upload(upload_path(room), photo()).status == 201


@pytest.mark.parametrize("is_reset", [False, True], ids=["closed", "reset"])
@pytest.mark.parametrize("percent", [10, 50, 99])
def test_client_that_leaves_leaves_nothing(
    server: LiveServer, visitor: Visitor, owner: User, room: Room, large_photo: bytes, percent, is_reset
) -> None:
    body = FIELD + large_photo + END
    with connect(visitor, upload_path(room), f"Content-Length: {len(body)}") as connection:
        connection.sendall(body[: len(body) * percent // 100])
        wait_until(lambda: bool(find_socket(connection)))
        link = find_socket(connection)
        if is_reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wait_until(lambda: not is_held(server, link))
    assert not RoomImage.all_objects.filter(uploaded_by=owner).exists()


def test_killed_process_leaves_nothing_of_an_upload(
    server: LiveServer, visitor: Visitor, owner: User, room: Room, large_photo: bytes, spool: Path
) -> None:
    body = FIELD + large_photo + END
    with connect(visitor, upload_path(room), f"Content-Length: {len(body)}") as connection:
        connection.sendall(body[: len(body) * 3 // 4])
        wait_until(lambda: bool(find_laid_down(server, spool)))
        assert list(spool.iterdir()) == []
        pid = find_laid_down(server, spool)[0]
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: pid not in server.worker_pids())
        wait_until(lambda: len(server.worker_pids()) == PROCESSES)  # gunicorn brings another one
    assert list(spool.iterdir()) == []
    assert not RoomImage.all_objects.filter(uploaded_by=owner).exists()


def find_laid_down(server: LiveServer, spool: Path) -> list[int]:
    """The processes that are laying down a file in `spool`."""
    found = []
    for pid in server.worker_pids():
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(FileNotFoundError):  # closed meanwhile
                is_there = os.readlink(descriptor).startswith(str(spool))
                if is_there and os.stat(descriptor).st_size:
                    found.append(pid)
    return found


@pytest.mark.parametrize("crawls", [False, True], ids=["silent", "a-byte-a-second"])
def test_slow_clients_harm_nobody_and_are_cut_off(
    server: LiveServer, visitor: Visitor, owner: User, room: Room, large_photo: bytes, crawls
) -> None:
    # What has come is credit for what comes later: a crawling client must not have sent much.
    body = FIELD + large_photo + END
    first_bytes = 2000 if crawls else len(body) * 3 // 4
    many = range(PROCESSES * threads)
    slow = [connect(visitor, upload_path(room), f"Content-Length: {len(body)}") for _number in many]
    for connection in slow:
        with suppress(ConnectionError):  # one that was sent away at once
            connection.sendall(body[:first_bytes])
    crawl = Thread(target=send_a_byte_a_second, args=(slow if crawls else [], body[first_bytes:]))
    crawl.start()
    other = Visitor(server.address)
    other.cookies = visitor.cookies

    assert other.get("/admin/").status == 200
    sent_away = select.select(slow, [], [], 0)[0]
    assert [other.get("/admin/").status for _number in range(9)] == [200] * 9

    answers = {connection: read_answer(connection) for connection in slow}
    # It has not waited until one that was let in was given up.
    assert {answers[connection][0] for connection in sent_away} == {503}
    statuses = Counter(status for status, _text in answers.values())
    assert set(statuses) == {400, 503}
    assert statuses[400] <= PROCESSES * (PLACES - FOR_OTHERS)
    crawl.join()
    for connection in slow:
        connection.close()
    assert not RoomImage.all_objects.filter(uploaded_by=owner).exists()


def send_a_byte_a_second(connections: list[socket.socket], rest: bytes) -> None:
    """Until the server answers or hangs up."""
    waiting = list(connections)
    for position in range(len(rest)):
        answered, _, _ = select.select(waiting, [], [], 0)
        waiting = [connection for connection in waiting if connection not in answered]
        if not waiting:
            return
        for connection in waiting:
            with suppress(OSError):  # hung up between the look and the byte
                connection.send(rest[position : position + 1])
        time.sleep(1)


def test_sixteen_large_photos_at_once_fit_into_a_gigabyte(
    server: LiveServer, visitor: Visitor, room: Room, large_photo: bytes
) -> None:
    paths = [TEMPORARY, upload_path(room)] * 8
    uploads = [lambda path=path: visitor.upload(path, large_photo) for path in paths]
    pages_meanwhile = 0
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(at_once, uploads)
        while not sent.done():
            assert visitor.get("/admin/").status == 200
            pages_meanwhile += not sent.done()
            time.sleep(0.2)
        answers = sent.result()

    assert Counter((answer.status, answer.code) for answer in answers) == {(201, ""): 16}
    peaks_kib = [peak_kib(pid) for pid in server.worker_pids()]
    print(f"peaks {peaks_kib} kB, {pages_meanwhile} pages meanwhile")
    assert sum(peaks_kib) < MAX_WORKERS_KIB
    assert pages_meanwhile  # a page does not wait until the last photo is done
