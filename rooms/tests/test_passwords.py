"""Two names of an account, and forgotten passwords: who gets a link, and that nobody learns who exists."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from backoffice import passwords
from rooms.services import quotas
from rooms.tests.conftest import mails

LOGIN, FORGOTTEN = "/admin/login/", "/admin/password_reset/"


def sign_in(name: str, password: str = "pass") -> int:  # noqa: S107
    return Client().post(LOGIN, {"username": name, "password": password}).status_code


@pytest.mark.parametrize("name", ["alice", "alice@example.com", "ALICE@Example.com"])
def test_either_name_signs_in(alice: User, name: str) -> None:
    assert sign_in(name) == 302


def test_address_that_two_accounts_share_signs_nobody_in(alice: User, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(email="Alice@example.com", is_active=False)
    assert sign_in("alice@example.com") == 200
    assert sign_in("alice") == 302


def test_user_name_wins_over_the_address_of_another(alice: User, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(username="alice@example.com")
    client = Client()
    assert client.post(LOGIN, {"username": "alice@example.com", "password": "pass"}).status_code == 302
    assert client.session["_auth_user_id"] == str(bob.pk)


def test_lock_counts_both_names_as_one(alice: User) -> None:
    names = ["alice", "alice@example.com", "ALICE@EXAMPLE.COM"] * 3
    assert [sign_in(name, "wrong") for name in names] == [200] * 9
    sign_in("alice@example.com", "wrong")
    assert [sign_in("alice"), sign_in("alice@example.com")] == [429, 429]


def test_wrong_password_says_so_and_shows_the_way_out(alice: User) -> None:
    page = Client().post(LOGIN, {"username": "alice", "password": "wrong"}).text
    assert "Le nom ou le mot de passe est faux." in page
    assert FORGOTTEN in page


def ask(address: str, language: str = "fr") -> Any:
    response = Client(headers={"Accept-Language": language}).post(FORGOTTEN, {"email": address})
    passwords._sender.submit(lambda: None).result()  # one after another: what was asked before is done
    return response


@pytest.fixture
def her(transactional_db: None) -> User:
    """Committed, as the thread that mails reads it by a connection of its own."""
    return User.objects.create_user("alice", "alice@example.com", "pass", is_staff=True)


@pytest.mark.parametrize(
    ("language", "subject"), [("fr", "Choisissez votre mot de passe"), ("en", "Choose your password")]
)
def test_link_sets_a_password_once(her: User, mail_folder: Path, language: str, subject: str) -> None:
    assert ask("ALICE@example.com", language).url == "/admin/password_reset/done/"
    [mail] = mails(mail_folder)
    assert f"Subject: {subject}\n" in mail
    [link] = re.findall(r"http://testserver(/reset/\S+)", mail)
    client = Client()
    form = client.get(link).url
    assert "Vous vous connecterez avec alice." in client.get(form).text
    chosen = {"new_password1": "une-mer-de-lin-41", "new_password2": "une-mer-de-lin-41"}
    assert client.post(form, chosen).url == "/reset/done/"
    assert [sign_in("alice"), sign_in("alice", "une-mer-de-lin-41")] == [200, 302]
    again = Client().get(link).text
    assert re.search(r"<title>\s*Ce lien ne sert plus \|", again)
    assert "déjà servi" in again


def test_invited_account_without_password_gets_a_link_and_strangers_get_the_same_answer(
    her: User, mail_folder: Path
) -> None:
    her.set_unusable_password()
    her.save()
    known, unknown = ask("alice@example.com"), ask("nobody@example.com")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert len(mails(mail_folder)) == 1


def test_asking_again_and_again_fills_no_mailbox(her: User, mail_folder: Path) -> None:
    answers = {ask(address).url for address in ("alice@example.com", "ALICE@example.com") * 5}
    assert answers == {"/admin/password_reset/done/"}
    assert len(mails(mail_folder)) == quotas.MAILS_AN_HOUR_TO_ONE


def test_without_mail_the_page_says_whom_to_ask_and_shows_no_link(alice: User) -> None:
    for page in (Client().get(FORGOTTEN), Client().post(FORGOTTEN, {"email": "alice@example.com"})):
        assert page.status_code == 200
        assert "Demandez à l’équipe de la plateforme" in page.text
        assert "/reset/" not in page.text


def test_broken_link_is_a_sentence(alice: User) -> None:
    assert "déjà servi" in Client().get("/reset/Mg/abc-def/").text
