"""A bucket that is away, full, or not one: asked over a real socket, of a server of our own."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from botocore.exceptions import ClientError
from django.test import Client
from moto import mock_aws

from rooms import storage
from rooms.errors import StorageFull
from rooms.models import PendingFile, RoomImage
from rooms.models.photo import photo_storage
from rooms.services.cleanup import clean_up
from rooms.storage import bucket as bucket_storage
from rooms.tests.bucket.conftest import NAME, keys
from rooms.tests.conftest import insert_old_row, upload


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
        assert PendingFile.objects.deletions().exists() == (status != 200)


def test_full_bucket_is_said_to_be_full(use_bucket):
    with answering(507, b"<Error><Code>XMinioStorageFull</Code></Error>") as address:
        use_bucket(S3_ENDPOINT_URL=address)
        with pytest.raises(StorageFull):
            storage.store(photo_storage(), {NAME: b"master"})


def count_callers(listener: socket.socket) -> int:
    listener.setblocking(False)
    callers = 0
    with suppress(BlockingIOError):
        while True:
            listener.accept()[0].close()
            callers += 1
    return callers


@pytest.mark.parametrize("is_listening", [True, False], ids=["silent", "refused"])
def test_bucket_that_does_not_answer_is_given_up_soon(use_bucket, as_alice, monkeypatch, is_listening):
    monkeypatch.setattr(bucket_storage, "BUCKET_READ_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        if not is_listening:
            listener.close()
        use_bucket(S3_ENDPOINT_URL=f"http://127.0.0.1:{port}")
        answer = upload(as_alice)
        # One request, tried twice: those that clean up after it do not wait again.
        assert not is_listening or count_callers(listener) == 2
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
    assert PendingFile.objects.count() == 1
    assert len(keys(bucket)) == 4
    assert clean_up(0).errors == []
    assert (PendingFile.objects.count(), keys(bucket)) == (0, set())


def _refuse(**place: str) -> None:
    answer = {"Error": {"Code": "AccessDenied"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
    raise ClientError(answer, "DeleteObject")
