"""Ids and fields that somebody slips in: whatever they name, nobody's things but the sender's are met."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User

from rooms.models import Draft, Establishment, Room, RoomImage
from rooms.tests.conftest import (
    DRAFT,
    OTHER_DRAFT,
    add_photos,
    cards,
    in_order,
    photo_file,
    places,
    post_json,
    room_form,
    signed_in,
    upload,
    upload_ids,
)

ROOMS, USERS = "/admin/rooms/room/", "/admin/auth/user/"


# --- photos -----------------------------------------------------------------------------


def test_form_that_names_anothers_photo_does_not_touch_it(as_alice, room, bobs_room, lodging):
    mine, theirs = add_photos(room, 1)[0], add_photos(bobs_room, 1)[0]
    form = cards([theirs, mine], {theirs.pk: {"caption": "Mine", "DELETE": "on"}, mine.pk: {"caption": "X"}})
    assert as_alice.post(f"{ROOMS}{room.pk}/change/", room_form(lodging) | form).status_code == 302
    theirs.refresh_from_db()
    assert (theirs.caption, theirs.removed_at, theirs.room) == ("Photo 1", None, bobs_room)
    assert RoomImage.objects.get(pk=mine.pk).caption == "X"


def test_add_form_claims_no_temporary_photo_of_another(as_alice, as_bob, lodging, room):
    theirs = upload_ids(as_bob, 1, draft=OTHER_DRAFT)[0]
    photo = RoomImage.objects.get(pk=theirs)
    for fields in (
        {"draft": OTHER_DRAFT},
        {"draft": DRAFT} | cards([photo], {theirs: {"caption": "Mine", "DELETE": "on"}}),
        cards([photo], {theirs: {"caption": "Mine"}}),
        {"room_temp_images": [theirs], "temp_images": theirs, "images": theirs},
    ):
        as_alice.post(f"{ROOMS}add/", room_form(lodging, **fields))
    photo.refresh_from_db()
    assert (photo.room, str(photo.draft_id), photo.caption) == (None, OTHER_DRAFT, "")


def test_session_that_lists_anothers_photo_gives_no_hold_on_it(as_alice, as_bob, lodging, room):
    theirs = upload_ids(as_bob, 1)[0]
    session = as_alice.session
    session["room_temp_images"] = [theirs]
    session.save()
    assert as_alice.get("/rooms/list-image-temp/").json()["images"] == []
    assert as_alice.post(f"/rooms/delete-image-temp/{theirs}/").status_code == 404
    assert as_alice.post(f"{ROOMS}add/", room_form(lodging)).status_code == 302
    assert RoomImage.objects.get(pk=theirs).room is None


def test_order_that_names_anothers_photo_changes_nothing(as_alice, room, bobs_room):
    mine, theirs = add_photos(room, 2), add_photos(bobs_room, 1)[0]
    ids = [mine[1].pk, mine[0].pk]
    for wrong in ([*ids, theirs.pk], [theirs.pk, ids[0]]):
        url = f"/rooms/{room.pk}/reorder-images/"
        assert post_json(as_alice, url, {"order": wrong}).json()["code"] == "stale_order"
    assert places(room=room) == in_order(mine[0].pk, mine[1].pk)


def test_fields_nobody_asked_for_are_ignored(as_alice, alice, bob, room, bobs_room):
    extra: dict[str, Any] = {
        "id": 4711,
        "room": bobs_room.pk,
        "room_id": bobs_room.pk,
        "uploaded_by": bob.pk,
        "user": bob.pk,
        "created_at": "2001-01-01",
        "removed_at": "2001-01-01",
        "order": 7,
        "width": 1,
    }
    photo_id = upload(as_alice, room, **extra).json()["image"]["id"]
    temporary_id = upload(as_alice, draft=DRAFT, **extra).json()["image"]["id"]
    post_json(as_alice, f"/rooms/{room.pk}/update-image/{photo_id}/", extra | {"caption": "Vue"})
    photo, temporary = (RoomImage.objects.get(pk=pk) for pk in (photo_id, temporary_id))
    assert (photo.room, photo.uploaded_by, photo.order, photo.width) == (room, alice, 1, 64)
    assert (temporary.room, temporary.uploaded_by, temporary.order) == (None, alice, 1)
    assert {photo.created_at.year, temporary.created_at.year} != {2001}
    assert 4711 not in (photo_id, temporary_id)


def test_path_instead_of_a_file_is_no_photo(as_alice, room):
    theirs = add_photos(room, 1)[0].image.name
    response = as_alice.post(f"/rooms/{room.pk}/upload-image/", {"image": theirs})
    assert response.json()["code"] == "no_file"


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "application/octet-stream"])
def test_no_content_type_gets_around_the_csrf_token(alice, room, content_type):
    photo = add_photos(room, 1)[0]
    client = signed_in(alice, enforce_csrf_checks=True)
    url = f"/rooms/{room.pk}/delete-image/{photo.pk}/"
    response = client.generic("POST", url, b'{"csrfmiddlewaretoken": "x"}', content_type)
    assert response.json()["code"] == "csrf_failed"
    assert RoomImage.objects.exists()


# --- rooms and establishments -----------------------------------------------------------


def test_draft_of_who_lost_the_establishment_is_not_saved_into_it(as_alice, alice, bob, lodging, room):
    photo_id = upload_ids(as_alice, 1, draft=DRAFT)[0]
    lodging.owner = bob
    lodging.save()
    page = as_alice.post(f"{ROOMS}add/", room_form(lodging, draft=DRAFT))
    assert page.context["adminform"].form.errors.keys() == {"establishment"}
    photo = RoomImage.objects.get(pk=photo_id)
    assert (photo.room, photo.draft.user) == (None, alice)
    assert lodging.rooms.count() == 1


def test_no_room_moves_into_anothers_establishment_nor_out_of_it(as_alice, alice, room, bobs_room):
    other = Establishment.objects.create(name="Chalet", owner=alice)
    form = room_form(bobs_room.establishment)
    assert as_alice.post(f"{ROOMS}{room.pk}/change/", form).status_code == 200
    assert as_alice.post(f"{ROOMS}{bobs_room.pk}/change/", room_form(other)).url == "/admin/"
    assert as_alice.post(f"{ROOMS}{room.pk}/change/", room_form(other)).status_code == 302
    assert set(Room.objects.values_list("establishment__name", flat=True)) == {"Chalet", "Auberge du Lac"}


def test_superuser_meets_anothers_temporary_photo_but_not_their_draft(as_root, as_alice, alice):
    photo_id = upload_ids(as_alice, 1, draft=DRAFT)[0]
    assert as_root.get(f"/rooms/list-image-temp/?draft={DRAFT}").status_code == 404
    assert post_json(as_root, f"/rooms/update-image-temp/{photo_id}/", {"caption": "V"}).status_code == 200
    assert (
        as_root.post("/rooms/upload-image-temp/", {"image": photo_file(), "draft": DRAFT}).status_code == 404
    )
    assert Draft.objects.get().user == alice


def test_staff_choose_owners_only_among_those_who_can_sign_in(as_sam, alice, bob, lodging):
    User.objects.create_user("guest")
    User.objects.create_user("gone", is_staff=True, is_active=False)
    field = as_sam.get(f"/admin/rooms/establishment/{lodging.pk}/change/").context["adminform"].form.fields
    assert [user.username for user in field["owner"].queryset] == ["alice", "bob", "sam"]


def test_establishment_of_a_deactivated_owner_can_still_be_edited(as_sam, alice, lodging):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    form = {"name": "Renamed", "city": "", "owner": alice.pk}
    assert as_sam.post(f"/admin/rooms/establishment/{lodging.pk}/change/", form).status_code == 302


# --- accounts ---------------------------------------------------------------------------


@pytest.fixture
def clerk(sam: User) -> User:
    """Platform staff whom a superuser lets work on accounts."""
    codenames = [
        f"{verb}_{model}" for verb in ("view", "add", "change", "delete") for model in ("user", "group")
    ]
    sam.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return User.objects.get(pk=sam.pk)


def account_form(user: User, **fields: Any) -> dict[str, Any]:
    joined = {"date_joined_0": "2026-01-01", "date_joined_1": "10:00:00"}
    return {"username": user.username, "is_active": "on", "is_staff": "on"} | joined | fields


def test_clerk_makes_nobody_a_superuser(clerk, alice):
    everything = list(Permission.objects.values_list("pk", flat=True))
    for user in (alice, clerk):
        form = account_form(user, is_superuser="on", user_permissions=everything, email="new@example.com")
        assert signed_in(clerk).post(f"{USERS}{user.pk}/change/", form).status_code == 302
        user.refresh_from_db()
        assert (user.email, user.is_superuser) == ("new@example.com", False)
    assert not alice.user_permissions.exists()


def test_clerk_gives_only_groups_that_give_what_they_have(clerk, alice):
    mighty = Group.objects.create(name="Mighty")
    mighty.permissions.set(Permission.objects.filter(codename="delete_session"))
    owners, staff = (Group.objects.get(name=name) for name in ("Owners", "Staff"))
    path, client = f"{USERS}{alice.pk}/change/", signed_in(clerk)
    assert client.post(path, account_form(alice, groups=[mighty.pk])).status_code == 200
    assert client.post(path, account_form(alice, groups=[owners.pk, staff.pk])).status_code == 302
    assert set(alice.groups.all()) == {owners, staff}


def test_clerk_reaches_no_account_that_may_do_more(clerk, root, alice):
    alice.user_permissions.add(Permission.objects.get(codename="delete_session"))
    client, password = signed_in(clerk), {"password1": "Lac-bleu-1953", "password2": "Lac-bleu-1953"}
    for user in (root, alice):
        assert (
            client.post(f"{USERS}{user.pk}/change/", account_form(user, email="x@e.com")).status_code == 403
        )
        assert client.post(f"{USERS}{user.pk}/password/", password).status_code == 403
        assert client.post(f"{USERS}{user.pk}/delete/", {"post": "yes"}).status_code == 403
        chosen = {"action": "delete_selected", "_selected_action": [user.pk], "post": "yes"}
        client.post(USERS, chosen)
        user.refresh_from_db()
        assert user.check_password("pass")


def test_clerk_writes_no_groups(clerk):
    group, client = Group.objects.get(name="Staff"), signed_in(clerk)
    form = {"name": "Staff", "permissions": list(Permission.objects.values_list("pk", flat=True))}
    for path in (f"{group.pk}/change/", "add/"):
        assert client.post(f"/admin/auth/group/{path}", form).status_code == 403
    assert client.post(f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"}).status_code == 403


def test_superuser_makes_superusers(as_root, alice):
    form = account_form(alice, is_superuser="on")
    assert as_root.post(f"{USERS}{alice.pk}/change/", form).status_code == 302
    alice.refresh_from_db()
    assert alice.is_superuser
