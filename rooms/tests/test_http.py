"""Every endpoint answers in one shape and refuses in one order; the list comes from the URLconf."""

from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Permission, User
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from rooms.api import views
from rooms.models import Room, RoomImage
from rooms.services import gallery as galleries
from rooms.tests.conftest import add_photos, guarded, photo_file, signed_in

METHODS = {
    "upload_temporary": "POST",
    "list_temporary": "GET",
    "readiness_temporary": "GET",
    "reorder_temporary": "POST",
    "update_temporary": "POST",
    "delete_temporary": "POST",
    "restore_temporary": "POST",
    "replace_temporary": "POST",
    "rotate_temporary": "POST",
    "upload": "POST",
    "report_failure": "POST",
    "list": "GET",
    "readiness": "GET",
    "move": "POST",
    "copy": "POST",
    "reorder": "POST",
    "update": "POST",
    "delete": "POST",
    "restore": "POST",
    "replace": "POST",
    "rotate": "POST",
}
NAMES = [pattern.name for pattern in views.urlpatterns]
WRITING = [name for name in NAMES if METHODS.get(name) == "POST"]
WITH_ID = [pattern.name for pattern in views.urlpatterns if pattern.pattern.converters]
WITH_PHOTO = [pattern.name for pattern in views.urlpatterns if "photo_id" in pattern.pattern.converters]
MISSING = 987_654_321


def address(name: str, room_id: int = MISSING, photo_id: int = MISSING) -> str:
    pattern = next(pattern for pattern in views.urlpatterns if pattern.name == name)
    ids = {"room_id": room_id, "photo_id": photo_id}
    return reverse(f"rooms:{name}", kwargs={key: ids[key] for key in pattern.pattern.converters})


def request(client: Client, name: str, method: str | None = None, **ids: int) -> Any:
    return client.generic(method or METHODS[name], address(name, **ids), b"", "application/json")


def assert_problem(response: Any, status: int, code: str) -> None:
    assert (response.status_code, response.json().get("code")) == (status, code)
    assert response["Content-Type"] == "application/json"
    assert "no-store" in response["Cache-Control"]
    body = response.json()
    assert body.keys() - {"images"} == {"success", "code", "error"}
    assert body["success"] is False
    assert body["error"].endswith(".")


@pytest.fixture
def nobody(db: None) -> User:
    return User.objects.create_user("nobody", password="pass", is_staff=True)


@pytest.fixture
def guest(db: None) -> User:
    guest = User.objects.create_user("guest", password="pass", is_staff=False)
    guest.user_permissions.set(Permission.objects.filter(content_type__app_label="rooms"))
    return guest


def test_every_address_is_in_the_table():
    assert METHODS.keys() == set(NAMES)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("name", NAMES)
def test_wrong_method_is_refused_before_anything_else(name, method, db):
    if method == METHODS[name]:
        return
    response = request(Client(enforce_csrf_checks=True), name, method)
    assert (response.status_code, response["Allow"]) == (405, METHODS[name])
    if method != "HEAD":
        assert_problem(response, 405, "method_not_allowed")


@pytest.mark.parametrize("client", [Client(), Client(enforce_csrf_checks=True)], ids=["", "csrf"])
@pytest.mark.parametrize("name", NAMES)
def test_nobody_is_asked_to_sign_in(name, client, db):
    assert_problem(request(client, name), 401, "not_authenticated")


@pytest.mark.parametrize("name", NAMES)
def test_deactivated_user_is_signed_out_at_once(name, alice):
    client = signed_in(alice)
    User.objects.update(is_active=False)
    assert_problem(request(client, name), 401, "not_authenticated")


@pytest.mark.parametrize("token", ["", "x" * 32, "short"])
@pytest.mark.parametrize("name", WRITING)
def test_csrf_check_comes_before_permissions(name, token, nobody):
    assert_problem(request(guarded(nobody, **{"X-CSRFToken": token}), name), 403, "csrf_failed")


@pytest.mark.parametrize("name", WRITING)
def test_another_site_cannot_post(name, alice):
    client = guarded(alice, Origin="https://evil.example")
    assert_problem(request(client, name), 403, "csrf_failed")


def test_refused_token_changes_nothing(alice, room):
    photo = add_photos(room, 1)[0]
    before = list(RoomImage.all_objects.values())
    for name in WRITING:
        request(guarded(alice, **{"X-CSRFToken": ""}), name, room_id=room.pk, photo_id=photo.pk)
    assert list(RoomImage.all_objects.values()) == before


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "application/octet-stream"])
def test_no_content_type_gets_around_the_csrf_token(alice, room, content_type):
    photo = add_photos(room, 1)[0]
    client = signed_in(alice, enforce_csrf_checks=True)
    url = f"/rooms/{room.pk}/delete-image/{photo.pk}/"
    response = client.generic("POST", url, b'{"csrfmiddlewaretoken": "x"}', content_type)
    assert response.json()["code"] == "csrf_failed"
    assert RoomImage.objects.exists()


