"""A room and an unfinished one with photos, and what may be there after whatever was done to them."""

import io
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from PIL import Image

from rooms import limits, storage
from rooms.models import Draft, Gallery, PendingFile, Room, RoomImage
from rooms.services import gallery as galleries
from rooms.services import uploads
from rooms.storage.disk import _partial_name
from rooms.tests.conftest import picture
from rooms.tests.live.evidence import files_on_disk

# Where a photo is: its room's name, its draft, its place, and whether it or its room was removed.
type Place = tuple[str | None, uuid.UUID | None, int, bool]
type Places = dict[int | str, Place]
NEW = "new"
OTHER = "Autre"
PHOTO = picture((48, 36))


@dataclass
class Scene:
    """A room and a draft with two photos and a removed one each, all acknowledged; another room is empty."""

    user: User
    room: Room = field(init=False)
    other: Room = field(init=False)
    draft: Draft = field(init=False)
    in_room: list[int] = field(init=False)
    in_draft: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.room = Room.objects.create(establishment=self.user.establishments.get(), name="Chambre")
        self.other = Room.objects.create(establishment=self.room.establishment, name=OTHER)
        self.draft = Draft.objects.create(id=uuid.uuid4(), user=self.user)
        self.in_room = self._fill(Gallery(room=self.room))
        self.in_draft = self._fill(Gallery(draft=self.draft))

    def _fill(self, gallery: Gallery) -> list[int]:
        photos = [uploads.add_photo(self.user, gallery, io.BytesIO(PHOTO)).photo for _ in range(3)]
        galleries.remove(photos[2])
        return [photo.pk for photo in photos]

    def places(self) -> Places:
        """Where each photo of the user is; one that came meanwhile is `NEW`, or `copy_at` its place."""
        known = {*self.in_room, *self.in_draft}
        rows = RoomImage.all_objects.filter(uploaded_by=self.user)
        fields = ("pk", "room__name", "draft_id", "order", "removed_at", "room__removed_at")
        return {
            pk if pk in known else _name_new(room, order): (room, draft, order, any(removed))
            for pk, room, draft, order, *removed in rows.values_list(*fields)
        }

    def clear(self) -> None:
        """Deletes whatever is left of it, files included."""
        for room in Room.all_objects.filter(establishment__owner=self.user):
            room.delete()
        Draft.objects.filter(user=self.user).delete()


def _name_new(room: str | None, order: int) -> str:
    return copy_at(order) if room == OTHER else NEW


def copy_at(order: int) -> str:
    """What a photo that came into the other room goes by."""
    return f"copy {order}"


def assert_sound(media: Path, acknowledged: Places) -> None:
    """No acknowledged photo is lost, each row has whole files, each file has an owner or an entry."""
    rows = dict(RoomImage.all_objects.values_list("pk", "image"))
    assert not {key for key in acknowledged if isinstance(key, int)} - rows.keys(), "acknowledged photos lost"
    owned = {name for master in rows.values() for name in storage.names_of(master)}
    found = files_on_disk(media)
    assert not owned - found, "rows without their files"
    for name in owned:
        with Image.open(media / name) as image:
            image.load()
    pending = {name for entry in PendingFile.objects.all() for name in storage.names_of(entry.name)}
    assert not found - owned - pending - {_partial_name(name) for name in pending}, "files nobody knows of"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchall() == [("ok",)]


def clean_up_later(media: Path) -> None:
    """One cleanup, once the leases of all uploads have ended; then each file must be a room's photo's."""
    lease = timedelta(minutes=limits.UPLOAD_LEASE_MINUTES)
    PendingFile.objects.update(noted_at=F("noted_at") - 2 * lease)
    call_command("cleanup_temp_images", days=0, json=True, stdout=io.StringIO())
    assert_clean(media)


def assert_clean(media: Path) -> None:
    """Nothing but the present photos of rooms is there, in rows or in files."""
    rows = RoomImage.all_objects.values_list("image", "room_id", "removed_at")
    assert all(room_id and not removed_at for _name, room_id, removed_at in rows), "not cleaned up"
    assert not PendingFile.objects.exists(), "entries left after a cleanup"
    expected = {name for master, _room, _removed in rows for name in storage.names_of(master)}
    assert files_on_disk(media) == expected, "files left after a cleanup"
