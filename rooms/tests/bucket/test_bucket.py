"""Photos in a bucket: the same promises as on a disk."""

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from rooms import storage
from rooms.models import PendingFile, RoomImage
from rooms.models.photo import photo_storage
from rooms.services.cleanup import clean_up
from rooms.tests.bucket.conftest import NAME, keys
from rooms.tests.conftest import add_photos, insert_old_row, picture, upload


def test_photo_lies_in_the_bucket_with_the_type_of_its_content(bucket, as_alice, room):
    lie = SimpleUploadedFile("x.html", picture(), "text/html")
    answer = as_alice.post(f"/rooms/{room.pk}/upload-image/", {"image": lie})
    assert answer.status_code == 201
    photo = RoomImage.objects.get()
    assert keys(bucket) == set(storage.names_of(photo.file_name))
    types = {name: bucket.Object(name).content_type for name in keys(bucket)}
    assert types.pop(photo.file_name) == "image/jpeg"
    assert set(types.values()) == {"image/webp"}


def test_photo_is_served_by_us_under_our_headers(bucket, room):
    photo = add_photos(room, 1)[0]
    for address, content_type in ((photo.image_url, "image/jpeg"), (photo.thumbnail_url, "image/webp")):
        assert address.startswith("/media/photos/")
        response = Client().get(address)
        assert (response.status_code, response["Content-Type"]) == (200, content_type)
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_folder_in_a_shared_bucket(bucket, use_bucket, room):
    use_bucket(LOCATION="hotel")
    photo = add_photos(room, 1)[0]
    assert keys(bucket) == {f"hotel/{name}" for name in storage.names_of(photo.file_name)}
    assert Client().get(photo.image_url).status_code == 200


def test_missing_version_is_made_again_by_the_command(bucket, room):
    photo = add_photos(room, 1)[0]
    name = storage.version_name(photo.file_name, 320)
    bucket.Object(name).delete()
    assert Client().get(photo.thumbnail_url).status_code == 404
    call_command("rebuild_photo_versions")
    assert Client().get(photo.thumbnail_url)["Content-Type"] == "image/webp"
    assert name in keys(bucket)


@pytest.mark.django_db(transaction=True)
def test_older_photo_gets_files_of_our_own(bucket, room):
    bucket.Object("old/1.jpg").put(Body=picture())
    photo = insert_old_row(room, "old/1.jpg")
    call_command("rebuild_photo_versions")
    photo.refresh_from_db()
    assert keys(bucket) == set(storage.names_of(photo.file_name))
    assert len(keys(bucket)) == 4
    assert not PendingFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_copied_row_has_a_copy_of_the_file(bucket, room):
    photo = add_photos(room, 1)[0]
    twin = RoomImage.objects.get(pk=photo.pk)
    twin.pk = None
    twin.save()
    twin.delete()
    assert keys(bucket) == set(storage.names_of(photo.file_name))


def test_missing_photo_is_not_found_and_its_pages_still_come(bucket, as_alice, room):
    photo = add_photos(room, 1)[0]
    bucket.objects.delete()
    assert [Client().get(url).status_code for url in (photo.image_url, photo.thumbnail_url)] == [404, 404]
    assert as_alice.get("/admin/rooms/room/").status_code == 200
    assert as_alice.get(f"/admin/rooms/room/{room.pk}/change/").status_code == 200


@pytest.mark.parametrize("name", ["old/gone.jpg", "../secret.jpg", "/etc/hostname", ""])
def test_older_row_without_a_file_breaks_nothing(bucket, as_alice, room, name):
    insert_old_row(room, name)
    answer = as_alice.get(f"/rooms/{room.pk}/images/")
    assert (answer.status_code, answer.json()["images"][0]["width"]) == (200, None)
    assert Client().get(f"/media/{name}").status_code == 404


def test_older_systems_file_is_served_as_what_it_is(bucket, room):
    bucket.put_object(Key="old/IMG 1.html", Body=picture(file_format="PNG"), ContentType="text/html")
    photo = insert_old_row(room, "old/IMG 1.html")
    assert Client().get(photo.image_url)["Content-Type"] == "image/png"


def test_cleanup_empties_the_bucket(bucket, as_alice):
    assert upload(as_alice).status_code == 201
    report = clean_up(0)
    assert (report.photos, report.files, report.errors) == (1, 4, [])
    assert keys(bucket) == set()


def test_no_name_is_overwritten(bucket):
    bucket.put_object(Key=NAME, Body=b"somebody else's")
    with pytest.raises(FileExistsError):
        photo_storage().save(NAME, ContentFile(b"mine"))
    assert bucket.Object(NAME).get()["Body"].read() == b"somebody else's"


def test_a_file_is_an_os_error_or_whole(bucket):
    files = photo_storage()
    for look in (files.open, files.size):
        with pytest.raises(FileNotFoundError):
            look(NAME)
    files.delete(NAME)
    files.save(NAME, ContentFile(b"master"))
    with files.open(NAME) as file:
        assert (files.exists(NAME), files.size(NAME), file.size, file.read()) == (True, 6, 6, b"master")
    with pytest.raises(SuspiciousFileOperation):
        files.open("../" + NAME)


def test_bucket_that_is_gone_keeps_its_pending_files_listed(bucket, db):
    PendingFile.objects.create(name=NAME)
    bucket.delete()
    assert len(clean_up(0).errors) == 1
    assert PendingFile.objects.get().name == NAME


@pytest.mark.parametrize(
    ("options", "style"),
    [
        ({}, "auto"),
        ({"S3_ENDPOINT_URL": "http://127.0.0.1:9"}, "path"),
        ({"S3_ENDPOINT_URL": "http://127.0.0.1:9", "S3_ADDRESSING_STYLE": "virtual"}, "virtual"),
    ],
)
def test_defaults_suit_amazon_and_all_others(use_bucket, options, style):
    use_bucket(**options)
    config = photo_storage().client_config
    assert config.s3["addressing_style"] == style
    assert config.request_checksum_calculation == config.response_checksum_validation == "when_required"
