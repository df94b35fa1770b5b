"""What several machines keep together: every photo of a deployment, one count of uploads, one bucket."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterable
from contextlib import closing
from datetime import timedelta
from typing import Any

from django.utils import timezone

from rooms import storage
from rooms.models import Room, RoomImage, UploadCount
from rooms.tests.conftest import picture
from rooms.tests.docs_text import PROJECT
from rooms.tests.live.cast import PASSWORD, add_owner
from rooms.tests.live.machines.conftest import UPLOADS_ALLOWED, Site
from rooms.tests.live.visitor import TEMPORARY, Answer, Visitor

SENDERS = 3
PHOTO = picture((400, 300))
JPEG, WEBP = b"\xff\xd8\xff\xe0", b"RIFF"


def enter(site: Site) -> Visitor:
    visitor = Visitor(site.address)
    visitor.sign_in(add_owner().username, PASSWORD)
    return visitor


def names_of(photos: Iterable[RoomImage]) -> set[str]:
    return {name for photo in photos for name in storage.names_of(photo.image.name)}


class Sender(threading.Thread):
    """Sends photos until it is told to stop, and keeps each answer."""

    def __init__(self, visitor: Visitor, is_over: threading.Event) -> None:
        super().__init__()
        self.visitor, self.is_over = visitor, is_over
        self.answers: list[Answer] = []

    def run(self) -> None:
        draft = uuid.uuid4()
        while not self.is_over.wait(0.2):
            if len(self.answers) % 8 == 7:
                draft = uuid.uuid4()  # a gallery has ten places
            fields = {"draft": draft, "upload_id": uuid.uuid4()}
            self.answers.append(self.visitor.upload(TEMPORARY, PHOTO, **fields))


def test_rolling_deployment_loses_no_upload(site: Site) -> None:
    """One machine takes its code anew; then each is stopped and started again, while the other one serves."""
    UploadCount.objects.all().delete()
    is_over = threading.Event()
    senders = [Sender(enter(site), is_over) for _number in range(SENDERS)]
    for sender in senders:
        sender.start()
    time.sleep(1)
    os.kill(site.machines[0].server.pid, signal.SIGHUP)
    time.sleep(1.5)
    for machine in site.machines:
        machine.restart()
    is_over.set()
    for sender in senders:
        sender.join()
    answers = [answer for sender in senders for answer in sender.answers]
    assert {answer.status for answer in answers} <= {200, 201, 429}, [answer.text for answer in answers]
    stored = [answer.photo_id for answer in answers if answer.status != 429]
    photos = RoomImage.objects.filter(pk__in=stored)
    assert photos.count() == len(stored) > SENDERS
    assert names_of(photos) <= set(site.store.objects)


def test_uploads_of_one_person_are_counted_by_all_machines_together(site: Site) -> None:
    visitor = enter(site)
    through = [Visitor(machine.server.address) for machine in site.machines]
    for direct in through:
        direct.cookies = visitor.cookies
    UploadCount.objects.all().delete()
    assert [direct.upload(TEMPORARY, PHOTO).status for direct in through] == [201, 201]
    assert UploadCount.objects.get().count == 2
    UploadCount.objects.update(count=UPLOADS_ALLOWED)
    assert [direct.upload(TEMPORARY, PHOTO).code for direct in through] == ["rate_limited"] * 2


def test_bucket_has_what_is_kept_and_nothing_else(site: Site) -> None:
    visitor = enter(site)
    form = visitor.open_add_form() | {"name": "Chambre du lac"}
    kept, removed, _abandoned = (
        visitor.upload(TEMPORARY, PHOTO, draft=draft, upload_id=uuid.uuid4()).photo_id
        for draft in (form["draft"], form["draft"], uuid.uuid4())
    )
    assert visitor.save_add_form(form).status == 302
    room = Room.objects.get()
    assert visitor.post(f"/rooms/{room.pk}/rotate-image/{kept}/", {"quarter_turns": 1}).status == 200
    assert visitor.post(f"/rooms/{room.pk}/delete-image/{removed}/").status == 200
    RoomImage.all_objects.filter(pk=removed).update(removed_at=timezone.now() - timedelta(days=31))
    assert names_of(RoomImage.all_objects.all()) <= set(site.store.objects)

    report = clean_up(site)

    assert (report["errors"], report["missing"], report["unknown_count"]) == ([], [], 0), report
    photo = RoomImage.all_objects.get()
    assert photo.pk == kept
    assert (photo.width, photo.height) == (300, 400)
    assert set(site.store.objects) == names_of([photo])
    assert {read(visitor, f"/media/{name}")[:4] for name in names_of([photo])} == {JPEG, WEBP}


def read(visitor: Visitor, path: str) -> bytes:
    with closing(http.client.HTTPConnection(*visitor.address)) as connection:
        connection.request("GET", path, headers={"Cookie": f"sessionid={visitor.session_key}"})
        return connection.getresponse().read()


def clean_up(site: Site) -> dict[str, Any]:
    """The command as a scheduler starts it, on one of the machines; its report."""
    run = subprocess.run(
        [sys.executable, "manage.py", "cleanup_temp_images", "--days", "0", "--audit", "--json"],
        cwd=PROJECT, env=site.machines[0].server.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    report: dict[str, Any] = json.loads(run.stdout)
    return report
