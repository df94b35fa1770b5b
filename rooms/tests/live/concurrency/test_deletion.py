"""Rooms removed, owners deleted and the cleanup run while people upload: nothing half-done stays behind."""

import io
import random
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from rooms.models import Establishment, Room, RoomImage
from rooms.tests.live.cast import PASSWORD, add_owner
from rooms.tests.live.evidence import photo_ids_in_order
from rooms.tests.live.live_server import LiveServer
from rooms.tests.live.scale import scaled
from rooms.tests.live.visitor import TEMPORARY, Answer, Visitor, at_once, upload_path

type AddForm = Callable[[str], dict[str, str]]
type Photo = Callable[[], bytes]
type Form = tuple[str, dict[str, Any]]
type Call = Callable[[], Answer]

# The command as a scheduler starts it, but again and again until the test closes the pipe.
CLEAN_AGAIN_AND_AGAIN = """
import io, json, select, sys
from django.core.management import call_command
print("at work", flush=True)
taken = 0
while not select.select([sys.stdin], [], [], 0.005)[0]:
    call_command("cleanup_temp_images", days=0, json=True, stdout=(report := io.StringIO()))
    taken += json.loads(report.getvalue())["photos"]
print(taken)
"""


@pytest.fixture
def cleaner(server: LiveServer) -> Iterator[None]:
    process = server.start_python(CLEAN_AGAIN_AND_AGAIN)
    assert process.stdout
    assert process.stdout.readline() == "at work\n"
    yield
    taken, complaints = process.communicate()
    assert not complaints, complaints
    assert process.returncode == 0
    assert int(taken) > 0, "the cleanup never met anything: this test tests nothing"


def ways_to_delete(model: str, pk: int) -> list[Form]:
    """The object's own page, and the action of the list."""
    chosen = {"post": "yes", "action": "delete_selected", "_selected_action": pk}
    return [(f"{model}{pk}/delete/", {"post": "yes"}), (model, chosen)]


def delete_under(uploads: list[Call], delete: Call, chance: random.Random) -> Counter[int]:
    """All at once, in any order. The deletion succeeds; what the uploads were answered is returned."""
    calls = [*uploads, delete]
    chance.shuffle(calls)
    statuses = Counter(answer.status for answer in at_once(calls))
    assert statuses.pop(302) == 1
    return statuses


def test_room_removed_under_uploads_keeps_just_what_was_answered(
    server: LiveServer, visitor: Visitor, photo: Photo, owner: User, chance: random.Random, settings: Any
) -> None:
    settings.MEDIA_ROOT = str(server.media)
    establishment = Establishment.objects.get(owner=owner)
    for number in range(scaled(8, 50)):
        room = Room.objects.create(establishment=establishment, name=f"Chambre {number}")
        for _ in range(2):
            assert visitor.upload(upload_path(room), photo()).status == 201
        photos = [photo() for _ in range(6)]
        deletion = ways_to_delete("/admin/rooms/room/", room.pk)[number % 2]
        uploads = [lambda data=data, room=room: visitor.upload(upload_path(room), data) for data in photos]

        statuses = delete_under(uploads, lambda deletion=deletion: visitor.post_form(*deletion), chance)

        assert set(statuses) <= {201, 404, 409, 503}
        assert not Room.objects.filter(pk=room.pk).exists()
        assert visitor.get(f"/rooms/{room.pk}/images/").status == 404
        assert RoomImage.all_objects.filter(room=room.pk).count() == 2 + statuses[201]
    call_command("cleanup_temp_images", days=0, json=True, stdout=io.StringIO())
    assert not Room.all_objects.filter(establishment=establishment).exists()
    assert not RoomImage.all_objects.filter(uploaded_by=owner).exists()


