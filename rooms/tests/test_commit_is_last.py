"""A change answers what its own transaction has read: once done, no database makes a refusal of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rooms.models import Establishment, Room, RoomImage
from rooms.services import gallery as galleries
from rooms.tests.conftest import add_photos, photo_file, post_json

pytestmark = pytest.mark.django_db(transaction=True)
type Send = Callable[[Client, str, RoomImage, Room], Any]

CHANGES: dict[str, Send] = {
    "upload-image": lambda client, url, photo, other: client.post(
        f"{url}/upload-image/", {"image": photo_file()}
    ),
    "replace-image": lambda client, url, photo, other: client.post(
        f"{url}/replace-image/{photo.pk}/", {"image": photo_file()}
    ),
    "update-image": lambda client, url, photo, other: post_json(
        client, f"{url}/update-image/{photo.pk}/", {"caption": "Lit double"}
    ),
    "reorder-images": lambda client, url, photo, other: post_json(
        client, f"{url}/reorder-images/", {"order": [photo.pk + 1, photo.pk, photo.pk + 2]}
    ),
    "rotate-image": lambda client, url, photo, other: post_json(
        client, f"{url}/rotate-image/{photo.pk}/", {"quarter_turns": 1}
    ),
    "restore-image": lambda client, url, photo, other: client.post(f"{url}/restore-image/{photo.pk + 3}/"),
    "delete-image": lambda client, url, photo, other: client.post(f"{url}/delete-image/{photo.pk}/"),
    "move-images": lambda client, url, photo, other: post_json(
        client, f"{url}/move-images/", {"images": [photo.pk], "room": other.pk}
    ),
    "copy-images": lambda client, url, photo, other: post_json(
        client, f"{url}/copy-images/", {"images": [photo.pk], "room": other.pk}
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_is_read_after_the_commit_of_a_change(
    change: str, as_alice: Client, room: Room, establishment: Establishment
) -> None:
    first, *_others, removed = add_photos(room, 4)
    galleries.remove(removed)
    other = Room.objects.create(establishment=establishment, name="Autre")
    with CaptureQueriesContext(connection) as statements:
        answer = CHANGES[change](as_alice, f"/rooms/{room.pk}", first, other)
    assert answer.json()["success"]
    assert statements.captured_queries[-1]["sql"] == "COMMIT"
