"""A process that gets no memory for a photo: another one serves, and nothing is left of it."""

import http.client
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection

from rooms.models import Room
from rooms.tests.conftest import picture
from rooms.tests.live.crash.scene import PHOTO, clean_up_later
from rooms.tests.live.evidence import files_on_disk
from rooms.tests.live.live_server import LiveServer, running_server
from rooms.tests.live.visitor import Answer, Visitor, upload_path

COSTLY = picture((6000, 4000), "PNG")  # 72 MB of pixels in a few kB: accepted where there is memory
SPARE_BYTES = 30_000_000


@pytest.fixture(scope="module")
def sqlite_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("memory")
    with running_server(folder, f"sqlite:///{folder / 'db.sqlite3'}") as server:
        yield server


@contextmanager
def alone_and_short_of_memory(pid: int, others: list[int]) -> Iterator[None]:
    """The others stand still, so that the next request is for it; it has hardly more than it uses."""
    used_bytes = int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()
    resource.prlimit(pid, resource.RLIMIT_AS, (used_bytes + SPARE_BYTES, resource.RLIM_INFINITY))
    for other in others:
        os.kill(other, signal.SIGSTOP)
    try:
        yield
    finally:
        for other in others:
            os.kill(other, signal.SIGCONT)


def upload(visitor: Visitor, room: Room, photo: bytes) -> Answer | None:
    """None where the process died of it."""
    connection.close()
    try:
        return visitor.upload(upload_path(room), photo)
    except (OSError, http.client.HTTPException):
        return None


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_process_without_memory_takes_nothing_with_it(
    server: LiveServer, visitor: Visitor, owner: User
) -> None:
    room = Room.objects.create(establishment=owner.establishments.get(), name="Chambre")
    answer = upload(visitor, room, COSTLY)
    assert answer is not None
    assert answer.status == 201
    before = files_on_disk(server.media)
    pid, *others = server.worker_pids()
    assert others
    with alone_and_short_of_memory(pid, others):
        answer = upload(visitor, room, COSTLY)
    assert answer is None or (answer.status, answer.code) == (503, "storage_unavailable")
    assert files_on_disk(server.media) == before
    if pid in server.worker_pids():  # the rest of the work is for those that can do it
        os.kill(pid, signal.SIGKILL)
    for photo in (PHOTO, PHOTO, COSTLY):
        answer = upload(visitor, room, photo)
        assert answer is not None
        assert answer.status == 201
    clean_up_later(server.media)
