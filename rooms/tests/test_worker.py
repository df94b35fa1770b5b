"""What keeps gunicorn's threads from waiting: paces, the memory for slow readers, where a request ends."""

import os
import socket
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.errors import ConfigError

from backoffice import patience, worker
from backoffice.patience import Pace, PatientSocket, Reserve, SlowClient
from backoffice.worker import PatientWorker

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize(
    ("waited_s", "moved_bytes", "patience_s"),
    [
        (0, 0, 30),
        (10, 0, 20),
        (30, 0, 0),
        (30, 20_000, 10),  # ten seconds of the slowest line
        (30, 10_000_000, 30),  # but never a longer silence
        (590, 10_000_000, 10),
        (700, 10_000_000, 0),
    ],
)
def test_what_has_moved_is_credit(waited_s: float, moved_bytes: int, patience_s: float) -> None:
    pace = Pace(patience.BODY_SECONDS)
    pace.waited_s, pace.moved_bytes = waited_s, moved_bytes
    assert pace.patience_s() == patience_s


def test_head_has_twenty_seconds_whatever_came() -> None:
    pace = Pace(patience.HEAD_SECONDS)
    pace.waited_s, pace.moved_bytes = 19, 1_000_000
    assert pace.patience_s() == 1


@pytest.mark.parametrize(
    ("data", "head_bytes"),
    [
        (b"", 0),
        (GET[:-1], 0),
        (GET, len(GET)),
        (GET + GET, len(GET)),
        (b"\r\n", 0),
        (b"\r\n\r\n", 0),  # one empty line may come before a request
        (b"\r\n" + GET, len(GET) + 2),
        (b"GET / HTTP/1.0\r\n\r\n", 18),
    ],
)
def test_head_ends_where_gunicorn_says_so(data: bytes, head_bytes: int) -> None:
    assert worker.find_head(data) == head_bytes


@pytest.mark.parametrize(
    ("line", "body_bytes"),
    [
        (b"Content-Length: 10", 10),
        (b"content-length:10 ", 10),
        (b"Content-Length: 65536", 65536),
        (b"Content-Length: 65537", 0),
        (b"Content-Length: 9999999999", 0),
        (b"Content-Length: -1", 0),
        (b"X-Content-Length: 10", 0),
        (b"Transfer-Encoding: chunked", 0),
    ],
)
def test_small_bodies_are_waited_for(line: bytes, body_bytes: int) -> None:
    assert worker.small_body_bytes(b"POST / HTTP/1.1\r\n" + line + b"\r\n\r\n") == body_bytes


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[socket.socket, socket.socket]]:
    monkeypatch.setattr(patience, "STALL_SECONDS", 0.2)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_answer_that_may_be_held_waits_for_nobody(ends: Any) -> None:
    reserve = Reserve()
    ours = PatientSocket(ends[0], reserve)
    content = os.urandom(3_000_000)
    ours.sendall(content)
    assert reserve.held_bytes == len(ours.unsent) > 0
    received = b""
    while len(received) < len(content):
        received += ends[1].recv(1_000_000)
        ours.send_now()
    assert received == content
    assert reserve.held_bytes == 0


@pytest.mark.parametrize(("one", "all_of_them"), [(1_000_000, 64_000_000), (4_000_000, 1_000_000)])
def test_answer_that_may_not_be_held_has_a_pace(
    ends: Any, monkeypatch: Any, one: int, all_of_them: int
) -> None:
    monkeypatch.setattr(patience, "HELD_BYTES", one)
    monkeypatch.setattr(patience, "HELD_BYTES_IN_ALL", all_of_them)
    reserve = Reserve()
    ours = PatientSocket(ends[0], reserve)
    with pytest.raises(SlowClient):
        ours.sendall(bytes(3_000_000))
    assert (reserve.held_bytes, ours.unsent) == (0, b"")


def test_file_is_sent_from_where_it_is_asked_for(ends: Any) -> None:
    ours = PatientSocket(ends[0], Reserve())
    with tempfile.TemporaryFile() as file:
        file.write(bytes(range(200)))
        ours.sendfile(file, offset=100, count=50)
    assert ends[1].recv(1000) == bytes(range(100, 150))


def test_silence_is_not_waited_for(ends: Any) -> None:
    ours = PatientSocket(ends[0], Reserve())
    with pytest.raises(SlowClient):
        ours.recv(10)
    ours.incoming = Pace(0)
    ends[1].sendall(b"x")
    assert ours.recv(10) == b"x"  # what is there is taken even so


def test_client_is_there_until_it_hangs_up(ends: Any) -> None:
    ours = PatientSocket(ends[0], Reserve())
    assert not ours.has_left()
    ends[1].sendall(b"next")
    assert not ours.has_left()
    assert ours.recv(10) == b"next", "it only looks"
    ends[1].close()
    assert ours.has_left()


def test_body_is_asked_for_when_it_is_read_and_not_after_an_answer(ends: Any) -> None:
    for answer in (b"", b"HTTP/1.1 503 \r\n\r\n"):
        ours = PatientSocket(ends[0], Reserve())
        ours.owes_continue = True
        ours.sendall(answer) if answer else None
        ends[1].sendall(b"body")
        assert ours.recv(10) == b"body"
        assert ends[1].recv(100) == (answer or patience.CONTINUE)


@pytest.mark.parametrize(
    "changed", [{"certfile": "cert.pem"}, {"protocol": "uwsgi"}, {"http_protocols": "h2,h1"}], ids=str
)
def test_server_refuses_to_speak_what_it_would_not_watch(changed: dict[str, str]) -> None:
    config = Config()
    for name, value in changed.items():
        config.set(name, value)
    with pytest.raises(ConfigError):
        PatientWorker.check_config(config, None)
    PatientWorker.check_config(Config(), None)
