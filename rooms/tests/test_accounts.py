"""Who works on accounts gives nobody, nor themselves, more than they have."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User

from rooms.models import Activity, Manager, Room
from rooms.tests.conftest import add_photos, signed_in, upload

USERS = "/admin/auth/user/"


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


def test_delete_page_says_what_would_go_and_names_no_photo(as_root, alice, room):
    add_photos(room, 2)
    text = as_root.get(f"{USERS}{alice.pk}/delete/").text
    assert "Hôtel Bellevue (1 chambre, 2 photos)" in text
    assert "Photo 1" not in text
    chosen = {"action": "delete_selected", "_selected_action": [alice.pk]}
    assert "Hôtel Bellevue (1 chambre, 2 photos)" in as_root.post(USERS, chosen).text


def test_delete_page_offers_to_deactivate(as_root, as_alice, alice, room):
    assert as_root.post(f"{USERS}{alice.pk}/delete/", {"deactivate": "yes"}).status_code == 302
    alice.refresh_from_db()
    assert (alice.is_active, Room.objects.count()) == (False, 1)
    assert as_alice.get("/admin/").status_code == 302
    assert Activity.objects.get(object_id=str(alice.pk)).deed == "change"


def test_only_superusers_delete_and_deactivate_here(clerk, alice):
    client = signed_in(clerk)
    for form in ({"post": "yes"}, {"deactivate": "yes"}):
        assert client.post(f"{USERS}{alice.pk}/delete/", form).status_code == 403
    alice.refresh_from_db()
    assert alice.is_active


def test_deeds_of_a_deleted_account_keep_its_name(as_root, as_alice, alice, bobs_room):
    Manager.objects.create(establishment=bobs_room.establishment, email=alice.email)
    upload(as_alice, bobs_room)
    as_root.post(f"{USERS}{alice.pk}/delete/", {"post": "yes"})
    assert not User.objects.filter(pk=alice.pk).exists()
    deed = Activity.objects.get(deed="upload")
    assert (deed.user_name, deed.user_id) == ("alice", alice.pk)
    assert "alice" in as_root.get("/admin/rooms/activity/").text


def test_groups_have_french_names(as_root, alice):
    for path in ("group/", "user/", f"user/{alice.pk}/change/"):
        text = as_root.get(f"/admin/auth/{path}").text
        assert "Propriétaires d’établissements" in text
        assert ">Owners<" not in text
