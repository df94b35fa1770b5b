"""A photo that is too large is refused while it streams in; other forms of the site are left alone."""

import io

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadhandler import StopUpload
from django.test import RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from rooms.errors import FileTooLarge
from rooms.tests.conftest import photo_file
from rooms.upload_handlers import PhotoLimitUploadHandler, find_refusal


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
    request.user = user
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
    handler = PhotoLimitUploadHandler(sent(alice, 10)[0])
    handler.new_file("image", "x.jpg", "image/jpeg", None)
    assert handler.receive_data_chunk(b"x" * 100_000, 0) == b"x" * 100_000
    with pytest.raises(StopUpload) as stop:
        handler.receive_data_chunk(b"x", 100_000)
    assert stop.value.connection_reset


def test_each_file_is_counted_for_itself(alice, settings):
    settings.ROOM_PHOTO_MAX_BYTES = 100
    handler = PhotoLimitUploadHandler(sent(alice, 10)[0])
    for _number in range(3):
        handler.new_file("image", "x.jpg", "image/jpeg", None)
        assert handler.receive_data_chunk(b"x" * 100, 0)


def test_nobodys_body_is_not_read():
    request, stream = sent(AnonymousUser(), 100_000)
    assert not request.FILES
    assert not request.POST
    assert stream.count_bytes == 0


def test_other_pages_are_left_alone(alice):
    request, _stream = sent(alice, 100_000, "/admin/auth/user/add/")
    assert request.FILES["image"].size == 100_000
