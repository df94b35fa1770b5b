"""Very many uploads that fail, one after the other: none keeps a descriptor, and the next one works."""

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection

from backoffice.gunicorn import threads
from rooms.models import Room
from rooms.tests.live.crash.scene import PHOTO, assert_clean
from rooms.tests.live.crash.tracing import WAIT_SECONDS, watching
from rooms.tests.live.evidence import files_on_disk
from rooms.tests.live.live_server import LiveServer
from rooms.tests.live.scale import FIGURES, scaled
from rooms.tests.live.visitor import Visitor, upload_path

RESTED_SECONDS = 0.5
type Trouble = Callable[[int, Path], AbstractContextManager[None]]


@contextmanager
def too_few_descriptors(pid: int, folder: Path) -> Iterator[None]:
    """Leaves the process just as many as a connection and SQLite's three files need."""
    needed, used = 4, open_descriptors(pid)
    free = [number for number in range(1000) if number not in used]
    soft, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (free[needed], hard))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (soft, hard))


@contextmanager
def broken_disk(pid: int, folder: Path) -> Iterator[None]:
    """SQLite syncs by another call: it is the photos' disk."""
    with watching(pid, folder, "--trace=fsync", "--inject=fsync:error=EIO"):
        yield


@contextmanager
def read_only_disk(pid: int, folder: Path) -> Iterator[None]:
    """Whatever would change the folder of the photos is refused."""
    calls = "mkdir,rename"
    with watching(pid, folder, f"--trace={calls}", f"--inject={calls}:error=EROFS"):
        yield


@pytest.mark.parametrize(
    ("server", "trouble"),
    [
        (
            "sqlite",
            too_few_descriptors,
        ),  # with PostgreSQL a photo's file needs no more of them than gunicorn does
        *[
            (server, trouble)
            for server in ("sqlite", "postgresql")
            for trouble in (broken_disk, read_only_disk)
        ],
    ],
    indirect=["server"],
)
def test_many_failures_leak_nothing(
    server: LiveServer,
    visitor: Visitor,
    owner: User,
    tmp_path: Path,
    trouble: Trouble,
    record_property: Callable[[str, object], None],
) -> None:
    count = scaled(2 * threads, 1000)
    room = Room.objects.create(establishment=owner.establishments.get(), name="Chambre")
    connection.close()
    assert visitor.upload(upload_path(room), PHOTO).status == 201
    files = files_on_disk(server.media)
    (pid,) = server.worker_pids()
    before = resting_descriptors(pid)

    with trouble(pid, tmp_path):
        answers = []
        for _ in range(count):
            answers.append(visitor.upload(upload_path(room), PHOTO))
            wait_for_rest(pid, len(before) + (0 if server.is_sqlite else threads))

    assert {(answer.status, answer.code) for answer in answers} == {(503, "storage_unavailable")}
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers)
    assert files_on_disk(server.media) == files
    assert_clean(server.media)
    connection.close()
    assert visitor.upload(upload_path(room), PHOTO).status == 201
    record_property(FIGURES, f"{count} failures, {len(before)} descriptors before and after each")


def wait_for_rest(pid: int, most: int) -> None:
    """What a request had open is closed just after its answer; gunicorn ends where it cannot accept one.

    But each thread, one of which may be new, keeps its connection to PostgreSQL.
    """
    deadline = time.monotonic() + WAIT_SECONDS
    while len(open_descriptors(pid)) > most:
        assert time.monotonic() < deadline, "descriptors kept"
        time.sleep(0.001)


def resting_descriptors(pid: int) -> set[int]:
    """What is open between two requests."""
    time.sleep(RESTED_SECONDS)
    return open_descriptors(pid)


def open_descriptors(pid: int) -> set[int]:
    return {int(link.name) for link in Path(f"/proc/{pid}/fd").iterdir()}