def test_owner_deleted_under_uploads_leaves_nothing(
    server: LiveServer, photo: Photo, chance: random.Random
) -> None:
    staff = User.objects.create_superuser(f"staff-{uuid.uuid4().hex}", password=PASSWORD)
    helper = Visitor(server.address)
    helper.sign_in(staff.username, PASSWORD)
    for number in range(scaled(6, 50)):
        owner = add_owner()
        room = Room.objects.create(establishment=owner.establishments.get(), name="Chambre")
        visitor = Visitor(server.address)
        visitor.sign_in(owner.username, PASSWORD)
        deletion = ways_to_delete("/admin/auth/user/", owner.pk)[number % 2]
        uploads = [
            *[lambda room=room, by=by: by.upload(upload_path(room), photo()) for by in (visitor, helper) * 3],
            *[lambda by=visitor: by.upload(TEMPORARY, photo())] * 2,
        ]

        statuses = delete_under(uploads, lambda deletion=deletion: helper.post_form(*deletion), chance)

        # 403: the account went between the look at its session and the look at its permissions.
        assert set(statuses) <= {201, 401, 403, 404, 409, 503}
        assert not User.objects.filter(pk=owner.pk).exists()
        assert not RoomImage.all_objects.filter(room=room.pk).exists()
        assert not RoomImage.all_objects.filter(uploaded_by__isnull=True).exists()


def test_cleanup_takes_nothing_from_a_room(
    visitor: Visitor, add_form: AddForm, photo: Photo, owner: User, cleaner: None
) -> None:
    form = add_form("Chambre")
    edited = [Room.objects.create(establishment_id=form["establishment"], name="Ouverte") for _ in range(2)]

    together = at_once(
        [
            *[lambda room=room: remove_and_restore(visitor, room.pk, photo) for room in edited],
            *[lambda name=name: save_rooms(visitor, form, name, photo) for name in ("A", "B")],
        ]
    )

    expected = {room_id: photo_ids for of_one in together for room_id, photo_ids in of_one.items()}
    rooms = Room.objects.filter(establishment__owner=owner)
    assert {room.pk: photo_ids_in_order(room=room) for room in rooms} == expected


def remove_and_restore(visitor: Visitor, room_id: int, photo: Photo) -> dict[int, list[int]]:
    """Takes photos of a room away and back, which a cleanup in between may prevent; what it has at last."""
    room_path = f"/rooms/{room_id}"
    photo_ids: list[int] = []
    for _ in range(25):
        while len(photo_ids) < 4:
            photo_ids.append(visitor.upload(f"{room_path}/upload-image/", photo()).photo_id)
        photo_id = photo_ids[1]
        assert visitor.post(f"{room_path}/delete-image/{photo_id}/").status == 200
        restored = visitor.post(f"{room_path}/restore-image/{photo_id}/")
        assert restored.status in (200, 404)
        if restored.status == 404:
            photo_ids.remove(photo_id)
    return {room_id: photo_ids}


def save_rooms(visitor: Visitor, form: dict[str, str], name: str, photo: Photo) -> dict[int, list[int]]:
    """Rooms made of drafts that a cleanup may empty at any moment; the photos each had once it was saved."""
    rooms = {}
    for number in range(8):
        draft = str(uuid.uuid4())
        uploads = [visitor.upload(TEMPORARY, photo(), draft=draft) for _ in range(3)]
        assert {answer.status for answer in uploads} <= {201, 503}
        there = visitor.get(f"/rooms/list-image-temp/?draft={draft}").photo_ids
        order = {"draft": draft, "order": there[::-1]}
        assert visitor.post("/rooms/reorder-images-temp/", order).status in (200, 409)
        filled_in = form | {"draft": draft, "name": f"{name} {number}"}
        assert visitor.save_add_form(filled_in).status == 302
        again = visitor.save_add_form(filled_in)  # leads to the room
        room_id = int(again.location.split("/")[-3])
        rooms[room_id] = visitor.get(f"/rooms/{room_id}/images/").photo_ids
    return rooms
