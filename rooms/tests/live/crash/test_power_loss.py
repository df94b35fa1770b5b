"""A power cut at any moment of uploads: no photo that was answered is lost, no half one has a photo's name.

The calls of real uploads are replayed on the model of a disk that loses whatever was not synced.
"""

import os
import re
import shutil
import signal
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from django.contrib.auth.models import User
from django.db import connection

from rooms import limits, storage
from rooms.models import Room, RoomImage
from rooms.tests.live.crash.disk_model import Disk
from rooms.tests.live.crash.scene import PHOTO
from rooms.tests.live.crash.tracing import MUTATING, WAIT_SECONDS, Step, Watch, watching
from rooms.tests.live.live_server import LiveServer
from rooms.tests.live.scale import FIGURES, scaled
from rooms.tests.live.visitor import TEMPORARY, Visitor, at_once, upload_path

FILES_A_PHOTO = 1 + len(limits.VERSION_SIDES_PX)
AT_ONCE = 3
OPTIONS = (f"--trace={','.join(MUTATING)}", "--decode-fds=path", "--string-limit=400")
type Record = Callable[[str, object], None]


def test_no_power_cut_loses_an_answered_photo(
    server: LiveServer, visitor: Visitor, owner: User, tmp_path: Path, record_property: Record
) -> None:
    shutil.rmtree(server.media, ignore_errors=True)  # not even the first folder is there
    count = 0
    with watching(worker_pid(server, visitor), tmp_path, *OPTIONS) as watch:
        for _ in range(scaled(2, 10)):
            paths = [TEMPORARY, upload_path(new_room(owner)), *[upload_path(new_room(owner))] * AT_ONCE]
            for path in paths[:2]:
                assert visitor.upload(path, PHOTO).status == 201
            answers = at_once([lambda path=path: visitor.upload(path, PHOTO) for path in paths[2:]])
            assert [answer.status for answer in answers] == [201] * AT_ONCE
            count += len(paths)
            forget_temporary_photos(visitor)
    figures = cut_power_everywhere(server, watch, Disk(), count)
    record_property(FIGURES, figures)


def test_folder_whose_maker_died_before_it_was_safe_loses_no_photo(
    server: LiveServer, visitor: Visitor, owner: User, tmp_path: Path, record_property: Record
) -> None:
    """It is there, but its name may not be: whoever comes next must see to that."""
    shutil.rmtree(server.media / storage.TOP_FOLDER, ignore_errors=True)
    unsynced = [server.media / folder for folder in (storage.TOP_FOLDER, *storage.all_folders())]
    for folder in unsynced:
        folder.mkdir(parents=True, exist_ok=True)
    replace_worker(server, visitor)
    room = new_room(owner)
    with watching(worker_pid(server, visitor), tmp_path, *OPTIONS) as watch:
        for _ in range(2):
            assert visitor.upload(upload_path(room), PHOTO).status == 201
    figures = cut_power_everywhere(server, watch, Disk(map(str, unsynced)), 2)
    record_property(FIGURES, figures)


def new_room(owner: User) -> Room:
    room = Room.objects.create(establishment=owner.establishments.get(), name="Chambre")
    connection.close()
    return room


def forget_temporary_photos(visitor: Visitor) -> None:
    """The unfinished room has space for the next ones."""
    for photo in visitor.get("/rooms/list-image-temp/").content["images"]:
        assert visitor.post(f"/rooms/delete-image-temp/{photo['id']}/").status == 200


def worker_pid(server: LiveServer, visitor: Visitor) -> int:
    """Of the process, once it has a thread and a connection to the database."""
    visitor.get("/rooms/list-image-temp/")
    (pid,) = server.worker_pids()
    return pid


def replace_worker(server: LiveServer, visitor: Visitor) -> None:
    """By one that has not stored anything yet."""
    old = worker_pid(server, visitor)
    os.kill(old, signal.SIGKILL)
    deadline = time.monotonic() + WAIT_SECONDS
    while server.worker_pids() in ([old], []):
        assert time.monotonic() < deadline, "the process was not replaced"
        time.sleep(0.01)


def cut_power_everywhere(server: LiveServer, watch: Watch, disk: Disk, count: int) -> str:
    """ImageMetrics at what would be left after each moment of the trace. Returns figures."""
    sizes = {str(path): path.stat().st_size for path in server.media.rglob("*") if path.is_file()}
    moments, answered = 0, set()
    renamed: dict[int, set[str]] = defaultdict(set)
    for step, is_end in disk.moments(steps_within(watch, server.media)):
        moments += 1
        half = [name for name in disk.names() if is_public(name) and disk.may_be_half(name, sizes.get(name))]
        assert not half, (half, step)
        if step.name == "rename" and not is_end:
            renamed[step.tid].add(step.text.split('"')[3])
        elif is_answer(step) and not is_end:
            photo = renamed.pop(step.tid)
            assert len(photo) == FILES_A_PHOTO
            answered |= photo
        lost = [name for name in answered if not disk.lasts(name)]
        assert not lost, (lost, step)
    rows = RoomImage.all_objects.values_list("image", flat=True)
    expected = {str(server.media / name) for master in rows for name in storage.names_of(master)}
    assert answered == expected == sizes.keys()
    assert len(answered) == count * FILES_A_PHOTO
    return f"{count} uploads, cut at {moments} moments"


def steps_within(watch: Watch, media: Path) -> list[Step]:
    """Those that change the photos' disk, and the answers."""
    near = re.compile(f'["<]{re.escape(str(media.parent))}(?!/db[.])')
    return [step for step in watch.steps() if is_answer(step) or near.search(step.text.split(" = ")[0])]


def is_answer(step: Step) -> bool:
    return step.name.startswith("send") and "HTTP/1.1 201" in step.text


def is_public(name: str) -> bool:
    return storage.is_ours(name[name.find(f"/{storage.TOP_FOLDER}/") + 1 :])
