"""What the cookie of a session is worth, to whom, and when it ends."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from rooms.models import Establishment, Room, RoomImage
from rooms.services import uploads
from rooms.tests.conftest import post_json, room_form, signed_in, upload, upload_ids

LOGIN = "/admin/login/"
LIST = "/rooms/list-image-temp/"
PASSWORD = "pass"
NEW_PASSWORD = "wxyz-4821-Quartz"


def enter(client: Client, name: str, password: str = PASSWORD) -> Client:
    assert client.post(LOGIN, {"username": name, "password": password}).status_code == 302
    return client


def state(client: Client) -> int:
    """200 where it is signed in."""
    return client.get(LIST).status_code


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(alice: User, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = enter(Client(), "alice")
    session, token = client.cookies["sessionid"], client.cookies["csrftoken"]
    assert (session["httponly"], session["samesite"], session["secure"]) == (True, "Lax", True)
    assert (token["samesite"], token["secure"]) == ("Lax", True)
    assert not session["domain"]


@pytest.mark.parametrize("cookie", ["", "x", "x" * 5000, "../../etc/passwd", "'; --", "0" * 32, "é"])
def test_invented_cookie_opens_nothing_and_keeps_nothing(db: None, cookie: str) -> None:
    client = Client()
    client.cookies["sessionid"] = cookie
    assert upload(client).status_code == 401
    assert client.get("/admin/rooms/room/").status_code == 302
    assert not RoomImage.all_objects.exists()
    assert not Session.objects.exists()


def test_changed_or_expired_cookie_opens_nothing(as_alice: Client) -> None:
    key = as_alice.cookies["sessionid"].value
    as_alice.cookies["sessionid"] = key[:-1] + ("a" if key[-1] != "a" else "b")
    assert upload(as_alice).status_code == 401
    as_alice.cookies["sessionid"] = key
    assert state(as_alice) == 200
    Session.objects.update(expire_date=timezone.now())
    assert upload(as_alice).status_code == 401
    assert not RoomImage.all_objects.exists()


def test_signing_in_takes_a_new_cookie_so_that_nobody_can_plant_one(alice: User) -> None:
    client = Client()
    planted = client.session
    planted["room_temp_images"] = [1, 2, 3]
    planted.save()
    client.cookies["sessionid"] = planted.session_key
    enter(client, "alice")
    assert client.cookies["sessionid"].value != planted.session_key
    spy = Client()
    spy.cookies["sessionid"] = planted.session_key
    assert state(spy) == 401


def test_ids_planted_before_signing_in_claim_no_photo(as_bob: Client, alice: User, room: Room) -> None:
    bobs = upload_ids(as_bob, 2)
    client = Client()
    planted = client.session
    planted["room_temp_images"] = bobs
    planted.save()
    client.cookies["sessionid"] = planted.session_key
    enter(client, "alice")
    assert client.get(LIST).json()["images"] == []
    client.post("/admin/rooms/room/add/", room_form(room.establishment, name="Chambre 2"))
    assert Room.objects.filter(name="Chambre 2", images=None).exists()
    assert client.post(f"/rooms/delete-image-temp/{bobs[0]}/").status_code == 404
    own = upload_ids(client, 1)
    assert client.session["room_temp_images"] == own


def test_next_user_of_the_browser_starts_anew(as_alice: Client, bob: User) -> None:
    draft = str(uuid.uuid4())
    photo_ids = upload_ids(as_alice, 2, draft=draft)
    key = as_alice.cookies["sessionid"].value
    enter(as_alice, "bob")  # without signing out
    assert as_alice.cookies["sessionid"].value != key
    assert "room_temp_images" not in as_alice.session
    assert as_alice.get(LIST).json()["images"] == []
    assert as_alice.get(f"{LIST}?draft={draft}").status_code == 404
    assert upload(as_alice, draft=draft).status_code == 404
    bobs = Establishment.objects.create(name="Auberge", owner=bob)
    as_alice.post("/admin/rooms/room/add/", room_form(bobs, draft=draft))
    assert set(RoomImage.objects.filter(room=None).values_list("pk", flat=True)) == set(photo_ids)


def test_session_with_ten_thousand_ids_is_shortened_to_what_there_is(as_alice: Client) -> None:
    session = as_alice.session
    session["room_temp_images"] = list(range(1, 10_001))
    session.save()
    assert as_alice.get("/admin/rooms/room/add/").status_code == 200
    photo_ids = upload_ids(as_alice, 1)
    assert as_alice.session["room_temp_images"] == photo_ids


def test_signing_out_during_an_upload_loses_no_answer(
    as_alice: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The photo is owned, is offered again, and the session does not come back."""
    receive = uploads.add_photo

    def sign_out_first(*args: Any, **kwargs: Any) -> Any:
        Session.objects.all().delete()
        return receive(*args, **kwargs)

    monkeypatch.setattr(uploads, "add_photo", sign_out_first)
    assert upload(as_alice).status_code == 201
    assert not Session.objects.exists()
    assert RoomImage.objects.get().draft.user == alice
    assert state(as_alice) == 401


def test_photos_outlive_a_session_and_are_their_owners_after_signing_in(as_alice: Client) -> None:
    draft = str(uuid.uuid4())
    photo_ids = upload_ids(as_alice, 2, draft=draft)
    Session.objects.all().delete()
    refused = post_json(as_alice, "/rooms/reorder-images-temp/", {"draft": draft, "order": photo_ids[::-1]})
    assert (refused.status_code, refused.json()["code"]) == (401, "not_authenticated")
    enter(as_alice, "alice")
    images = as_alice.get(f"{LIST}?draft={draft}").json()["images"]
    assert [image["id"] for image in images] == photo_ids


def test_changing_the_password_signs_out_everywhere_else(as_alice: Client, alice: User) -> None:
    elsewhere = signed_in(alice)
    form = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    assert as_alice.post("/admin/password_change/", form).status_code == 302
    assert (state(as_alice), state(elsewhere)) == (200, 401)
    assert elsewhere.get("/admin/").status_code == 302


def test_password_that_staff_changes_signs_its_user_out_everywhere(as_root: Client, alice: User) -> None:
    sessions = [signed_in(alice), signed_in(alice)]
    form = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD, "usable_password": "true"}
    assert as_root.post(f"/admin/auth/user/{alice.pk}/password/", form).status_code == 302
    assert [state(client) for client in (as_root, *sessions)] == [200, 401, 401]
    enter(Client(), "alice", NEW_PASSWORD)
