"""Whatever name and type a client claims: the stored file has ours, and the type of its content."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rooms import storage
from rooms.models import RoomImage
from rooms.tests.conftest import files_in, photo_file, picture, upload
from rooms.tests.test_uploads_http import TEMPORARY, form, image_part, send

NAMES = [
    "../../etc/cron.d/x.jpg",
    "..\\..\\x.jpg",
    "/etc/passwd.jpg",
    "C:\\x.jpg",
    "%2e%2e%2fx.jpg",
    "x.jpg%00.php",
    "x.php.jpg",
    "x.jpg.php",
    "x.jpg ",
    ".htaccess",
    "CON.jpg",
    "-rf.jpg",
    "$(id).jpg",
    "`id`.jpg",
    "é" * 300 + ".jpg",
    "x" * 255,
    "😀" * 60,
    "e\u0301.jpg",
    "\u202egpj.exe",
    '"><img src=x onerror=alert(1)>.jpg',
    "{{7*7}}.jpg",
    "a\r\nSet-Cookie: x=1.jpg",
    "noextension",
    "PHOTO.JPEG",
]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_no_name_of_a_client_reaches_the_storage(as_alice, media_root, name):
    file = SimpleUploadedFile("x", picture(), "text/html")
    file._name = name
    response = as_alice.post(TEMPORARY, {"image": file})
    assert response.status_code == 201
    assert "Set-Cookie: x" not in str(response.headers)
    photo = RoomImage.objects.get()
    assert storage.is_ours(photo.image.name)
    assert files_in(media_root) == set(storage.names_of(photo.image.name))


@pytest.mark.parametrize("name", ["x" * 5_000 + ".jpg", "x" * 100_000, "😀" * 300])
def test_endless_name_is_refused(as_alice, name):
    assert send(as_alice, form(image_part(f'; filename="{name}"'))).status_code == 400
    assert not RoomImage.all_objects.exists()


def test_name_of_another_photo_is_no_danger(as_alice, media_root):
    first = upload(as_alice).json()["image"]
    taken = RoomImage.objects.get().image.name
    content = (media_root / taken).read_bytes()
    as_alice.post(TEMPORARY, {"image": photo_file(taken)})
    assert (media_root / taken).read_bytes() == content
    assert RoomImage.objects.exclude(pk=first["id"]).get().image.name != taken


@pytest.mark.parametrize("claimed", ["text/html", "image/svg+xml", "application/x-php", ""])
@pytest.mark.parametrize(("name", "file_format"), [("a.png", "JPEG"), ("a.jpg", "PNG"), ("a.html", "WEBP")])
def test_claimed_type_and_name_count_for_nothing(as_alice, claimed, name, file_format):
    content = picture(file_format=file_format)
    image = as_alice.post(TEMPORARY, {"image": photo_file(name, content, claimed)}).json()["image"]
    assert as_alice.get(image["url"])["Content-Type"] == "image/jpeg"
    assert as_alice.get(image["thumbnail_url"])["Content-Type"] == "image/webp"
