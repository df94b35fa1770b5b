"""Who works on accounts gives nobody, nor themselves, more than they have."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User

from rooms.tests.conftest import signed_in

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
