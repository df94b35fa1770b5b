"""What is there after the race: rows in the server's database, ids in its session, files on its disk."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session

from rooms import storage
from rooms.backends import SESSION_PHOTOS
from rooms.models import Gallery, PendingFile, RoomImage
from rooms.tests.live.visitor import wait_until


def photo_ids_in_order(**owner: Any) -> list[int]:
    """The present photos of a room or a draft."""
    return list(Gallery(**owner).photos().values_list("pk", flat=True))


def session_photo_ids(session_key: str) -> list[int]:
    """`room_temp_images` as the server has stored it."""
    return Session.objects.get(pk=session_key).get_decoded().get(SESSION_PHOTOS, [])


def files_on_disk(media: Path) -> set[str]:
    return {path.relative_to(media).as_posix() for path in media.rglob("*") if path.is_file()}


def assert_house_in_order(media: Path) -> None:
    """Every photo has its files, every file its photo, nothing pending, no gallery has holes or too many."""
    # Of a client that left in the midst of a test the upload may still be there when the test is over.
    wait_until(lambda: not PendingFile.objects.exists(), "uploads or deletions left unfinished")
    rows = list(RoomImage.all_objects.values("image", "room_id", "draft_id", "order", "removed_at"))
    expected = {name for row in rows for name in storage.names_of(row["image"])}
    found = files_on_disk(media)
    assert not expected - found, "photos without their files"
    assert not found - expected, "files without a photo"
    places: dict[Any, list[int]] = {}
    for row in rows:
        if row["removed_at"] is None:
            places.setdefault((row["room_id"], row["draft_id"]), []).append(row["order"])
    for orders in places.values():
        assert sorted(orders) == list(range(1, len(orders) + 1))
        assert len(orders) <= settings.ROOM_PHOTO_MAX_COUNT
