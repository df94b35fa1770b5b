"""Real disks that are full or read-only under a server: nothing is half kept, and work goes on after.

The photos' disk, that of temporary files and the database's, each for itself.
"""

import errno
import io
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from PIL import Image

from rooms import limits, storage
from rooms.models import Room
from rooms.tests.live.crash.scene import PHOTO, clean_up_later
from rooms.tests.live.crash.small_disks import SmallDisk, own_mounts
from rooms.tests.live.crash.tracing import WAIT_SECONDS
from rooms.tests.live.evidence import assert_house_in_order, files_on_disk
from rooms.tests.live.live_server import LiveServer, running_server
from rooms.tests.live.scale import scaled
from rooms.tests.live.visitor import Answer, Visitor, at_once, upload_path
from rooms.tests.postgres_cluster import running_cluster

AT_ONCE = 3
LETS_GO_SECONDS = 3
MOST_UPLOADS = 200
FILES_A_PHOTO = 1 + len(limits.VERSION_SIDES_PX)
SQLITE_OPENS_BYTES = 40_960  # without so much, of memory that its readers share, nobody can even read it
ENOUGH = "size=60m,nr_inodes=9999"
IN_MEMORY_BYTES = 2_621_440  # Django writes what is larger into a temporary file


@dataclass(frozen=True)
class Disks:
    media: SmallDisk
    temporary: SmallDisk
    database: SmallDisk


DISKS: dict[LiveServer, Disks] = {}


@pytest.fixture(scope="module")
def sqlite_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("small-disks")
    with own_mounts():
        database = SmallDisk(folder / "database", "6m")
        with serving(folder, f"sqlite:///{database.folder / 'db.sqlite3'}", database) as server:
            yield server


@pytest.fixture(scope="module")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    home = Path(tempfile.mkdtemp(prefix="rooms-disk-"))  # a short path, open to whoever runs PostgreSQL
    home.chmod(0o755)
    try:
        with own_mounts():
            database = SmallDisk(home, "200m")
            with running_cluster(home) as cluster:
                url = cluster.create_database("small")
                with serving(tmp_path_factory.mktemp("small-disks"), url, database) as server:
                    yield server
    finally:
        home.rmdir()


@contextmanager
def serving(folder: Path, url: str, database: SmallDisk) -> Iterator[LiveServer]:
    media, temporary = SmallDisk(folder / "media", "60m"), SmallDisk(folder / "tmp", "6m")
    # A database on a full disk may take one change and not another: galleries need no room to be made.
    limits = {"ROOM_PHOTO_MAX_COUNT": str(2 * MOST_UPLOADS)}
    environment = {"TMPDIR": str(temporary.folder), "WEB_CONCURRENCY": "1"}
    with running_server(folder, url, **environment, **limits) as server:
        DISKS[server.database_url] = Disks(media, temporary, database)
        yield server


@pytest.fixture
def disks(server: LiveServer) -> Iterator[Disks]:
    yield DISKS[server.database_url]
    DISKS[server.database_url].media.change(ENOUGH)


@pytest.fixture
def room(owner: User) -> Room:
    return Room.objects.create(establishment=owner.establishments.get(), name="Chambre")


def noisy(width: int, height: int) -> bytes:
    """A photo of many bytes, no two alike."""
    content = io.BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(content, "JPEG", quality=93)
    return content.getvalue()


def assert_readable(visitor: Visitor, room: Room) -> None:
    for path in ("/admin/rooms/room/", f"/admin/rooms/room/{room.pk}/change/", f"/rooms/{room.pk}/images/"):
        assert visitor.get(path).status == 200, path


def wait_for_files(disk: SmallDisk, expected: list[Path]) -> None:
    """A request removes its temporary file just after its answer; its name goes before its space is free."""
    deadline = time.monotonic() + WAIT_SECONDS
    while list(disk.folder.iterdir()) != expected or (not expected and not disk.is_empty):
        assert time.monotonic() < deadline, "temporary files kept"
        time.sleep(0.005)


def wait_until_nobody_reads(disk: SmallDisk) -> None:
    """A request lets go of SQLite just after its answer, and the last one deletes what lies beside it.

    Gone later, that would leave room on a disk that was full. What is still there after a while stays: a
    thread of the server may keep the database open that could not close it on a full disk.
    """
    deadline = time.monotonic() + LETS_GO_SECONDS
    while any(disk.folder.glob("*.sqlite3-*")) and time.monotonic() < deadline:
        time.sleep(0.005)


