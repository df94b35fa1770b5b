"""A backup taken while people work, the database first and the photos later, has every photo of its rows."""

import io
import json
import random
import shutil
import sqlite3
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import override_settings
from PIL import Image

from rooms import storage
from rooms.models import Room, RoomImage
from rooms.tests.conftest import picture
from rooms.tests.live.crash.tracing import WAIT_SECONDS
from rooms.tests.live.evidence import files_on_disk
from rooms.tests.live.live_server import LiveServer
from rooms.tests.live.scale import FIGURES, scaled
from rooms.tests.live.visitor import ADD_FORM, TEMPORARY, Visitor, patiently, upload_path
from rooms.tests.other_database import models_read

PEOPLE = 2
MOST_UPLOADS = 4
PHOTO = picture((400, 300))
ROOM_ID_IN_PATH = -3  # /admin/rooms/room/7/change/


class Person:
    """Fills rooms until it is told to stop: form by form, with removals, and photos added after."""

    def __init__(self, visitor: Visitor, establishment_id: int) -> None:
        self.visitor, self.establishment_id = visitor, establishment_id
        self.counts: Counter[str] = Counter()

    def work(self, is_over: threading.Event) -> None:
        while not is_over.is_set():
            draft = uuid.uuid4()
            photo_ids = [self.upload(TEMPORARY, draft=draft) for _ in range(3)]
            self.remove(f"/rooms/delete-image-temp/{photo_ids[0]}/")
            room_id = self.save(draft)
            photo_id = self.upload(f"/rooms/{room_id}/upload-image/")
            self.remove(f"/rooms/{room_id}/delete-image/{photo_id}/")

    def upload(self, path: str, **fields: Any) -> int:
        answer = patiently(lambda: self.visitor.upload(path, PHOTO, **fields))
        assert answer.status == 201, answer
        self.counts["uploads"] += 1
        return answer.photo_id

    def remove(self, path: str) -> None:
        assert self.visitor.post(path).status == 200
        self.counts["removals"] += 1

    def save(self, draft: uuid.UUID) -> str:
        fields = self.visitor.open_add_form()
        fields |= {"establishment": str(self.establishment_id), "draft": str(draft)}
        fields |= {"name": "Chambre", "_continue": "1"}
        answer = self.visitor.post_form(ADD_FORM, fields)
        assert answer.status == 302, answer.text
        self.counts["saves"] += 1
        return answer.location.split("/")[ROOM_ID_IN_PATH]


@contextmanager
def at_work(people: list[Person]) -> Iterator[None]:
    is_over, failures = threading.Event(), []

    def work(person: Person) -> None:
        try:
            person.work(is_over)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
    assert not failures, failures


def wait_for_uploads(people: list[Person], count: int) -> None:
    """Until there are so many more of all together."""
    goal = sum(person.counts["uploads"] for person in people) + count
    deadline = time.monotonic() + WAIT_SECONDS
    while sum(person.counts["uploads"] for person in people) < goal:
        assert time.monotonic() < deadline, "nobody is at work"
        time.sleep(0.001)


def copy_database(server: LiveServer, folder: Path, request: pytest.FixtureRequest) -> str:
    """By the database's own means. Returns the copy's DATABASE_URL."""
    source = server.database_url
    if not server.is_sqlite:
        cluster = request.getfixturevalue("cluster")
        return cluster.copy_database(source.rpartition("/")[2], f"backup_{uuid.uuid4().hex}")
    copy = folder / "db.sqlite3"
    with (
        closing(sqlite3.connect(source.removeprefix("sqlite:///"))) as original,
        closing(sqlite3.connect(copy)) as backup,
    ):
        original.backup(backup)
    return f"sqlite:///{copy}"


def copy_what_is_there(source: str, target: str) -> None:
    """As `rsync` does: a file that was listed and is gone by now, or has its final name, is no failure."""
    with suppress(FileNotFoundError):
        shutil.copy2(source, target)


def count_whole_photos(media: Path) -> int:
    """Of the copy; each of its rows must have all its files, and they must be photos."""
    names = list(RoomImage.all_objects.values_list("image", flat=True))
    owned = {name for master in names for name in storage.names_of(master)}
    assert not owned - files_on_disk(media), "rows of the backup without their files"
    for name in owned:
        with Image.open(media / name) as image:
            image.load()
    call_command("cleanup_temp_images", audit=True, dry_run=True, json=True, stdout=(report := io.StringIO()))
    assert json.loads(report.getvalue())["missing_count"] == 0, report.getvalue()
    return len(names)


def test_backup_under_load_lacks_no_file(
    server: LiveServer,
    visitor: Visitor,
    owner: User,
    chance: random.Random,
    tmp_path: Path,
    django_db_blocker: Any,
    request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
) -> None:
    room = Room.objects.create(establishment=owner.establishments.get(), name="Chambre")
    assert visitor.upload(upload_path(room), PHOTO).status == 201
    people = [Person(visitor, owner.establishments.get().pk) for _ in range(PEOPLE)]
    copies = []
    with at_work(people):
        for number in range(scaled(3, 25)):
            folder = tmp_path / str(number)
            folder.mkdir()
            wait_for_uploads(people, chance.randint(1, MOST_UPLOADS))
            url = copy_database(server, folder, request)
            wait_for_uploads(people, chance.randint(0, MOST_UPLOADS))
            shutil.copytree(server.media, folder / "media", copy_function=copy_what_is_there)
            copies.append((url, folder / "media"))
    counts = []
    for url, media in copies:
        with models_read(url, django_db_blocker), override_settings(MEDIA_ROOT=str(media)):
            counts.append(count_whole_photos(media))
    assert 0 < counts[0] < counts[-1]
    record_property(
        FIGURES, f"photos in copies: {counts}; {dict(sum((one.counts for one in people), Counter()))}"
    )