@pytest.mark.parametrize("who", ["nobody", "guest"])
@pytest.mark.parametrize("name", NAMES)
def test_permission_is_asked_before_the_object(name, who, nobody, guest):
    user = {"nobody": nobody, "guest": guest}[who]
    assert_problem(request(guarded(user), name), 403, "forbidden")


@pytest.mark.parametrize("name", WITH_ID)
def test_object_is_asked_before_the_body(name, alice):
    assert_problem(request(guarded(alice), name), 404, "not_found")


@pytest.mark.parametrize("name", [name for name in NAMES if name not in WITH_ID and name in WRITING])
def test_empty_body_is_refused(name, alice):
    response = request(guarded(alice), name)
    assert_problem(response, 400, "no_file" if "upload" in name else "invalid_request")


@pytest.mark.parametrize("number", [0, 2**63 - 1, 2**63, 10**40])
@pytest.mark.parametrize("name", WITH_ID)
def test_impossible_id_is_not_found(name, number, as_alice, room):
    assert_problem(request(as_alice, name, room_id=number, photo_id=number), 404, "not_found")
    if name in WITH_PHOTO:
        assert_problem(request(as_alice, name, room_id=room.pk, photo_id=number), 404, "not_found")


@pytest.mark.parametrize("path", ["-1", "1%20", "1e3", "%D9%A1", "1.0", "0x1", "", "None", "%00"])
def test_id_that_is_no_number_is_not_found(path, as_alice):
    for address in (f"/rooms/{path}/images/", f"/rooms/delete-image-temp/{path}/"):
        response = as_alice.get(address)
        assert response.status_code in (404, 405), address
        assert response.json()["success"] is False


@pytest.mark.parametrize(("language", "word"), [("fr", "photo"), ("en", "Reload the page")])
def test_error_is_in_the_users_language(language, word, alice):
    client = signed_in(alice, headers={"Accept-Language": language})
    assert word in request(client, "list").json()["error"]


def test_photo_is_shown_in_one_shape(as_alice, room):
    response = as_alice.post(address("upload", room_id=room.pk), {"image": photo_file(), "caption": " Vue "})
    image = response.json()["image"]
    row = RoomImage.objects.get()
    served = as_alice.get(image["url"])
    said = image.pop("advice")
    assert [(one.keys(), one["code"]) for one in said] == [({"code", "text"}, "small")]
    assert image == {
        "id": row.pk,
        "url": f"/media/{row.image.name}",
        "thumbnail_url": f"/media/{row.image.name.removesuffix('.jpg')}_320.webp",
        "srcset": row.srcset,
        "caption": "Vue",
        "alternative_text": "",
        "kind": "view",
        "order": 1,
        "width": 64,
        "height": 48,
        "size": len(served.content),
    }


def test_failing_database_says_try_again(as_alice, room, monkeypatch):
    def fail(*args: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(galleries, "find_photos", fail)
    response = request(as_alice, "list", room_id=room.pk)
    assert_problem(response, 503, "storage_unavailable")
    assert int(response["Retry-After"]) > 0


def test_what_nobody_foresaw_says_try_again(alice, room, monkeypatch):
    def fail(*args: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(galleries, "find_photos", fail)
    response = request(signed_in(alice, raise_request_exception=False), "list", room_id=room.pk)
    assert (response.status_code, response.json()["code"]) == (503, "storage_unavailable")
    assert b"secret" not in response.content


def test_page_of_a_database_that_does_not_answer_says_try_again(alice, monkeypatch):
    def fail(*args: Any) -> None:
        raise DatabaseError("secret detail")

    monkeypatch.setattr(site.get_model_admin(Room), "get_queryset", fail)
    response = signed_in(alice, raise_request_exception=False).get("/admin/rooms/room/")
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert b"secret" not in response.content
    assert "Réessayez".encode() in response.content


@pytest.mark.parametrize("path", ["/rooms/", "/rooms/nothing/", "/rooms/1/"])
def test_unknown_address_answers_json(path, as_alice):
    assert as_alice.get(path).json()["code"] == "not_found"


def test_other_pages_keep_djangos_errors(as_alice):
    response = as_alice.get("/nothing/")
    assert response.status_code == 404
    assert "text/html" in response["Content-Type"]
