"""Bodies that nobody may send, or can read, are refused before anything of them is kept or done."""

import tempfile
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client, RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import get_script_prefix, set_script_prefix

from backoffice import worker
from backoffice.unreadable import ANONYMOUS_MAX_BYTES, with_readable_type
from rooms.models import Room, RoomImage
from rooms.tests.conftest import CSRF_TOKEN, add_photos, guarded, photo_file, picture, room_form
from rooms.tests.test_http import WRITING, address, assert_problem

TAKES_FILE = {"upload", "upload_temporary", "replace", "replace_temporary"}
LOGIN = "/admin/login/"
FORM = "application/x-www-form-urlencoded"
ODD_CHARSETS = (
    "hex_codec", "rot13", "idna", "punycode", "undefined", "unicode_escape", "utf-7", "utf-16", "zlib_codec",
    "no-such", "x" * 300, "é",
)  # fmt: skip


@pytest.fixture
def nothing_laid_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", None)


def test_only_four_endpoints_take_a_file(as_alice: Client, room: Room, nothing_laid_down: None) -> None:
    for name in set(WRITING) - TAKES_FILE:
        photo = add_photos(room, 1)[0]
        path = address(name, room_id=room.pk, photo_id=photo.pk)
        body = {"caption": "new", "image": photo_file()}
        # Neither a temporary nor a removed photo is here, and what is not there comes before the body.
        is_missing = (name.endswith("_temporary") and name != "reorder_temporary") or name == "restore"
        refusal = (404, "not_found") if is_missing else (400, "invalid_request")
        assert_problem(as_alice.post(path, body), *refusal)
        photo.refresh_from_db()
        assert (photo.caption, photo.removed_at) == ("Photo 1", None)
        photo.delete()


@pytest.mark.parametrize("name", sorted(set(WRITING) - TAKES_FILE))
def test_file_that_nobody_asked_for_comes_after_earlier_refusals(name, alice, nobody_may, room) -> None:
    path, body = address(name), {"image": photo_file()}
    assert_problem(guarded().post(path, body), 401, "not_authenticated")
    assert_problem(guarded(alice).put(path, b"x", content_type=MULTIPART_CONTENT), 405, "method_not_allowed")
    assert_problem(guarded(alice, **{"X-CSRFToken": "x" * 32}).post(path, body), 403, "csrf_failed")
    assert_problem(guarded(nobody_may).post(path, body), 403, "forbidden")


@pytest.fixture
def nobody_may(django_user_model: Any, db: None) -> Any:
    return django_user_model.objects.create_user("nobody", password="pass", is_staff=True)


@pytest.mark.parametrize(
    "page", ["change", "add", "/admin/password_change/", "/i18n/setlang/", "/admin/logout/"]
)
def test_no_page_takes_a_file(as_alice: Client, room: Room, nothing_laid_down: None, page: str) -> None:
    path = {"change": f"/admin/rooms/room/{room.pk}/change/", "add": "/admin/rooms/room/add/"}.get(page, page)
    form = room_form(room.establishment, name="Autre")
    assert as_alice.post(path, form | {"image": photo_file()}).status_code == 400
    assert list(Room.objects.values_list("name", flat=True)) == ["Chambre 1"]
    assert as_alice.get("/admin/").status_code == 200  # still signed in


def test_multipart_form_without_a_file_is_a_form(as_alice: Client, room: Room) -> None:
    """Unfold sends the forms of the admin so; an empty file field is not a file."""
    form = room_form(room.establishment, name="Autre")
    end = f"--{BOUNDARY}--".encode()
    empty = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename=""\r\n\r\n\r\n'.encode()
    body = encode_multipart(BOUNDARY, form).replace(end, empty + end)
    path = f"/admin/rooms/room/{room.pk}/change/"
    assert as_alice.generic("POST", path, body, MULTIPART_CONTENT).status_code == 302
    room.refresh_from_db()
    assert room.name == "Autre"


