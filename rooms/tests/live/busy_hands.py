"""Work on photos without a pause, while others clean up: what processes of a test run by its name.

`work` uploads, saves forms, removes and restores, and prints the photos that must be there in the
end; `clean` cleans up, photos of any age, until its input ends. Both print one JSON object.
"""

import io
import json
import random
import select
import sys
import time
from collections import Counter
from datetime import timedelta

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction
from django.db.models import F

from rooms import images, limits
from rooms.errors import PhotoError
from rooms.models import Draft, Gallery, PendingFile, Room, RoomImage
from rooms.services import gallery as galleries
from rooms.services import lifecycle, uploads
from rooms.tests.conftest import picture

TINY = picture((16, 12))
MOST_PAUSE_S = 0.003


class Worker:
    """Knows which photos it has put into rooms and left there: nobody may take those."""

    def __init__(self, user: User, chance: random.Random) -> None:
        self.user, self.chance = user, chance
        self.live: set[int] = set()
        self.counts: Counter[str] = Counter()

    def work(self, steps: int) -> None:
        while self.counts.total() < steps:
            self.step()
            time.sleep(self.chance.random() * MOST_PAUSE_S)

    def step(self) -> None:
        """One form: some uploads, saved or abandoned; then perhaps photos removed and restored."""
        draft = Draft.objects.create(user=self.user)
        for _ in range(self.chance.randint(1, 3)):
            self.upload(draft)
        if self.chance.random() < 0.2:
            return
        room = self.save(draft)
        for photo in list(room.images.all()):
            if self.chance.random() < 0.5:
                self.remove_and_restore(photo)
        if self.chance.random() < 0.3:
            self.live -= set(room.images.values_list("pk", flat=True))
            room.delete()

    def upload(self, draft: Draft) -> None:
        """A photo in the draft, or nothing where a cleanup came between."""
        try:
            uploads.add_photo(self.user, Gallery(draft=draft), io.BytesIO(TINY))
            self.counts["uploads"] += 1
        except PhotoError as error:
            self.counts[f"uploads refused: {error.code}"] += 1

    def save(self, draft: Draft) -> Room:
        with transaction.atomic():
            locked = lifecycle.lock_for_saving(draft)
            room = Room.objects.create(establishment=self.user.establishments.get(), name="Chambre")
            attached = lifecycle.attach(locked, room)
        self.live |= {photo.pk for photo in attached}
        self.counts["forms"] += 1
        return room

    def remove_and_restore(self, photo: RoomImage) -> None:
        galleries.remove(photo)
        self.live.discard(photo.pk)
        time.sleep(self.chance.random() * MOST_PAUSE_S)
        try:
            galleries.restore(photo)
            self.live.add(photo.pk)
            self.counts["restored"] += 1
        except PhotoError:
            self.counts["too late to restore"] += 1


def make_uploads_quick_but_some(chance: random.Random) -> None:
    """All have one picture, made once; one in ten outlasts its lease: the cleanup must think it dead."""
    photo = images.process(io.BytesIO(TINY))

    def process(content: io.BytesIO, **how: object) -> images.ProcessedImage:
        if chance.random() < 0.1:
            lease = timedelta(minutes=limits.UPLOAD_LEASE_MINUTES)
            PendingFile.objects.in_flight().update(noted_at=F("noted_at") - 2 * lease)
            time.sleep(MOST_PAUSE_S)
        return photo

    images.process = process


def work(user_id: str, seed: str, steps: str) -> None:
    chance = random.Random(seed)
    make_uploads_quick_but_some(chance)
    worker = Worker(User.objects.get(pk=user_id), chance)
    worker.work(int(steps))
    print(json.dumps({"live": sorted(worker.live), "counts": worker.counts}))


def clean() -> None:
    taken: Counter[str] = Counter()
    while not select.select([sys.stdin], [], [], 0.01)[0]:
        call_command("cleanup_temp_images", days=0, json=True, stdout=(report := io.StringIO()))
        content = json.loads(report.getvalue())
        assert not content["errors"], content
        taken.update(runs=1, photos=content["photos"], files=content["files"])
    print(json.dumps(taken))
