"""Many uploads to one place at the same moment: never too many photos, never one of them twice."""

import uuid
from collections import Counter
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from rooms.models import Room, RoomImage
from rooms.tests.live.evidence import photo_ids_in_order, session_photo_ids
from rooms.tests.live.scale import scaled
from rooms.tests.live.visitor import TEMPORARY, Visitor, at_once, patiently, upload_path

type Photo = Callable[[], bytes]


def test_sixteen_uploads_to_a_room_with_nine_photos_leave_ten(
    visitor: Visitor, photo: Photo, room: Room
) -> None:
    for number in range(scaled(2, 100)):
        full = Room.objects.create(establishment=room.establishment, name=f"Pleine {number}")
        calls = [lambda full=full: visitor.upload(upload_path(full), photo())] * 16
        first = [answer.photo_id for answer in at_once(calls[:9])]

        answers = at_once(calls)

        told = Counter((answer.status, answer.code) for answer in answers)
        assert told == {(201, ""): 1, (409, "limit_reached"): 15}
        tenth = next(answer.photo_id for answer in answers if answer.status == 201)
        in_order = photo_ids_in_order(room=full)
        assert (sorted(in_order[:9]), in_order[9]) == (sorted(first), tenth)


@pytest.mark.parametrize("place", ["draft", "room"])
def test_one_upload_sent_twenty_times_is_one_photo(
    visitor: Visitor, photo: Photo, owner: User, room: Room, place: str
) -> None:
    path = TEMPORARY if place == "draft" else upload_path(room)
    data, upload_id = photo(), uuid.uuid4()

    # A process that happens to get most of them may ask some to come again.
    answers = at_once([lambda: patiently(lambda: visitor.upload(path, data, upload_id=upload_id))] * 20)

    assert Counter(answer.status for answer in answers) == {201: 1, 200: 19}
    kept = RoomImage.all_objects.get(uploaded_by=owner)
    assert {answer.photo_id for answer in answers} == {kept.pk}
    assert session_photo_ids(visitor.session_key) == ([kept.pk] if place == "draft" else [])


def test_one_upload_sent_to_two_rooms_at_once_is_one_photo(
    visitor: Visitor, photo: Photo, owner: User, room: Room
) -> None:
    other = Room.objects.create(establishment=room.establishment, name="Chambre 2")
    data, upload_id = photo(), uuid.uuid4()

    def send(to: Room) -> int:
        return visitor.upload(upload_path(to), data, upload_id=upload_id).status

    statuses = at_once([lambda to=to: send(to) for to in (room, other) * 4])

    # Who meets the other one in the very moment of adding its row is told to try again: nothing was kept.
    assert statuses.count(201) == 1
    assert set(statuses) <= {200, 201, 400, 503}
    kept = RoomImage.all_objects.get(uploaded_by=owner)
    for to in (room, other):
        assert send(to) == (200 if kept.room == to else 400)
