"""Bodies of requests: JSON that is none, forms in odd clothes, and tokens in the form."""

import pytest

from rooms.tests.conftest import add_photos, guarded, photo_file
from rooms.tests.test_http import address, assert_problem

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 100_000, b"{}"])
def test_unreadable_json_is_refused(body, as_alice, room):
    for name in ("reorder", "reorder_temporary"):
        response = as_alice.post(address(name, room_id=room.pk), body, content_type="application/json")
        assert_problem(response, 400, "invalid_request")


def test_json_that_is_too_long_is_refused(as_alice, room):
    body = b'{"order": [' + b"1," * 2_000_000 + b"1]}"
    response = as_alice.post(address("reorder", room_id=room.pk), body, content_type="application/json")
    assert_problem(response, 400, "invalid_request")


def test_csrf_token_may_come_in_the_form(alice, room):
    client = guarded(alice, **{"X-CSRFToken": ""})
    fields = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value, "image": photo_file()}
    assert client.post(address("upload", room_id=room.pk), fields).status_code == 201


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain", "application/x-www-form-urlencoded"]
)
def test_no_content_type_goes_round_the_csrf_check(content_type, alice, room):
    photo = add_photos(room, 1)[0]
    client = guarded(alice, **{"X-CSRFToken": ""})
    path = address("update", room_id=room.pk, photo_id=photo.pk)
    assert_problem(client.post(path, b"caption=x", content_type=content_type), 403, "csrf_failed")


def test_form_in_an_unknown_charset_is_refused(as_alice, room):
    photo = add_photos(room, 1)[0]
    path = address("update", room_id=room.pk, photo_id=photo.pk)
    assert as_alice.post(path, b"caption=x", content_type=f"{FORM}; charset=utf-16").status_code == 400
