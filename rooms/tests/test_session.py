"""`room_temp_images` shows what the database knows of the session's drafts, and never decides anything."""

from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group, Permission, User
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.http import HttpRequest

from rooms.backends import SESSION_PHOTOS, find_present_user, mirror_temporary_photos
from rooms.models import Draft, RoomImage
from rooms.tests.conftest import DRAFT, OTHER_DRAFT, post_json, room_form, signed_in, upload, upload_ids


def listed(client):
    return client.session.get(SESSION_PHOTOS)


def test_list_holds_the_photos_of_all_drafts_flat(as_alice):
    default = upload_ids(as_alice, 1)
    first = upload_ids(as_alice, 2, draft=DRAFT)
    second = upload_ids(as_alice, 1, draft=OTHER_DRAFT)
    assert sorted(listed(as_alice)) == sorted(default + first + second)


def test_list_follows_removal_and_restoring(as_alice):
    first, second = upload_ids(as_alice, 2)
    as_alice.post(f"/rooms/delete-image-temp/{first}/")
    assert listed(as_alice) == [second]
    as_alice.post(f"/rooms/restore-image-temp/{first}/")
    assert listed(as_alice) == [first, second]


def test_photos_of_a_room_are_not_in_the_list(as_alice, room):
    upload(as_alice, room)
    assert not listed(as_alice)


@pytest.mark.django_db(transaction=True)
def test_saved_room_takes_its_photos_out_of_the_list(as_alice, establishment):
    upload_ids(as_alice, 2, draft=DRAFT)
    other = upload_ids(as_alice, 1, draft=OTHER_DRAFT)
    as_alice.post("/admin/rooms/room/add/", room_form(establishment, draft=DRAFT))
    assert listed(as_alice) == other


def test_each_session_has_its_own_list(alice):
    one, other = signed_in(alice), signed_in(alice)
    first, second = upload_ids(one, 1), upload_ids(other, 1)
    assert (listed(one), listed(other)) == (first, second)


def test_draft_that_moves_to_another_session_moves_its_photos(alice):
    one, other = signed_in(alice), signed_in(alice)
    photo_ids = upload_ids(one, 1, draft=DRAFT) + upload_ids(other, 1, draft=DRAFT)
    assert listed(other) == photo_ids


@pytest.mark.parametrize("value", ["x", None, {"a": 1}, list(range(10_000)), [{"id": 1}], ["1"]], ids=type)
def test_list_with_nonsense_in_it_harms_nothing(as_alice, establishment, value):
    session = as_alice.session
    session[SESSION_PHOTOS] = value
    session.save()
    assert as_alice.get("/admin/rooms/room/add/").status_code == 200
    photo_ids = upload_ids(as_alice, 1)
    assert listed(as_alice) == photo_ids


def test_ids_in_the_list_give_no_claim_on_photos(as_alice, as_bob, bobs_room):
    theirs = upload_ids(as_alice, 1)
    session = as_bob.session
    session[SESSION_PHOTOS] = theirs
    session.save()
    as_bob.post("/admin/rooms/room/add/", room_form(bobs_room.establishment))
    assert RoomImage.objects.get().room is None
    assert as_bob.post(f"/rooms/delete-image-temp/{theirs[0]}/").status_code == 404


def test_next_user_of_a_browser_meets_none_of_the_photos(as_alice, bob):
    upload_ids(as_alice, 2)
    as_alice.logout()
    as_alice.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    assert not listed(as_alice)
    assert as_alice.get("/rooms/list-image-temp/").json()["images"] == []


def test_photos_survive_the_end_of_their_session(as_alice, alice):
    photo_ids = upload_ids(as_alice, 2, draft=DRAFT)
    Session.objects.all().delete()
    again = signed_in(alice)
    images = again.get("/rooms/list-image-temp/", {"draft": DRAFT}).json()["images"]
    assert [image["id"] for image in images] == photo_ids


