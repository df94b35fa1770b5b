"""How fast one user may send photos."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db.models import F
from django.test import Client

from rooms.errors import RateLimited
from rooms.models import Room, RoomImage, UploadCount
from rooms.services import quotas
from rooms.services.quotas import count_change, count_upload
from rooms.tests.conftest import add_photos, in_order, places, post_json, upload


@pytest.fixture(autouse=True)
def three_in_ten_minutes(settings: Any) -> None:
    settings.ROOM_PHOTO_UPLOADS_PER_10_MINUTES = 3
    cache.clear()


def test_one_too_many_is_refused_and_told_when_to_come_back(as_alice: Client, room: Room) -> None:
    assert [upload(as_alice, room).status_code for _number in range(3)] == [201] * 3
    response = upload(as_alice, room)
    assert (response.status_code, response.json()["code"]) == (429, "rate_limited")
    assert 1 <= int(response["Retry-After"]) <= 600
    assert response["Retry-After"] in response.json()["error"]
    assert RoomImage.objects.count() == 3


def test_refused_uploads_count_too(as_alice: Client, room: Room) -> None:
    assert [upload(as_alice, room, b"no photo").status_code for _number in range(3)] == [415] * 3
    assert upload(as_alice).status_code == 429


def test_others_are_not_concerned(as_alice: Client, as_bob: Client, room: Room) -> None:
    for _number in range(4):
        upload(as_alice, room)
    assert upload(as_bob).status_code == 201


def test_ten_minutes_later_counting_starts_anew(alice: User) -> None:
    for _number in range(3):
        count_upload(alice)
    UploadCount.objects.update(since=F("since") - timedelta(minutes=10))
    count_upload(alice)
    assert UploadCount.objects.get().count == 1


def test_zero_means_no_limit(alice: User, settings: Any) -> None:
    settings.ROOM_PHOTO_UPLOADS_PER_10_MINUTES = 0
    for _number in range(5):
        count_upload(alice)
    assert not UploadCount.objects.exists()


def test_within_the_limit_it_is_one_statement(alice: User, django_assert_num_queries: Any) -> None:
    count_upload(alice)
    with django_assert_num_queries(1):
        count_upload(alice)
    count_upload(alice)
    with pytest.raises(RateLimited):
        count_upload(alice)


# --- changes ----------------------------------------------------------------------------


@pytest.fixture
def five_changes_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "CHANGES_A_MINUTE", 5)


@pytest.mark.usefixtures("five_changes_a_minute")
def test_flood_of_moves_is_refused_and_others_are_not_concerned(
    as_alice: Client, as_sam: Client, room: Room
) -> None:
    first, second = (photo.pk for photo in add_photos(room, 2))
    url = f"/rooms/{room.pk}/reorder-images/"
    answers = [post_json(as_alice, url, {"order": [second, first]}) for _number in range(8)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 3
    assert answers[-1].json()["code"] == "rate_limited"
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert answers[-1]["Retry-After"] in answers[-1].json()["error"]
    assert post_json(as_sam, url, {"order": [first, second]}).status_code == 200
    assert places(room=room) == in_order(first, second)


@pytest.mark.usefixtures("five_changes_a_minute")
@pytest.mark.parametrize("verb", ["reorder", "update", "delete", "restore"])
@pytest.mark.parametrize("kind", ["room", "temporary"])
def test_every_kind_of_change_counts_and_so_does_guessing_ids(
    as_alice: Client, room: Room, verb: str, kind: str
) -> None:
    what = f"{verb}-images" if verb == "reorder" else f"{verb}-image"
    number = "" if verb == "reorder" else "987654/"
    url = f"/rooms/{what}-temp/{number}" if kind == "temporary" else f"/rooms/{room.pk}/{what}/{number}"
    codes = [post_json(as_alice, url, {"order": "x"}).json()["code"] for _number in range(7)]
    assert len(set(codes[:5])) == 1
    assert codes[0] in ("not_found", "invalid_request")
    assert codes[5:] == ["rate_limited"] * 2


@pytest.mark.parametrize("verb", ["rotate", "replace"])
@pytest.mark.parametrize("kind", ["room", "temporary"])
def test_rotating_and_replacing_count_as_uploads(as_alice: Client, room: Room, verb: str, kind: str) -> None:
    number = "-temp/987654/" if kind == "temporary" else "/987654/"
    base = "/rooms/" if kind == "temporary" else f"/rooms/{room.pk}/"
    answers = [as_alice.post(f"{base}{verb}-image{number}") for _number in range(4)]
    assert [answer.json()["code"] for answer in answers] == ["not_found"] * 3 + ["rate_limited"]
    assert upload(as_alice, room).status_code == 429


@pytest.mark.usefixtures("five_changes_a_minute")
def test_refusing_a_change_asks_no_database(alice: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        for _number in range(5):
            count_change(alice)
        with pytest.raises(RateLimited):
            count_change(alice)


@pytest.mark.usefixtures("five_changes_a_minute")
def test_a_minute_later_changes_count_anew(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(quotas.time, "time", lambda: clock[0])
    for _number in range(5):
        count_change(alice)
    clock[0] += 59
    with pytest.raises(RateLimited) as caught:
        count_change(alice)
    assert caught.value.retry_after_s == 1
    clock[0] += 1
    count_change(alice)


@pytest.mark.usefixtures("five_changes_a_minute")
def test_of_many_changes_at_once_just_the_limit_passes(alice: User) -> None:
    def is_let_through(_number: int) -> bool:
        try:
            count_change(alice)
        except RateLimited:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(is_let_through, range(80))) == 5


def test_no_owner_at_work_meets_the_limit_of_changes(alice: User) -> None:
    for _number in range(600):
        count_change(alice)


def test_rotations_count_as_uploads(as_alice: Client, room: Room) -> None:
    photo_id = upload(as_alice, room).json()["image"]["id"]
    url = f"/rooms/{room.pk}/rotate-image/{photo_id}/"
    statuses = [post_json(as_alice, url, {"quarter_turns": 1}).status_code for _number in range(3)]
    assert statuses == [200, 200, 429]


def test_rotations_of_photos_that_do_not_exist_count_too(as_alice: Client, room: Room) -> None:
    url = f"/rooms/{room.pk}/rotate-image/987654/"
    statuses = [post_json(as_alice, url, {"quarter_turns": 1}).status_code for _number in range(4)]
    assert statuses == [404, 404, 404, 429]
