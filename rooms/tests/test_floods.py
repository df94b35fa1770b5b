"""Requests that are too much of something: fields, files, letters. Refused whole, with nothing kept."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from rooms.models import Room, RoomImage
from rooms.tests.conftest import add_photos, photo_file, picture, room_form, signed_in

MB = 1024 * 1024


@pytest.fixture(autouse=True)
def spool(settings: Any, tmp_path: Path) -> Path:
    """Where Django lays the files of large bodies."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "spool")
    (tmp_path / "spool").mkdir()
    return tmp_path / "spool"


def large_file(bytes_count: int = 49 * MB // 10) -> Any:
    content = picture()
    return photo_file(content=content + b"\0" * (bytes_count - len(content)))


def assert_refused(response: Any, *statuses: int) -> None:
    assert response.status_code in statuses
    assert response.json()["success"] is False
    assert not RoomImage.all_objects.exists()


@pytest.mark.parametrize("path", ["/rooms/upload-image-temp/", "room"])
def test_a_thousand_and_one_fields_are_refused(as_alice: Client, room: Room, path: str) -> None:
    path = f"/rooms/{room.pk}/upload-image/" if path == "room" else path
    fields = {f"field-{number}": "x" for number in range(1001)}
    assert_refused(as_alice.post(path, fields | {"image": photo_file()}), 400)


def test_a_hundred_and_one_files_are_refused(as_alice: Client, room: Room, spool: Path) -> None:
    files = {"image": [photo_file() for _number in range(101)]}
    assert_refused(as_alice.post(f"/rooms/{room.pk}/upload-image/", files), 400)
    assert list(spool.iterdir()) == []


def test_twenty_large_files_in_one_body_are_refused_at_the_first(
    as_alice: Client, room: Room, spool: Path
) -> None:
    """The body is longer than a photo may be: none of it is laid down."""
    files = {"image": [large_file() for _number in range(20)]}
    assert_refused(as_alice.post(f"/rooms/{room.pk}/upload-image/", files), 400, 413)
    assert list(spool.iterdir()) == []


@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded"])
def test_caption_of_ten_megabytes_is_refused(as_alice: Client, room: Room, content_type: str) -> None:
    (photo,) = add_photos(room, 1)
    body = b'{"caption": "' + b"x" * (10 * MB) + b'"}'
    if "json" not in content_type:
        body = b"caption=" + b"x" * (10 * MB)
    path = f"/rooms/{room.pk}/update-image/{photo.pk}/"
    response = as_alice.post(path, body, content_type=content_type)
    assert (response.status_code, response.json()["code"]) == (400, "invalid_request")
    assert RoomImage.objects.get().caption == "Photo 1"


def test_form_of_the_admin_has_its_limits_too(as_alice: Client, room: Room) -> None:
    form = room_form(room.establishment, name="Autre")
    page = f"/admin/rooms/room/{room.pk}/change/"
    too_many_fields = form | {f"field-{number}": "x" for number in range(1001)}
    too_many_files = form | {f"file-{number}": photo_file() for number in range(11)}
    for fields in (too_many_fields, too_many_files):
        assert as_alice.post(page, fields).status_code == 400
    room.refresh_from_db()
    assert room.name == "Chambre 1"


def test_ten_thousand_tiny_photos_meet_the_quota_by_number(alice: User, settings: Any) -> None:
    settings.ROOM_PHOTO_MAX_UNATTACHED, settings.ROOM_PHOTO_MAX_COUNT = 3, 2
    client = signed_in(alice)
    statuses = []
    for number in range(6):
        draft = f"11111111-1111-4111-8111-11111111111{number // 2}"
        content = picture((16, 16))
        answer = client.post(
            "/rooms/upload-image-temp/", {"image": photo_file(content=content), "draft": draft}
        )
        statuses.append(answer.status_code)
    assert statuses == [201, 201, 201, 429, 429, 429]
    assert client.get("/admin/rooms/room/").status_code == 200