def test_parallel_requests_do_not_write_back_old_lists(as_alice, alice):
    """Two requests of one session, each with its own copy of it, as two processes have them."""
    upload_ids(as_alice, 1)
    one, other = as_alice.session, as_alice.session
    assert list(one.get(SESSION_PHOTOS)) == list(other.get(SESSION_PHOTOS))
    RoomImage.objects.all().delete()
    photo_ids = upload_ids(as_alice, 2)
    mirror_temporary_photos(one, alice)
    assert listed(as_alice) == photo_ids
    assert not one.modified


def test_session_that_is_gone_is_not_brought_back(as_alice, alice):
    upload_ids(as_alice, 1)
    session = as_alice.session
    Session.objects.all().delete()
    mirror_temporary_photos(session, alice)
    assert not Session.objects.exists()


def test_answers_never_depend_on_the_list(as_alice):
    (first,) = upload_ids(as_alice, 1)
    session = as_alice.session
    session[SESSION_PHOTOS] = []
    session.save()
    images = as_alice.get("/rooms/list-image-temp/").json()["images"]
    assert [image["id"] for image in images] == [first]
    assert post_json(as_alice, "/rooms/reorder-images-temp/", {"order": [first]}).status_code == 200


def test_deactivated_user_keeps_nothing_open(as_alice):
    upload_ids(as_alice, 1)
    User.objects.update(is_active=False)
    assert upload(as_alice).status_code == 401
    assert (RoomImage.objects.count(), Draft.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_list_that_cannot_be_written_turns_no_answer_round(as_alice, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise OperationalError("disk I/O error")

    with monkeypatch.context() as broken:
        broken.setattr(Session, "save", fail)
        answer = upload(as_alice)
    assert answer.status_code == 201
    assert "could not be written" in caplog.text
    second = upload(as_alice).json()["image"]["id"]
    assert as_alice.session[SESSION_PHOTOS] == [answer.json()["image"]["id"], second]


def test_session_that_lists_anothers_photo_gives_no_hold_on_it(as_alice, as_bob, establishment, room):
    theirs = upload_ids(as_bob, 1)[0]
    session = as_alice.session
    session[SESSION_PHOTOS] = [theirs]
    session.save()
    assert as_alice.get("/rooms/list-image-temp/").json()["images"] == []
    assert as_alice.post(f"/rooms/delete-image-temp/{theirs}/").status_code == 404
    assert as_alice.post("/admin/rooms/room/add/", room_form(establishment)).status_code == 302
    assert RoomImage.objects.get(pk=theirs).room is None


# --- who is there when an upload has arrived --------------------------------------------


@pytest.mark.parametrize(
    ("groups", "own"),
    [
        ([], []),
        (["Owners"], []),
        (["Staff", "Owners"], []),
        ([], ["change_room", "view_user"]),
        (["Owners"], ["view_user", "add_channel"]),
    ],
    ids=str,
)
def test_user_comes_with_what_they_may_do_in_one_query(
    alice: User, groups: list[str], own: list[str], django_assert_num_queries: Any
) -> None:
    alice.groups.set(Group.objects.filter(name__in=groups))
    alice.user_permissions.set(Permission.objects.filter(codename__in=own))
    request = HttpRequest()
    request.session = signed_in(alice).session
    assert SESSION_KEY in request.session
    with django_assert_num_queries(1):
        user = find_present_user(request)
        permissions = user.get_all_permissions()
    assert permissions == ModelBackend().get_all_permissions(User.objects.get(pk=alice.pk))
    assert bool(permissions) == bool(groups or own)


def test_superuser_may_do_everything_then_too(root: User) -> None:
    request = HttpRequest()
    request.session = signed_in(root).session
    user = find_present_user(request)
    assert user.has_perm("rooms.delete_room")
    assert user.get_all_permissions() == ModelBackend().get_all_permissions(root)
