"""The same photo in two rooms of an establishment: told of each, by the name of the other room."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone, translation

from rooms.models import Establishment, Gallery, Room, RoomImage
from rooms.services import gallery as galleries
from rooms.services.advice import find_advice
from rooms.services.judging import filter_advised, judge
from rooms.tests.both_databases import db  # noqa: F401  # the fixture of this module
from rooms.tests.conftest import photo_file, post_json, upload
from rooms.tests.test_advice import jpeg
from rooms.tests.test_metrics import scene


@pytest.fixture
def suite(room: Room) -> Room:
    return Room.objects.create(establishment=room.establishment, name="Suite", number="4")


def add(room: Room, image: Any = None, quality: int = 90) -> RoomImage:
    content = photo_file(content=jpeg(image or scene(1), quality))
    return RoomImage.objects.create(room=room, image=content)


def sentences(room: Room) -> list[list[str]]:
    with translation.override("en"):
        found = find_advice(galleries.find_photos(Gallery(room=room)))
        return [[str(one.text) for one in said] for said in found.values()]


def in_both(label: str) -> str:
    return f"The same photo is in {label} too. Guests choose a room by what is different."


def test_each_of_the_two_names_the_room_of_the_other(room, suite):
    add(room)
    add(suite)
    assert sentences(room) == [[in_both("Suite · 4")]]
    assert suite.label == "Suite · 4"
    assert sentences(suite) == [[in_both(room.name)]]


def test_first_of_several_rooms_is_named(room, suite):
    for name in ("Bleue", "Ambre", "Cerise"):
        add(Room.objects.create(establishment=room.establishment, name=name))
    add(room)
    assert sentences(room) == [[in_both("Ambre")]]


def test_nearest_twin_is_named_first(room, suite):
    add(room)
    add(room)
    add(suite)
    assert sentences(room) == [[in_both("Suite · 4")], ["This is the same photo as photo 1."]]


def test_rooms_that_only_look_alike_are_left_in_peace(room, suite):
    first, nearly = add(room), add(suite, quality=50)
    RoomImage.objects.filter(pk=nearly.pk).update(
        metrics=first.metrics | {"fingerprint": f"{int(first.metrics['fingerprint'], 16) ^ 1:064x}"}
    )
    assert sentences(room) == sentences(suite) == [[]]


def test_other_establishments_do_not_count(room, alice: User, bobs_room):
    house = Establishment.objects.create(owner=alice, name="Le Moulin")
    for other in (bobs_room, Room.objects.create(establishment=house, name="Chambre 2")):
        add(other)
    add(room)
    assert sentences(room) == [[]]


def test_removed_photo_does_not_count(room, suite):
    add(room)
    galleries.remove(add(suite))
    assert sentences(room) == [[]]


def test_removed_room_does_not_count(room, suite):
    add(room)
    add(suite)
    Room.objects.filter(pk=suite.pk).update(removed_at=timezone.now())
    assert sentences(room) == [[]]
    assert not filter_advised(Room.objects.all(), "duplicate").exists()
    assert judge(Room.objects.all(), 1, []).with_advice == 0


def test_answer_of_an_upload_names_the_room(as_alice: Client, room, suite):
    add(suite)
    image = upload(as_alice, room, jpeg(scene(1))).json()["image"]
    assert [one["code"] for one in image["advice"]] == ["duplicate"]
    assert "Suite · 4" in image["advice"][0]["text"]
    assert as_alice.get(f"/rooms/{room.pk}/images/").json()["images"][0]["advice"] == image["advice"]
    assert "Suite · 4" in as_alice.get(f"/admin/rooms/room/{room.pk}/change/").text


def test_answer_says_nothing_of_other_rooms_photos(as_alice: Client, room, suite):
    photo, _twin = add(room), add(suite)
    answer = post_json(as_alice, f"/rooms/{room.pk}/delete-image/{photo.pk}/", {}).json()
    assert "advice_by_id" not in answer
    assert sentences(suite) == [[]]
    answer = post_json(as_alice, f"/rooms/{room.pk}/restore-image/{photo.pk}/", {}).json()
    assert (len(answer["image"]["advice"]), "advice_by_id" in answer) == (1, False)


def test_it_is_declined_for_each_of_the_two(as_alice: Client, room, suite):
    photo = add(room)
    add(suite)
    declined = {"advice_declined": ["duplicate"]}
    answer = post_json(as_alice, f"/rooms/{room.pk}/update-image/{photo.pk}/", declined).json()
    assert answer["image"]["advice"] == []
    assert sentences(room) == [[]]
    assert sentences(suite) == [[in_both(room.name)]]


def test_columns_follow_the_figures(room):
    photo = add(room)
    row = RoomImage.objects.values("brightness", "sharpness", "fingerprint").get(pk=photo.pk)
    assert row == photo.metrics
    RoomImage.objects.filter(pk=photo.pk).update(metrics=None)
    row = RoomImage.objects.values("brightness", "sharpness", "fingerprint").get(pk=photo.pk)
    assert set(row.values()) == {None}
