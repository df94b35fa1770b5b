"""Staff add owners and let them in or not; staff and superusers are out of their reach."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import translation

from rooms.models import Establishment, Owner
from rooms.tests.conftest import mails, signed_in

OWNERS = "/admin/rooms/owner/"
NORA = {"name": "Nora Neuf", "email": "Nora@Example.com", "establishment": "Maison Neuf"}


def add(sam: User, **fields: str) -> Any:
    return signed_in(sam).post(f"{OWNERS}add/", NORA | fields, follow=True)


def press(user: User, owner: User, button: str) -> Any:
    form = {"name": "Alice", "email": "alice@example.com", f"rooms_owner_{button}": "1"}
    return signed_in(user).post(f"{OWNERS}{owner.pk}/change/", form, follow=True)


def test_new_owner_is_ready_to_choose_a_password(sam: User) -> None:
    page = add(sam)
    nora = Owner.objects.get(email="nora@example.com")
    assert (nora.state, nora.is_staff, nora.get_full_name()) == (Owner.State.INVITED, True, "Nora Neuf")
    assert [group.name for group in nora.groups.all()] == ["Owners"]
    assert [house.name for house in nora.establishments.all()] == ["Maison Neuf"]
    [link] = re.findall(r"http://testserver(/reset/[^<]+)", page.text)
    client = Client()
    chosen = {"new_password1": "une-mer-de-lin-41", "new_password2": "une-mer-de-lin-41"}
    assert client.post(client.get(link).url, chosen).url == "/reset/done/"
    signing = {"username": "nora@example.com", "password": "une-mer-de-lin-41"}
    assert client.post("/admin/login/", signing).url == "/admin/"
    assert client.get("/admin/rooms/room/add/").status_code == 200


def test_link_is_shown_once(sam: User) -> None:
    client = signed_in(sam)
    assert "/reset/" in client.post(f"{OWNERS}add/", NORA, follow=True).text
    assert "/reset/" not in client.get(OWNERS).text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_link_is_mailed_in_the_sites_language(
    sam: User, settings: Any, mail_folder: Path, language: str
) -> None:
    settings.LANGUAGE_CODE = language
    assert "/reset/" not in add(sam).text
    [mail] = mails(mail_folder)
    with translation.override(language):
        assert f"Subject: {translation.gettext('Choose your password')}\n" in mail
    assert "To: nora@example.com" in mail
    assert "http://testserver/reset/" in mail


def test_mail_server_that_is_away_loses_nothing(sam: User, settings: Any) -> None:
    settings.EMAIL_URL = "smtp://localhost:1"
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    page = add(sam)
    assert page.status_code == 200
    assert "/reset/" in page.text
    assert "serveur de courrier" in page.text
    assert Owner.objects.filter(email="nora@example.com").exists()


@pytest.mark.parametrize("address", ["alice@example.com", "ALICE@example.com", "sam@example.com"])
def test_address_that_an_account_has_is_refused(alice: User, sam: User, address: str) -> None:
    accounts = User.objects.count()
    page = add(sam, email=address)
    assert "Il y a déjà un compte à cette adresse." in page.text
    assert (User.objects.count(), Establishment.objects.count()) == (accounts, 0)


def test_name_that_is_there_takes_nobodys_establishment(alice: User, sam: User) -> None:
    house = Establishment.objects.create(name="Maison Neuf", owner=alice)
    assert "Il y a déjà un établissement de ce nom." in add(sam).text
    add(sam, establishment=str(house.pk))
    house.refresh_from_db()
    assert house.owner.email == "nora@example.com"


def test_page_suggests_the_establishments_that_are_there(alice: User, sam: User) -> None:
    house = Establishment.objects.create(name="Maison <b>Neuf", owner=alice)
    page = signed_in(sam).get(f"{OWNERS}add/").text
    assert f'<option value="{house.pk}">Maison &lt;b&gt;Neuf (alice)</option>' in page


def test_deactivated_owner_is_out_at_once_and_keeps_what_they_own(alice: User, sam: User) -> None:
    house = Establishment.objects.create(name="Bellevue", owner=alice)
    hers = signed_in(alice)
    press(sam, alice, "deactivate_here")
    assert hers.get("/admin/").status_code == 302
    assert "alice (Désactivé)" in signed_in(sam).get("/admin/rooms/establishment/").text
    press(sam, alice, "reactivate_here")
    assert hers.get("/admin/").status_code == 302  # the old session stays ended
    assert signed_in(User.objects.get(pk=alice.pk)).get("/admin/").status_code == 200
    assert Establishment.objects.get().pk == house.pk


def test_staff_never_reach_staff_superusers_or_whoever_may_more(
    alice: User, bob: User, sam: User, root: User
) -> None:
    for account in (sam, root):
        account.groups.add(alice.groups.get())
    bob.user_permissions.add(Permission.objects.get(codename="change_user"))
    for account in (sam, root, bob):
        assert press(sam, account, "deactivate_here").redirect_chain[0][0] == "/admin/"
        form = {"action": "deactivate", "_selected_action": [account.pk]}
        signed_in(sam).post(OWNERS, form)
        account.refresh_from_db()
        assert account.is_active
    assert [owner.pk for owner in Owner.objects.all()] == [alice.pk]


def test_form_grants_nothing(alice: User, sam: User) -> None:
    form = {"name": "Alice", "email": "alice@example.com", "is_superuser": "on", "user_permissions": ["1"]}
    signed_in(sam).post(f"{OWNERS}{alice.pk}/change/", form)
    alice.refresh_from_db()
    assert (alice.is_superuser, alice.user_permissions.count(), alice.first_name) == (False, 0, "Alice")


def test_action_sends_links_and_list_finds_by_establishment(alice: User, sam: User) -> None:
    Establishment.objects.create(name="Bellevue", owner=alice)
    form = {"action": "send_link", "_selected_action": [alice.pk]}
    assert "/reset/" in signed_in(sam).post(OWNERS, form, follow=True).text
    assert "alice@example.com" in signed_in(sam).get(OWNERS, {"q": "bellevue"}).text
