"""A photo that is too large, or that nobody asked for, is refused while it streams in; no file has a name."""

import io
import os

import pytest
from django.core.files.uploadhandler import StopUpload
from django.test import RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import resolve

from rooms.errors import FileTooLarge, InvalidRequest
from rooms.tests.conftest import photo_file
from rooms.upload_handlers import PhotoUploadHandler, find_refusal


class Stream(io.BytesIO):
    """Counts what was read of it."""

    count_bytes = 0

    def read(self, size=-1):
        data = super().read(size)
        self.count_bytes += len(data)
        return data


def sent(user, size_bytes, path="/rooms/upload-image-temp/", **fields):
    """A request whose body lies in a stream that counts."""
    body = encode_multipart(BOUNDARY, {**fields, "image": photo_file(content=b"\xff" * size_bytes)})
    stream = Stream(body)
    request = RequestFactory().generic("POST", path, body, MULTIPART_CONTENT, **{"wsgi.input": stream})
    request.user, request.resolver_match = user, resolve(path)
    return request, stream


def test_fitting_photo_arrives_whole(alice):
    request, _stream = sent(alice, 5_242_880)
    assert find_refusal(request) is None
    assert request.FILES["image"].size == 5_242_880
    request.close()


def test_one_byte_more_is_refused(alice):
    request, _stream = sent(alice, 5_242_881)
    assert isinstance(find_refusal(request), FileTooLarge)
    assert not request.FILES


def test_huge_body_is_not_read_but_the_fields_before_the_file_are(alice):
    request, stream = sent(alice, 40_000_000, csrfmiddlewaretoken="token")
    assert isinstance(find_refusal(request), FileTooLarge)
    assert request.POST["csrfmiddlewaretoken"] == "token"
    assert stream.count_bytes < 500_000


def test_body_that_lies_about_its_length_is_cut(alice, settings):
    settings.ROOM_PHOTO_MAX_BYTES = 100_000
    handler = PhotoUploadHandler(sent(alice, 10)[0])
    handler.new_file("image", "x.jpg", "image/jpeg", None)
    handler.receive_data_chunk(b"x" * 100_000, 0)
    with pytest.raises(StopUpload) as stop:
        handler.receive_data_chunk(b"x", 100_000)
    handler.upload_interrupted()
    assert stop.value.connection_reset


def test_each_file_is_counted_for_itself(alice, settings):
    settings.ROOM_PHOTO_MAX_BYTES = 100
    handler = PhotoUploadHandler(sent(alice, 10)[0])
    for _number in range(3):
        handler.new_file("image", "x.jpg", "image/jpeg", None)
        handler.receive_data_chunk(b"x" * 100, 0)
        assert handler.file_complete(100).read() == b"x" * 100
        handler.upload_interrupted()


@pytest.mark.parametrize("size_bytes", [1000, 5_000_000])
def test_file_on_its_way_has_no_name(alice, size_bytes):
    request, _stream = sent(alice, size_bytes)
    photo = request.FILES["image"]
    assert os.fstat(photo.fileno()).st_nlink == 0
    request.close()
    assert photo.closed


@pytest.mark.parametrize("path", ["/admin/auth/user/add/", "/rooms/1/reorder-images/", "/i18n/setlang/"])
def test_file_that_nobody_asked_for_is_not_read(alice, path):
    request, stream = sent(alice, 1_000_000, path, caption="before it")
    assert isinstance(find_refusal(request), InvalidRequest)
    assert (request.POST["caption"], request.FILES) == ("before it", {})
    assert stream.count_bytes < 500_000