class TestNobody:
    """Who has not signed in."""

    @pytest.mark.parametrize("path", [LOGIN, "/i18n/setlang/", "/admin/rooms/room/add/"])
    def test_sends_no_file(self, db: None, nothing_laid_down: None, path: str) -> None:
        answer = guarded().post(path, {"username": "x", "image": photo_file()})
        assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (400, "text/html")

    @pytest.mark.parametrize("name", WRITING)
    def test_sends_nothing_in_parts_to_an_endpoint(
        self, db: None, nothing_laid_down: None, name: str
    ) -> None:
        for client in (Client(), guarded(), Client(enforce_csrf_checks=True)):
            assert_problem(client.post(address(name), {"caption": "x"}), 401, "not_authenticated")
            assert_problem(client.post(address(name), {"image": photo_file()}), 401, "not_authenticated")
            put = client.put(address(name), b"x", content_type=MULTIPART_CONTENT)
            assert_problem(put, 405, "method_not_allowed")

    @pytest.mark.parametrize("content_type", [FORM, MULTIPART_CONTENT, "application/json", "text/plain"])
    @pytest.mark.parametrize("path", [LOGIN, "/i18n/setlang/", "/rooms/1/reorder-images/"])
    def test_sends_no_large_body(self, db: None, content_type: str, path: str) -> None:
        class Unread:
            def read(self, *_: Any) -> bytes:
                raise AssertionError("read")

            readline = read

        answer = guarded().generic(
            "POST", path, b"x" * (ANONYMOUS_MAX_BYTES + 1), content_type, **{"wsgi.input": Unread()}
        )
        assert answer.status_code == (401 if path.startswith("/rooms/") else 400)

    def test_may_send_a_form_of_that_size(self, db: None) -> None:
        form = f"csrfmiddlewaretoken={CSRF_TOKEN}&username="
        body = form + "x" * (ANONYMOUS_MAX_BYTES - len(form))
        assert guarded().post(LOGIN, body, content_type=FORM).status_code == 200

    def test_is_read_without_a_thread(self) -> None:
        assert ANONYMOUS_MAX_BYTES <= worker.SMALL_BODY_BYTES


@pytest.mark.parametrize("charset", ODD_CHARSETS)
@pytest.mark.parametrize("content_type", [FORM, MULTIPART_CONTENT, "application/json"])
class TestOddCharset:
    def test_is_refused_at_an_endpoint(self, as_alice, room, content_type, charset) -> None:
        photo = add_photos(room, 1)[0]
        path = address("update", room_id=room.pk, photo_id=photo.pk)
        is_multipart = content_type == MULTIPART_CONTENT
        body = encode_multipart(BOUNDARY, {"caption": "é"}) if is_multipart else b'{"caption": "x"}'
        answer = as_alice.generic("POST", path, body, f"{content_type}; charset={charset}")
        assert_problem(answer, 400, "invalid_request")
        assert RoomImage.objects.get().caption == "Photo 1"
        assert_problem(
            Client().generic("POST", path, body, answer.request["CONTENT_TYPE"]), 401, "not_authenticated"
        )

    def test_is_refused_at_a_page(self, db, content_type, charset) -> None:
        content_type = f"{content_type}; charset={charset}"
        assert guarded().generic("POST", LOGIN, b"username=x", content_type).status_code == 400

    def test_is_refused_where_the_query_is_decoded_by_it(self, db, content_type, charset) -> None:
        assert serve("/admin/login/?q=%e9", f"{content_type}; charset={charset}").startswith("400")
        assert serve("/nowhere/?q=%e9", f"{content_type}; charset={charset}").startswith("404")


@pytest.mark.parametrize("param", ["a*=no-such''x", "a*=idna''%ff", "a*=undefined''x", "charset*=no-such''x"])
def test_content_type_that_cannot_be_taken_apart_is_refused(db: None, param: str) -> None:
    assert serve("/admin/login/", f"{MULTIPART_CONTENT}; {param}").startswith("400")


