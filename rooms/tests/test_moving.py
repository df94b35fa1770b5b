"""Photos go from one room to another: in their order, behind those that are there, all of them or none."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rooms.models import Activity, Draft, Establishment, PendingFile, Room, RoomImage
from rooms.services import gallery as galleries
from rooms.tests.both_databases import db  # noqa: F401  # the fixture of this module
from rooms.tests.conftest import add_photos, in_order, places, post_json, upload
from rooms.tests.test_advice import jpeg
from rooms.tests.test_metrics import scene


@pytest.fixture
def other(room: Room) -> Room:
    return Room.objects.create(establishment=room.establishment, name="Chambre 2")


@pytest.fixture
def here(room: Room) -> list[int]:
    return [photo.pk for photo in add_photos(room, 4)]


@pytest.fixture
def there(other: Room) -> list[int]:
    return [photo.pk for photo in add_photos(other, 2)]


def move(client: Client, room: Room, images: Any, target: Any) -> Any:
    content = {"images": images, "room": target.pk if isinstance(target, Room) else target}
    return post_json(client, f"/rooms/{room.pk}/move-images/", content)


def assert_unmoved(answer: Any, status: int, code: str, before: list[Any]) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert list(RoomImage.all_objects.values()) == before
    assert not Activity.objects.exists()


def test_photos_come_behind_those_that_are_there(
    as_alice: Client, room: Room, other: Room, here: list[int], there: list[int]
) -> None:
    first, second, third, fourth = here
    files = {photo.pk: photo.file_name for photo in RoomImage.objects.all()}
    answer = move(as_alice, room, [third, first], other)
    assert answer.status_code == 200
    assert [(image["id"], image["order"]) for image in answer.json()["images"]] == [(second, 1), (fourth, 2)]
    assert places(room=room) == in_order(second, fourth)
    assert places(room=other) == in_order(*there, first, third)
    assert {photo.pk: photo.file_name for photo in RoomImage.objects.all()} == files


def test_whole_gallery_may_go(as_alice: Client, room: Room, other: Room, here: list[int]) -> None:
    answer = move(as_alice, room, here, other)
    assert (answer.status_code, answer.json()["images"]) == (200, [])
    assert places(room=other) == in_order(*here)


@pytest.mark.parametrize(
    "choose",
    [
        lambda ids: [],
        lambda ids: [ids[0], ids[1], ids[0]],
        lambda ids: None,
        lambda ids: ids[0],
        lambda ids: [str(ids[0])],
        lambda ids: [True],
        lambda ids: [float(ids[0])],
    ],
)
def test_what_names_no_photos_is_refused(
    as_alice: Client, room: Room, other: Room, here: list[int], choose: Callable[[list[int]], Any]
) -> None:
    before = list(RoomImage.all_objects.values())
    assert_unmoved(move(as_alice, room, choose(here), other), 400, "invalid_request", before)


@pytest.mark.parametrize("target", [None, "2", 1.5, True, [2], "same"])
def test_what_names_no_other_room_is_refused(
    as_alice: Client, room: Room, here: list[int], target: Any
) -> None:
    before = list(RoomImage.all_objects.values())
    answer = move(as_alice, room, here[:1], room if target == "same" else target)
    assert_unmoved(answer, 400, "invalid_request", before)


def test_photo_that_is_not_here_keeps_all_where_they_are(
    as_alice: Client, alice: User, room: Room, other: Room, bobs_room: Room, here: list[int], there: list[int]
) -> None:
    theirs = add_photos(bobs_room, 1)[0]
    temporary = add_photos(None, 1, draft=Draft.objects.create(user=alice))[0]
    galleries.remove(RoomImage.objects.get(pk=here[3]))
    before = list(RoomImage.all_objects.values())
    for stranger in (theirs.pk, temporary.pk, here[3], there[0], 987654, 0, -1, 10**30):
        assert_unmoved(move(as_alice, room, [here[0], stranger], other), 404, "not_found", before)


@pytest.mark.parametrize("target", ["bobs", 987654, 0, -1, 10**30])
def test_room_that_is_not_ones_own_takes_nothing(
    as_alice: Client, room: Room, bobs_room: Room, here: list[int], target: Any
) -> None:
    before = list(RoomImage.all_objects.values())
    answer = move(as_alice, room, here[:1], bobs_room if target == "bobs" else target)
    assert_unmoved(answer, 404, "not_found", before)


def test_full_room_takes_none(
    as_alice: Client, alice: User, room: Room, other: Room, here: list[int], there: list[int], settings: Any
) -> None:
    settings.ROOM_PHOTO_MAX_COUNT = 4
    before = list(RoomImage.all_objects.values())
    assert_unmoved(move(as_alice, room, here[:3], other), 409, "limit_reached", before)
    PendingFile.objects.create(name="photos/aa/1.jpg", kind=PendingFile.Kind.UPLOAD, user=alice, room=other)
    assert_unmoved(move(as_alice, room, here[:2], other), 409, "limit_reached", before)
    assert move(as_alice, room, here[:1], other).status_code == 200


def test_both_rooms_tell_of_it(as_alice: Client, room: Room, other: Room, here: list[int]) -> None:
    move(as_alice, room, here[:2], other)
    told = {entry.object_id for entry in Activity.objects.all()}
    assert told == {str(room.pk), str(other.pk)}
    pages = {pk: as_alice.get(f"/admin/rooms/room/{pk}/history/").text for pk in told}
    assert "2 → Chambre 2" in pages[str(room.pk)]
    assert "2 ← Chambre 1" in pages[str(other.pk)]


def test_rooms_are_locked_in_one_order_whichever_way_photos_go(
    as_alice: Client, room: Room, other: Room, here: list[int]
) -> None:
    for start, end in ((room, other), (other, room)):
        with CaptureQueriesContext(connection) as queries:
            assert move(as_alice, start, [here[0]], end).status_code == 200
        selects = [query["sql"] for query in queries if 'FROM "rooms_room" WHERE' in query["sql"]]
        both = [sql for sql in selects if '"rooms_room"."id" IN' in sql]
        assert len(both) == 1
        assert both[0].startswith('SELECT "rooms_room"."id" AS "pk"')
        assert both[0].removesuffix(' FOR UPDATE OF "rooms_room"').endswith("ORDER BY 1 ASC")


def test_advice_follows_the_photos(as_alice: Client, alice: User, room: Room) -> None:
    house = Establishment.objects.create(owner=alice, name="Le Moulin")
    other = Room.objects.create(establishment=house, name="Chambre 2")
    file = jpeg(scene(1))
    first, twin = (upload(as_alice, room, file).json()["image"]["id"] for _one in range(2))
    upload(as_alice, other, file)
    answer = move(as_alice, room, [first], other).json()
    assert [image["advice"] for image in answer["images"]] == [[]]
    said = {int(key): [one["code"] for one in value] for key, value in answer["advice_by_id"].items()}
    assert said == {first: ["duplicate"], twin: []}


def test_photo_that_stays_is_told_where_its_twin_went(as_alice: Client, room: Room, other: Room) -> None:
    first, twin = (upload(as_alice, room, jpeg(scene(1))).json()["image"]["id"] for _one in range(2))
    answer = move(as_alice, room, [first], other).json()
    said = {int(key): value for key, value in answer["advice_by_id"].items()}
    assert said.keys() == {first, twin}
    assert answer["images"][0]["advice"] == said[twin]
    assert "Chambre 2" in said[twin][0]["text"]
    assert room.name in said[first][0]["text"]


def test_draft_has_no_such_address(as_alice: Client) -> None:
    assert as_alice.post("/rooms/move-images-temp/").status_code == 404
