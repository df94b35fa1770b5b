"""What browsers, scripts and liars send as an upload: sizes, names, types, and bodies that are no form."""

import base64
import io
import re
import struct
import tempfile
import uuid
from pathlib import Path

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from rooms import limits, storage
from rooms.errors import StorageFull, StorageUnavailable
from rooms.models import PendingFile, RoomImage
from rooms.tests.conftest import (
    DRAFT,
    OTHER_DRAFT,
    add_photos,
    files_in,
    guarded,
    photo_file,
    picture,
    upload,
)
from rooms.tests.test_images import padded

TEMPORARY = "/rooms/upload-image-temp/"
UPLOAD_ID = str(uuid.UUID(int=7))


def send(client, body: bytes, content_type: str = MULTIPART_CONTENT, **extra):
    return client.generic("POST", TEMPORARY, body, content_type, **extra)


def part(name: str, content: bytes, disposition: str = "", headers: str = "") -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{disposition}\r\n{headers}\r\n'
    return head.encode() + content + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def image_part(
    disposition: str = '; filename="photo.jpg"', headers: str = "Content-Type: image/jpeg\r\n"
) -> bytes:
    return part("image", picture(), disposition, headers)


@pytest.fixture
def nothing_kept(db, media_root, tmp_path, settings):
    """Whatever the test does, no photo, no file and no part of an upload remains."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "incoming")
    Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir()
    yield
    assert not RoomImage.all_objects.exists()
    assert not PendingFile.objects.exists()
    assert files_in(tmp_path) == set()


# --- sizes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size_bytes", "status"), [(5_000_000, 201), (5_242_879, 201), (5_242_880, 201), (5_242_881, 413)]
)
@pytest.mark.parametrize("file_format", ["JPEG", "PNG"])
def test_five_mebibytes_pass_and_one_byte_more_does_not(as_alice, room, file_format, size_bytes, status):
    response = upload(as_alice, room, padded(picture(file_format=file_format), size_bytes))
    assert response.status_code == status
    if status == 413:
        assert response.json()["code"] == "file_too_large"
        assert re.search(r"5[.,]0", response.json()["error"])


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("as_header", [True, False])
def test_far_too_large_body_is_refused_unread(alice, monkeypatch, as_header):
    """Neither a file is opened for it nor is it read on, wherever the CSRF token is."""
    client = guarded(alice, **({} if as_header else {"X-CSRFToken": ""}))
    token = client.cookies["csrftoken"].value
    body = encode_multipart(
        BOUNDARY,
        {"csrfmiddlewaretoken": token, "image": photo_file(content=padded(picture(), 12_000_000))},
    )
    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", None)
    response = send(client, body)
    assert (response.status_code, response.json()["code"]) == (413, "file_too_large")


@pytest.mark.usefixtures("nothing_kept")
def test_body_that_is_longer_than_it_says_is_cut(as_alice):
    body = form(part("image", padded(picture(), 9_000_000), '; filename="p.jpg"'))
    response = send(as_alice, body, CONTENT_LENGTH="300000")
    assert response.status_code in (400, 413, 422)


@pytest.mark.usefixtures("nothing_kept")
def test_photo_that_is_too_large_is_refused_whatever_it_weighs_in_the_form(as_alice, settings):
    settings.ROOM_PHOTO_MAX_BYTES = 1000
    response = upload(as_alice, None, padded(picture(), 1001))
    assert (response.status_code, response.json()["code"]) == (413, "file_too_large")


@pytest.mark.usefixtures("nothing_kept")
def test_stranger_learns_nothing_from_a_large_body(bob, room):
    assert upload(guarded(bob), room, padded(picture(), 6_000_000)).status_code == 404


# --- bodies that are no upload ----------------------------------------------------------


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (form(), "no_file"),
        (form(part("image", b"text")), "no_file"),
        (form(image_part('; filename=""')), "no_file"),
        (form(image_part('; filename="."')), "no_file"),
        (form(part("image", b"", '; filename="empty.jpg"')), "no_file"),
        (form(part("other", picture(), '; filename="photo.jpg"')), "no_file"),
        (form(image_part(), image_part()), "invalid_request"),
        (form(image_part(), part("other", picture(), '; filename="photo.jpg"')), "invalid_request"),
        (form(*[image_part()] * 11), "invalid_request"),
        (form(*[image_part()] * 101), "invalid_request"),
        (form(*[part(f"f{number}", b"") for number in range(1001)], image_part()), "invalid_request"),
        (form(part("caption", b"x" * 3_000_000), image_part()), "invalid_request"),
        (form(part("caption", b"x" * 201), image_part()), "invalid_request"),
        (form(part("caption", b"a\0b"), image_part()), "invalid_request"),
        (form(part("draft", b"x"), image_part()), "invalid_request"),
        (form(part("upload_id", b"x"), image_part()), "invalid_request"),
        (form(image_part(headers="Content-Transfer-Encoding: base64\r\n")), "invalid_request"),
    ],
)
def test_form_that_is_no_upload_is_refused(as_alice, body, code):
    response = send(as_alice, body)
    assert (response.status_code, response.json()["code"]) == (400, code)


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=é",
        "image/jpeg",
    ],
)
def test_body_without_a_boundary_is_refused(as_alice, content_type):
    assert send(as_alice, form(image_part()), content_type).status_code == 400


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("client_of", [None, "alice"])
def test_nobodys_malformed_body_is_asked_to_sign_in(client, as_alice, client_of):
    response = send(as_alice if client_of else client, b"x", "multipart/form-data; boundary=é")
    assert response.status_code == (400 if client_of else 401)


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_body_that_breaks_off_is_refused(as_alice, share):
    body = form(image_part())
    cut = io.BytesIO(body[: int(len(body) * share)])
    assert send(as_alice, body, **{"wsgi.input": cut}).status_code in (400, 422)


@pytest.mark.usefixtures("nothing_kept")
def test_body_without_a_length_is_refused(as_alice):
    assert send(as_alice, form(image_part()), CONTENT_LENGTH="").status_code == 400


def test_base64_part_is_read(as_alice):
    headers = "Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n"
    encoded = base64.b64encode(picture())
    assert send(as_alice, form(part("image", encoded, '; filename="p.jpg"', headers))).status_code == 201


# --- contents


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"<svg/>", 415, "unsupported_type"),
        (picture()[:300], 422, "invalid_image"),
        (b"\xff\xd8\xff" + struct.pack(">H", 2), 422, "invalid_image"),
    ],
)
def test_content_that_does_not_pass_says_why(as_alice, content, status, code):
    response = upload(as_alice, None, content)
    assert (response.status_code, response.json()["code"]) == (status, code)


@pytest.mark.usefixtures("nothing_kept")
def test_too_many_pixels_say_why(as_alice, settings):
    settings.ROOM_PHOTO_MAX_PIXELS = 1_000_000
    response = upload(as_alice, None, picture((1200, 900)))
    assert (response.status_code, response.json()["code"]) == (422, "too_many_pixels")


# --- replays and full galleries, as a client meets them ---------------------------------


def test_replay_answers_200_with_the_same_photo(as_alice, room):
    for target in (room, None):
        fields = {"upload_id": str(uuid.uuid4())} | ({} if target else {"draft": DRAFT})
        first, again = (upload(as_alice, target, **fields) for _number in range(2))
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json() == again.json()


def test_upload_id_in_another_draft_is_refused(as_alice):
    upload(as_alice, draft=DRAFT, upload_id=UPLOAD_ID)
    response = upload(as_alice, draft=OTHER_DRAFT, upload_id=UPLOAD_ID)
    assert (response.status_code, response.json()["code"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("setting", "status", "code"),
    [("ROOM_PHOTO_MAX_COUNT", 409, "limit_reached"), ("ROOM_PHOTO_MAX_UNATTACHED", 429, "quota_exceeded")],
)
def test_full_is_said(as_alice, settings, setting, status, code):
    setattr(settings, setting, 1)
    upload(as_alice)
    response = upload(as_alice)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert "1" in response.json()["error"]


def test_full_gallery_of_a_room(as_alice, room, settings):
    settings.ROOM_PHOTO_MAX_COUNT = 1
    assert [upload(as_alice, room).status_code for _number in range(2)] == [201, 409]


@pytest.mark.parametrize("length", [0, 1, limits.CAPTION_MAX_CHARS])
def test_caption_may_come_along(as_alice, length):
    caption = "é" * length
    assert upload(as_alice, caption=f" {caption}\n").json()["image"]["caption"] == caption


def test_full_disk_is_507_and_a_failing_one_503(as_alice, monkeypatch):
    for error, status in ((StorageUnavailable, 503), (StorageFull, 507)):

        def fail(*args, error=error):
            raise error

        monkeypatch.setattr(storage, "store", fail)
        response = upload(as_alice)
        assert response.status_code == status
        assert int(response["Retry-After"]) > 0


def test_path_instead_of_a_file_is_no_photo(as_alice, room):
    theirs = add_photos(room, 1)[0].image.name
    response = as_alice.post(f"/rooms/{room.pk}/upload-image/", {"image": theirs})
    assert response.json()["code"] == "no_file"