def serve(path: str, content_type: str) -> str:
    """The status that the WSGI application answers: Django's test client would fail before it."""
    environ = RequestFactory()._base_environ(
        PATH_INFO=path.partition("?")[0], QUERY_STRING=path.partition("?")[2], CONTENT_TYPE=content_type
    )
    statuses: list[str] = []
    application = with_readable_type(get_wsgi_application())
    application(environ, lambda status, headers: statuses.append(status)).close()
    return statuses[0]


@pytest.mark.parametrize("charset", ["utf-8", "UTF8", "us-ascii", "iso-8859-1", "windows-1252"])
def test_usual_charset_is_read(as_alice: Client, room: Room, charset: str) -> None:
    body = encode_multipart(BOUNDARY, {"caption": "Vue", "image": photo_file()})
    path = address("upload", room_id=room.pk)
    assert as_alice.generic("POST", path, body, f"{MULTIPART_CONTENT}; charset={charset}").status_code == 201
    assert RoomImage.objects.get().caption == "Vue"


PART = 'Content-Disposition: form-data; name="image"; filename="p.jpg"'


@pytest.mark.parametrize(
    ("head", "boundary"),
    [
        (PART.replace('filename="p.jpg"', "filename*=hex_codec''p.jpg"), "x"),
        (PART.replace('filename="p.jpg"', "filename*=idna''%ff.jpg"), "x"),
        (PART.replace('filename="p.jpg"', "filename*=no-such''p.jpg"), "x"),
        (PART.replace('name="image"', "name*=undefined''image"), "x"),
        (PART + "\r\nContent-Transfer-Encoding: base64", "x"),
        (PART + "\r\nContent-Transfer-Encoding: no-such", "x"),
        (PART + "\r\nContent-Type: text/plain; charset=hex_codec", "x"),
        (PART + "\r\nContent-Type: text/plain; charset*=no-such''x", "x"),
        (PART + "\r\nContent-Length: x", "x"),
        (PART, "é"),
        (PART, ""),
        (PART, "y" * 300),
        (PART, "x\x00"),
    ],
)
def test_odd_parts_are_read_or_refused(as_alice: Client, room: Room, head: str, boundary: str) -> None:
    """Never a fault of ours, and nothing kept where it is refused."""
    body = f"--x\r\n{head}\r\n\r\n".encode() + picture() + b"\r\n--x--\r\n"
    path = address("upload", room_id=room.pk)
    answer = as_alice.generic("POST", path, body, f"multipart/form-data; boundary={boundary}")
    assert answer.status_code in (201, 400, 415, 422)
    assert RoomImage.objects.count() == (answer.status_code == 201)


@pytest.mark.parametrize("name", [name for name in WRITING if name not in TAKES_FILE])
def test_form_in_parts_where_json_is_read_is_refused_or_read(name: str, alice: Any, room: Room) -> None:
    """Its stream has been read by then."""
    photo = add_photos(room, 1)[0]
    answer = guarded(alice).post(address(name, room_id=room.pk, photo_id=photo.pk), {"caption": "new"})
    assert answer.status_code in (200, 400, 404)


@pytest.fixture
def prefix() -> Any:
    before = get_script_prefix()
    yield "/hotels"
    set_script_prefix(before)


def test_endpoints_are_known_under_a_prefix(alice: Any, room: Room, prefix: str) -> None:
    client = guarded(alice)
    path = f"/rooms/{room.pk}/upload-image/"
    kept = client.post(path, {"image": photo_file()}, SCRIPT_NAME=prefix)
    assert kept.status_code == 201
    too_large = client.post(path, {"image": photo_file(content=b"x" * 5_300_000)}, SCRIPT_NAME=prefix)
    assert_problem(too_large, 413, "file_too_large")
    assert_problem(client.get("/rooms/nowhere/", SCRIPT_NAME=prefix), 404, "not_found")
    assert_problem(Client().post(path, {"image": photo_file()}, SCRIPT_NAME=prefix), 401, "not_authenticated")
