"""Photos in a bucket: the same promises as on a disk, also while the bucket is away.

What works is asked of moto, in this process; what fails, of a server of our own, over a real socket.
"""

import functools
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from moto import mock_aws

from rooms import storage
from rooms.errors import StorageFull
from rooms.models import LooseFile, RoomImage
from rooms.models.photo import photo_storage
from rooms.services.cleanup import clean_up
from rooms.storage import bucket as bucket_storage
from rooms.tests.conftest import add_photos, insert_old_row, picture, upload

BUCKET = "photos-of-rooms"
NAME = "photos/ab/" + "ab" * 16 + ".jpg"


@functools.cache
def _session() -> Any:
    """Its data files take a tenth of a second to read: once is enough."""
    return boto3.Session("key", "secret")


@pytest.fixture
def use_bucket(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Call it with settings of django-storages: from then on photos lie in a bucket."""
    for variable in ("AWS_PROFILE", "AWS_S3_SESSION_PROFILE", "AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(variable, raising=False)
    real = bucket_storage.BucketPhotoStorage._create_session

    def create_session(self: Any) -> Any:
        return _session() if self.access_key else real(self)

    monkeypatch.setattr(bucket_storage.BucketPhotoStorage, "_create_session", create_session)

    def use(**options: Any) -> None:
        options = {"STORAGE_BUCKET_NAME": BUCKET, "S3_REGION_NAME": "us-east-1"} | options
        for name, value in {"S3_ACCESS_KEY_ID": "key", "S3_SECRET_ACCESS_KEY": "secret", **options}.items():
            setattr(settings, f"AWS_{name}", value)
        settings.STORAGES = settings.STORAGES | {
            "default": {"BACKEND": "rooms.storage.bucket.BucketPhotoStorage"}
        }

    return use


@pytest.fixture
def bucket(use_bucket: Any) -> Iterator[Any]:
    """A bucket that works, as boto3 sees it."""
    with mock_aws():
        use_bucket()
        photo_storage().bucket.create()
        yield photo_storage().bucket


@contextmanager
def answering(status: int, body: bytes = b"") -> Iterator[str]:
    """A server that gives every request this answer; its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # else boto3 waits a second for the "100 Continue" before a body

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else body)

        do_GET = do_HEAD = do_PUT = do_DELETE = answer

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def keys(bucket: Any) -> set[str]:
    return {entry.key for entry in bucket.objects.all()}


# --- a bucket that works ----------------------------------------------------------------


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


def test_missing_version_is_made_again(bucket, room):
    photo = add_photos(room, 1)[0]
    name = storage.version_name(photo.file_name, 320)
    bucket.Object(name).delete()
    assert Client().get(photo.thumbnail_url)["Content-Type"] == "image/webp"
    assert name in keys(bucket)


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


def test_bucket_that_is_gone_keeps_its_loose_files_listed(bucket, db):
    LooseFile.objects.create(name=NAME)
    bucket.delete()
    assert len(clean_up(0).errors) == 1
    assert LooseFile.objects.get().name == NAME


# --- a bucket that does not -------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html>not a bucket at all</html>"),
        (403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>"),
        (404, b"<Error><Code>NoSuchBucket</Code></Error>"),
        (404, b"<html>somebody else's page</html>"),
        (500, b"<Error><Code>InternalError</Code></Error>"),
        (502, b"<html>a proxy's page</html>"),
    ],
)
def test_refusing_bucket_keeps_nothing_and_breaks_no_page(use_bucket, as_alice, room, status, body):
    insert_old_row(room, NAME)
    with answering(status, body) as address:
        use_bucket(S3_ENDPOINT_URL=address)
        answer = upload(as_alice, room)
        assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
        photo = RoomImage.objects.get()
        response = Client().get(photo.image_url)
        if status == 200:
            assert response.status_code == 404
        else:
            assert (response.status_code, response["Cache-Control"]) == (503, "private, no-store")
        assert as_alice.get(f"/rooms/{room.pk}/images/").status_code == 200
        assert as_alice.get("/admin/rooms/room/").status_code == 200
        assert LooseFile.objects.filter(in_flight_since=None).exists() == (status != 200)


def test_full_bucket_is_said_to_be_full(use_bucket):
    with answering(507, b"<Error><Code>XMinioStorageFull</Code></Error>") as address:
        use_bucket(S3_ENDPOINT_URL=address)
        with pytest.raises(StorageFull):
            storage.store(photo_storage(), {NAME: b"master"})


@pytest.mark.parametrize("is_listening", [True, False], ids=["silent", "refused"])
def test_bucket_that_does_not_answer_is_given_up_soon(use_bucket, as_alice, monkeypatch, is_listening):
    monkeypatch.setattr(bucket_storage, "BUCKET_READ_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        if not is_listening:
            listener.close()
        use_bucket(S3_ENDPOINT_URL=f"http://127.0.0.1:{port}")
        started = time.monotonic()
        answer = upload(as_alice)
        # One request, tried twice: those that clean up after it do not wait again.
        assert time.monotonic() - started < 3
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
    assert not RoomImage.all_objects.exists()


def test_patience_with_a_silent_bucket_ends_within_ten_seconds(use_bucket):
    use_bucket()
    config = photo_storage().client_config
    attempts = config.retries["total_max_attempts"]
    assert max(config.connect_timeout, config.read_timeout) * attempts + 1 <= 10


def test_missing_credentials_are_looked_for_again(use_bucket, monkeypatch):
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr(bucket_storage, "BUCKET_PAUSE_SECONDS", 0)
    with mock_aws():
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")  # moto's own
        use_bucket(S3_ACCESS_KEY_ID=None, S3_SECRET_ACCESS_KEY=None)
        with pytest.raises(storage.BucketUnavailable, match="credentials"):
            photo_storage().exists(NAME)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a role's")
        photo_storage().bucket.create()
        assert not photo_storage().exists(NAME)


def test_file_that_cannot_be_removed_goes_with_the_next_cleanup(bucket, as_alice, monkeypatch):
    assert upload(as_alice).status_code == 201
    client = photo_storage().bucket.meta.client
    with monkeypatch.context() as patch:
        patch.setattr(client, "delete_object", _refuse)
        assert len(clean_up(0).errors) == 1
    assert LooseFile.objects.count() == 1
    assert len(keys(bucket)) == 4
    assert clean_up(0).errors == []
    assert (LooseFile.objects.count(), keys(bucket)) == (0, set())


def _refuse(**place: str) -> None:
    answer = {"Error": {"Code": "AccessDenied"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
    raise ClientError(answer, "DeleteObject")


# --- how it is addressed ----------------------------------------------------------------


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
