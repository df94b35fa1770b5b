"""The list of managers in an establishment's page: who fills it in, and what it tells whom."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from rooms.models import Activity, Establishment, Manager, Room

ESTABLISHMENTS, ROOMS = "/admin/rooms/establishment/", "/admin/rooms/room/"


def managers_form(*new: str, removed: Manager | None = None) -> dict[str, Any]:
    """The managers' part of what an establishment's page posts."""
    kept = [removed] if removed else []
    form: dict[str, Any] = {
        "managers-TOTAL_FORMS": len(kept) + len(new),
        "managers-INITIAL_FORMS": len(kept),
    }
    for index, manager in enumerate(kept):
        form |= {f"managers-{index}-id": manager.pk, f"managers-{index}-DELETE": "on"}
    return form | {f"managers-{index}-email": email for index, email in enumerate(new, start=len(kept))}


def save(client: Client, establishment: Establishment, **fields: Any) -> Any:
    form = {"name": establishment.name, "city": establishment.city, "owner": establishment.owner_id} | fields
    return client.post(f"{ESTABLISHMENTS}{establishment.pk}/change/", form)


def addresses() -> list[str]:
    return list(Manager.objects.values_list("email", flat=True))


@pytest.mark.parametrize("who", ["as_alice", "as_sam", "as_root"])
def test_owner_and_platform_staff_name_and_remove_managers(who, bob, establishment, request):
    client = request.getfixturevalue(who)
    assert save(client, establishment, **managers_form("bob@example.com")).status_code == 302
    manager = Manager.objects.get()
    assert (manager.user, manager.establishment) == (bob, establishment)
    assert save(client, establishment, **managers_form(removed=manager)).status_code == 302
    assert addresses() == []


def test_staff_add_an_establishment_with_its_managers(as_sam, alice, bob):
    form = {"name": "Gîte", "city": "", "owner": alice.pk} | managers_form("bob@example.com")
    assert as_sam.post(f"{ESTABLISHMENTS}add/", form).status_code == 302
    assert Establishment.objects.get().managers.get().user == bob


def test_page_tells_nobody_who_has_an_account(as_alice, establishment, bob):
    """Fishing for accounts: known, barred and unknown addresses get the same answer and the same line."""
    User.objects.create_user("guest", "guest@example.com", is_staff=False)
    User.objects.create_user("gone", "gone@example.com", is_staff=True, is_active=False)
    pages = []
    for name in ("bob", "guest", "gone", "nemo"):
        Manager.objects.all().delete()
        answer = save(as_alice, establishment, **managers_form(f"{name}@example.com"))
        assert (answer.status_code, answer.url) == (302, ESTABLISHMENTS)
        text = as_alice.get(f"{ESTABLISHMENTS}{establishment.pk}/change/").text
        assert f"{name}@example.com" in text
        text = text.replace(f"{name}@", "someone@").replace(f'-id" value="{Manager.objects.get().pk}"', "")
        pages.append([line for line in text.splitlines() if "csrfmiddlewaretoken" not in line])
    assert pages[0] == pages[1] == pages[2] == pages[3]


def test_staff_see_which_address_has_an_account(as_alice, as_sam, establishment, managing_bob):
    def cells(client: Client) -> int:
        return client.get(f"{ESTABLISHMENTS}{establishment.pk}/change/").text.count("field-account")

    assert cells(as_sam) > 0
    assert cells(as_alice) == 0


def test_only_who_may_sign_in_becomes_a_manager(establishment, room):
    for name, fields in (("guest", {"is_staff": False}), ("gone", {"is_staff": True, "is_active": False})):
        user = User.objects.create_user(name, f"{name}@example.com", **fields)
        manager = Manager.objects.create(establishment=establishment, email=user.email)
        assert manager.user is None
        assert not user.groups.exists()
        assert not Room.objects.for_user(user).exists()


@pytest.mark.parametrize("typed", ["BOB@Example.COM", "  bob@example.com "])
def test_capitals_and_spaces_do_not_matter(as_alice, bob, establishment, typed):
    User.objects.filter(pk=bob.pk).update(email="Bob@example.com")
    save(as_alice, establishment, **managers_form(typed))
    assert (addresses(), Manager.objects.get().user) == (["bob@example.com"], bob)


def test_letters_that_only_look_alike_are_others(establishment, bob):
    assert Manager.objects.create(establishment=establishment, email="bob@exampIe.com").user is None
    assert Manager.objects.create(establishment=establishment, email="böb@example.com").user is None


def test_address_that_two_accounts_share_opens_nothing(as_alice, bob, establishment, room):
    twin = User.objects.create_user("twin", "BOB@example.com", is_staff=True)
    save(as_alice, establishment, **managers_form("bob@example.com"))
    assert addresses() == ["bob@example.com"]
    for user in (bob, twin):
        assert not Room.objects.for_user(user).exists()
    twin.email = "twin@example.com"
    twin.save()
    bob.save()
    assert Room.objects.for_user(bob).exists()


def test_users_without_an_address_are_nobodys_manager(establishment, room):
    mute = User.objects.create_user("mute", "", is_staff=True)
    Manager.objects.create(establishment=establishment, email="")
    assert not Room.objects.for_user(mute).exists()


@pytest.mark.parametrize("again", ["bob@example.com", "BOB@EXAMPLE.COM"])
def test_nobody_is_on_the_list_twice(as_alice, managing_bob, establishment, again):
    for emails in ((again,), ("eve@example.com", again.replace("b", "v"), again.replace("b", "v"))):
        answer = save(as_alice, establishment, name="Renamed", **managers_form(*emails))
        assert answer.status_code == 200
        assert answer.context["errors"]
    assert addresses() == ["bob@example.com"]
    assert not Establishment.objects.filter(name="Renamed").exists()


def test_owner_is_not_their_own_manager(as_alice, establishment):
    answer = save(as_alice, establishment, **managers_form("Alice@example.com"))
    assert "email" in answer.context["inline_admin_formsets"][0].formset.errors[0]
    assert addresses() == []


@pytest.mark.parametrize(
    "email", ["", "bob", "bob@", "@example.com", "a\0@example.com", "x" * 250 + "@e.com"]
)
def test_what_is_no_address_is_refused(as_alice, establishment, email):
    assert save(as_alice, establishment, **managers_form(email)).status_code == (200 if email else 302)
    assert addresses() == []


def test_address_of_a_manager_is_not_edited(as_alice, managing_bob, establishment, bob):
    form = managers_form(removed=managing_bob) | {"managers-0-email": "eve@example.com"}
    del form["managers-0-DELETE"]
    assert save(as_alice, establishment, **form).status_code == 302
    assert (addresses(), Manager.objects.get().user) == (["bob@example.com"], bob)


def test_owner_removes_no_manager_of_anothers_establishment(as_alice, establishment, bobs_room):
    theirs = Manager.objects.create(establishment=bobs_room.establishment, email="eve@example.com")
    save(as_alice, establishment, **managers_form(removed=theirs))
    save(as_alice, bobs_room.establishment, **managers_form(removed=theirs))
    assert addresses() == ["eve@example.com"]


def test_form_that_says_nothing_about_managers_changes_none(as_alice, managing_bob, establishment):
    assert save(as_alice, establishment, name="Renamed").status_code == 302
    assert addresses() == ["bob@example.com"]


def test_history_tells_who_named_whom(as_alice, alice, bob, establishment):
    save(as_alice, establishment, **managers_form("bob@example.com"))
    entry = Activity.objects.get()
    assert entry.user == alice
    assert "bob@example.com" in entry.get_change_message()
    assert "bob@example.com" in as_alice.get(f"{ESTABLISHMENTS}{establishment.pk}/history/").text
