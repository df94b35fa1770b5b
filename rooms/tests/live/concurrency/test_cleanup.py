"""Cleanups started twice, and killed: every file goes once, and a dead run keeps nobody waiting."""

import json
import subprocess
import sys
import uuid
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User

from rooms import storage
from rooms.models import CleanupRun, Draft, RoomImage
from rooms.tests.live.evidence import files_on_disk
from rooms.tests.live.live_server import LiveServer

HOLD_THE_LOCK = """
import sys
from rooms.services.cleanup.run import only_one
with only_one() as is_alone:
    print(is_alone, flush=True)
    sys.stdin.read()
"""


def start_cleanup(server: LiveServer) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "manage.py", "cleanup_temp_images", "--days=0", "--json"],
        cwd=settings.BASE_DIR, env=server.environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def finish(process: "subprocess.Popen[str]") -> tuple[int, str]:
    """How many files it removed, and its complaints."""
    output, complaints = process.communicate(timeout=60)
    assert process.returncode == 0, complaints
    return json.loads(output)["files"], complaints


def add_garbage(media: Path, owner: User, count: int) -> set[str]:
    """Photos of a draft nobody waits for; returns the names of their files."""
    draft = Draft.objects.create(user=owner)
    names = [f"photos/{stem[:2]}/{stem}.jpg" for stem in (uuid.uuid4().hex for _ in range(count))]
    RoomImage.all_objects.bulk_create(RoomImage(image=name, draft=draft) for name in names)
    files = {file for master in names for file in storage.names_of(master)}
    for name in files:
        (media / name).parent.mkdir(parents=True, exist_ok=True)
        (media / name).write_bytes(b"12345")
    return files


def test_two_cleanups_at_once_remove_every_file_once(server: LiveServer, owner: User) -> None:
    finish(start_cleanup(server))  # what the tests before have left
    garbage = add_garbage(server.media, owner, 600)
    both = [start_cleanup(server), start_cleanup(server)]
    assert sum(finish(process)[0] for process in both) == 2400
    assert not garbage & files_on_disk(server.media)
    assert not RoomImage.all_objects.filter(image__in=garbage).exists()
    assert finish(start_cleanup(server)) == (0, "")
    assert not CleanupRun.objects.filter(finished_at=None).exists()


def test_lock_of_a_killed_run_is_free_at_once(server: LiveServer, owner: User) -> None:
    finish(start_cleanup(server))
    add_garbage(server.media, owner, 5)
    lock_holder = server.start_python(HOLD_THE_LOCK)
    assert lock_holder.stdout
    assert lock_holder.stdout.readline() == "True\n"
    files, sentence = finish(start_cleanup(server))
    assert files == 0
    assert len(sentence.splitlines()) == 1
    lock_holder.kill()
    lock_holder.communicate()
    assert finish(start_cleanup(server)) == (20, "")
