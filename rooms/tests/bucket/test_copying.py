"""Photos in a bucket go to another room as those of a disk do: all of them or none."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from django.test import Client

from rooms import storage
from rooms.models import Activity, PendingFile, Room, RoomImage
from rooms.models.photo import photo_storage
from rooms.services.cleanup import clean_up
from rooms.tests.bucket.conftest import keys
from rooms.tests.conftest import add_photos, in_order, places, post_json
from rooms.tests.transfer import contents

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other(room: Room) -> Room:
    return Room.objects.create(establishment=room.establishment, name="Chambre 2")


@pytest.fixture
def here(bucket: Any, room: Room) -> list[RoomImage]:
    return add_photos(room, 3)


def send(client: Client, deed: str, photos: list[RoomImage], other: Room) -> Any:
    content = {"images": [photo.pk for photo in photos], "room": other.pk}
    return post_json(client, f"/rooms/{photos[0].room_id}/{deed}-images/", content)


def assert_all_whole(bucket: Any) -> None:
    """Each row has its four files, and there are no others."""
    rows = RoomImage.all_objects.all()
    assert keys(bucket) == {name for photo in rows for name in storage.names_of(photo.file_name)}
    assert not PendingFile.objects.exists()


def refuse_writes_from(place: int, monkeypatch: pytest.MonkeyPatch, status: int = 403) -> list[str]:
    """Each file from that one on is refused, counted from 1; returns the names that were asked for."""
    client, asked = photo_storage().bucket.meta.client, []
    put = client.put_object

    def put_some(**place_and_body: Any) -> Any:
        asked.append(place_and_body["Key"])
        if len(asked) < place:
            return put(**place_and_body)
        answer = {"Error": {"Code": "Refused"}, "ResponseMetadata": {"HTTPStatusCode": status}}
        raise ClientError(answer, "PutObject")

    monkeypatch.setattr(client, "put_object", put_some)
    return asked


def test_copies_have_objects_of_their_own(
    bucket: Any, as_alice: Client, room: Room, other: Room, here: list[RoomImage]
) -> None:
    assert send(as_alice, "copy", here, other).status_code == 200
    copies = list(other.images.all())
    assert contents(copies) == contents(here)
    assert len(keys(bucket)) == 24
    assert {bucket.Object(photo.file_name).content_type for photo in copies} == {"image/jpeg"}
    assert_all_whole(bucket)
    here[0].delete()
    assert_all_whole(bucket)
    assert Client().get(copies[0].image_url).status_code == 200


def test_photos_that_move_keep_their_objects(
    bucket: Any, as_alice: Client, room: Room, other: Room, here: list[RoomImage]
) -> None:
    before = keys(bucket)
    assert send(as_alice, "move", here[:2], other).status_code == 200
    assert keys(bucket) == before
    assert places(room=other) == in_order(here[0].pk, here[1].pk)
    assert places(room=room) == in_order(here[2].pk)
    assert_all_whole(bucket)


@pytest.mark.parametrize("place", [1, 5, 6, 12])
def test_bucket_that_refuses_in_the_middle_keeps_nothing(
    bucket: Any,
    as_alice: Client,
    other: Room,
    here: list[RoomImage],
    monkeypatch: pytest.MonkeyPatch,
    place: int,
) -> None:
    before = list(RoomImage.all_objects.values())
    with monkeypatch.context() as patch:
        asked = refuse_writes_from(place, patch)
        answer = send(as_alice, "copy", here, other)
    assert (answer.status_code, answer.json()["code"], len(asked)) == (503, "storage_unavailable", place)
    assert list(RoomImage.all_objects.values()) == before
    assert not Activity.objects.exists()
    assert_all_whole(bucket)
    assert send(as_alice, "copy", here, other).status_code == 200


def test_what_a_bucket_that_went_away_has_left_is_on_the_list_and_goes(
    bucket: Any, as_alice: Client, other: Room, here: list[RoomImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = keys(bucket)
    with monkeypatch.context() as patch:
        refuse_writes_from(6, patch, status=503)
        assert send(as_alice, "copy", here, other).status_code == 503
    assert not other.images.exists()
    assert len(keys(bucket) - before) == 5
    listed = PendingFile.objects.deletions().values_list("name", flat=True)
    assert keys(bucket) - before <= {name for master in listed for name in storage.names_of(master)}
    # A thread asks a silent bucket again only after a pause.
    photo_storage()._connections.paused_until = 0
    assert clean_up(0).errors == []
    assert keys(bucket) == before
    assert_all_whole(bucket)


def test_photo_that_is_gone_from_the_bucket_copies_nothing(
    bucket: Any, as_alice: Client, other: Room, here: list[RoomImage]
) -> None:
    bucket.Object(here[1].file_name).delete()
    before = keys(bucket)
    answer = send(as_alice, "copy", here, other)
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
    assert (keys(bucket), other.images.count()) == (before, 0)
    assert not PendingFile.objects.exists()