@pytest.mark.parametrize("lack", ["size=6m,nr_inodes=9999", "size=60m,nr_inodes=24"], ids=["bytes", "inodes"])
def test_full_disk_keeps_whole_photos_only(
    server: LiveServer, visitor: Visitor, owner: User, disks: Disks, lack: str
) -> None:
    shutil.rmtree(server.media / storage.TOP_FOLDER, ignore_errors=True)
    disks.media.change(lack)
    photo = noisy(1500, 1100)
    kept: list[tuple[Room, int]] = []
    for _ in range(scaled(1, 10)):
        answers: list[Answer] = []
        while len(answers) < MOST_UPLOADS and all(answer.status == 201 for answer in answers):
            room = Room.objects.create(establishment=owner.establishments.get(), name="Chambre")
            connection.close()
            fresh = at_once([lambda room=room: visitor.upload(upload_path(room), photo)] * AT_ONCE)
            kept += [(room, answer.photo_id) for answer in fresh if answer.status == 201]
            answers += fresh
        refused = [answer for answer in answers if answer.status != 201]
        assert {(answer.status, answer.code) for answer in refused} == {(507, "storage_full")}
        assert_house_in_order(server.media)
        assert_readable(visitor, room)
        for room, photo_id in kept:
            assert visitor.post(f"/rooms/{room.pk}/delete-image/{photo_id}/").status == 200
        kept.clear()
        clean_up_later(server.media)
        shutil.rmtree(server.media / storage.TOP_FOLDER)  # its empty folders are files, too
        connection.close()
        answer = visitor.upload(upload_path(room), photo)
        assert answer.status == 201
        kept.append((room, answer.photo_id))


def test_read_only_disk_is_refused_with_its_reason_in_the_log(
    server: LiveServer, visitor: Visitor, room: Room, disks: Disks
) -> None:
    assert visitor.upload(upload_path(room), PHOTO).status == 201
    before = files_on_disk(server.media)
    server.take_log()
    with disks.media.read_only():
        answer = visitor.upload(upload_path(room), PHOTO)
        assert (answer.status, answer.code) == (503, "storage_unavailable")
        logged = server.take_log()
        assert logged.count(os.strerror(errno.EROFS)) == 1
        assert "Traceback" not in logged
        assert_readable(visitor, room)
    assert files_on_disk(server.media) == before
    assert visitor.upload(upload_path(room), PHOTO).status == 201
    clean_up_later(server.media)


def test_full_disk_of_temporary_files_refuses_only_large_photos(
    server: LiveServer, visitor: Visitor, room: Room, disks: Disks
) -> None:
    large = noisy(2000, 1600)
    assert IN_MEMORY_BYTES < len(large) < 5_000_000
    path = upload_path(room)
    assert visitor.upload(path, large).status == 201
    wait_for_files(disks.temporary, [])
    with disks.temporary.full() as filler:
        answer = visitor.upload(path, large)
        assert (answer.status, answer.code) == (503, "storage_unavailable")
        wait_for_files(disks.temporary, [filler])
        assert visitor.upload(path, PHOTO).status == 201
        assert_readable(visitor, room)
    assert visitor.upload(path, large).status == 201
    wait_for_files(disks.temporary, [])
    assert_house_in_order(server.media)


@pytest.mark.parametrize(
    ("server", "free_bytes"),
    [("sqlite", 0), ("sqlite", SQLITE_OPENS_BYTES), ("postgresql", 0)],
    indirect=["server"],
)
def test_full_disk_of_the_database_refuses_photos_and_keeps_pages(
    server: LiveServer, visitor: Visitor, room: Room, disks: Disks, free_bytes: int
) -> None:
    connection.close()
    if server.is_sqlite:
        wait_until_nobody_reads(disks.database)
    before, kept = files_on_disk(server.media), 0
    with disks.database.full(free_bytes):
        while (answer := visitor.upload(upload_path(room), PHOTO)).status == 201 and kept < MOST_UPLOADS:
            kept += 1
        assert (answer.status, answer.code) == (503, "storage_unavailable")
        assert int(answer.headers["Retry-After"]) > 0
        assert len(files_on_disk(server.media) - before) == kept * FILES_A_PHOTO
        if free_bytes or not server.is_sqlite:
            assert_readable(visitor, room)
        else:
            page = visitor.get("/admin/rooms/room/")
            assert page.status == 503
            assert int(page.headers["Retry-After"]) > 0
    assert visitor.upload(upload_path(room), PHOTO).status == 201
    clean_up_later(server.media)
