"""How fast one user may send photos."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import F
from django.test import Client

from rooms.errors import RateLimited
from rooms.models import Room, RoomImage, UploadCount
from rooms.services.rates import count_upload
from rooms.tests.conftest import upload


@pytest.fixture(autouse=True)
def three_in_ten_minutes(settings: Any) -> None:
    settings.ROOM_PHOTO_UPLOADS_PER_10_MINUTES = 3


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
    with django_assert_num_queries(3):  # with the savepoint around it
        count_upload(alice)
    count_upload(alice)
    with pytest.raises(RateLimited):
        count_upload(alice)
