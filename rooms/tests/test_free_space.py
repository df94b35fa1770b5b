"""Photos never take the last of a disk: the database and the work on rooms go on."""

import os
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from rooms.models import PendingFile, Room, RoomImage
from rooms.tests.conftest import add_photos, files_in, upload

MB = 1_000_000
GB = 1_000 * MB


def leave_free(monkeypatch: pytest.MonkeyPatch, size_bytes: int, free_bytes: int) -> None:
    disk = SimpleNamespace(f_frsize=1, f_blocks=size_bytes, f_bavail=free_bytes)
    monkeypatch.setattr(os, "statvfs", lambda folder: disk)


@pytest.mark.parametrize(
    ("size_bytes", "free_bytes", "status"),
    [
        (1000 * GB, 101 * MB, 201),
        (1000 * GB, 99 * MB, 507),
        (1000 * GB, 0, 507),
        (20 * MB, MB, 201),  # a small disk keeps a small reserve
        (20 * MB, 0, 507),
        (0, 0, 507),  # but never less than the photo itself
    ],
)
def test_upload_leaves_the_reserve_alone(
    as_alice: Client,
    room: Room,
    media_root: Any,
    monkeypatch: pytest.MonkeyPatch,
    size_bytes: int,
    free_bytes: int,
    status: int,
) -> None:
    leave_free(monkeypatch, size_bytes, free_bytes)
    response = upload(as_alice, room)
    assert response.status_code == status
    if status == 507:
        assert (response.json()["code"], response["Retry-After"]) == ("storage_full", "300")
        assert files_in(media_root) == set()
        assert not RoomImage.all_objects.exists()
        assert not PendingFile.objects.exists()


def test_everything_else_works_on_a_full_disk(
    as_alice: Client, room: Room, media_root: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = add_photos(room, 2)
    leave_free(monkeypatch, 1000 * GB, 0)
    assert as_alice.get(f"/admin/rooms/room/{room.pk}/change/").status_code == 200
    assert as_alice.get(photos[0].image_url).status_code == 200
    assert as_alice.post(f"/rooms/{room.pk}/delete-image/{photos[0].pk}/").status_code == 200
    assert as_alice.post(f"/rooms/{room.pk}/restore-image/{photos[0].pk}/").status_code == 200
    path = f"/rooms/{room.pk}/update-image/{photos[1].pk}/"
    assert as_alice.post(path, {"caption": "La vue"}).status_code == 200
