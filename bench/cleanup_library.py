"""A library of photos and the garbage beside it, in the database and folder of the environment.

Live photos are rows alone: no cleanup reads their files, and a million of them are made in seconds.
"""

import hashlib
import os
import uuid
from collections.abc import Iterator
from datetime import timedelta
from itertools import batched, count
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from rooms import storage
from rooms.models import Draft, Establishment, PendingFile, Room, RoomImage

PHOTOS_EACH = 10
FILE_BYTES = 300
COLUMNS = 'room_id, image, caption, "order"'


@transaction.atomic
def add_live_rows(number: int) -> None:
    """Rooms of ten photos each, told to the planner as a database does by itself in time."""
    owner = User.objects.create_user(f"owner-{uuid.uuid4()}")
    establishment = Establishment.objects.create(name="Library", owner=owner)
    rooms = (Room(establishment=establishment, name=str(index)) for index in range(number // PHOTOS_EACH))
    room_ids = [room.pk for batch in batched(rooms, 5000) for room in Room.objects.bulk_create(batch)]
    rows = (
        (room_id, name, "", order)
        for room_id in room_ids
        for order, name in zip(range(1, PHOTOS_EACH + 1), _names(f"live {room_id}"), strict=False)
    )
    with connection.cursor() as cursor:
        for batch in batched(rows, 500):
            places = ", ".join(["(%s, %s, %s, %s)"] * len(batch))
            values = [value for row in batch for value in row]
            cursor.execute(f"INSERT INTO rooms_roomimage ({COLUMNS}) VALUES {places}", values)  # noqa: S608
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")


@transaction.atomic
def add_garbage(number: int) -> None:
    """Photos with files: of ten, seven in an idle draft, one removed, one in none, one of a dead upload."""
    user = User.objects.create_user(f"user-{uuid.uuid4()}")
    room = Room.objects.create(
        establishment=Establishment.objects.create(name="Litter", owner=user), name="Litter"
    )
    long_ago = timezone.now() - timedelta(days=9)
    names = _names(f"garbage {uuid.uuid4()}")
    for _ in range(number // PHOTOS_EACH):
        ten = [next(names) for _ in range(PHOTOS_EACH)]
        draft = Draft.objects.create(user=user, touched_at=long_ago)
        of_draft = [RoomImage(image=name, draft=draft, created_at=long_ago) for name in ten[:7]]
        removed = RoomImage(image=ten[7], room=room, removed_at=long_ago, created_at=long_ago)
        unheld = RoomImage(image=ten[8], created_at=long_ago)
        RoomImage.all_objects.bulk_create([*of_draft, removed, unheld])
        PendingFile.objects.create(name=ten[9], kind=PendingFile.Kind.UPLOAD, noted_at=long_ago)
        for name in ten:
            _write_files(name)


def _write_files(master_name: str) -> None:
    for name in storage.names_of(master_name):
        path = Path(settings.MEDIA_ROOT, name)
        if not path.parent.exists():
            os.makedirs(path.parent)
        path.write_bytes(bytes(FILE_BYTES))


def _names(seed: str) -> Iterator[str]:
    for number in count():
        stem = hashlib.md5(f"{seed} {number}".encode()).hexdigest()  # noqa: S324  # only spreads names
        yield f"photos/{stem[:2]}/{stem}.jpg"
