"""An owner invites managers: by mail, or by a link that platform staff hand over."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.db.models.functions import Now
from django.test import Client
from django.utils import translation

from rooms.errors import RateLimited
from rooms.models import Establishment, Manager, Room
from rooms.services import invitations, lifecycle, quotas
from rooms.tests.conftest import mails, signed_in
from rooms.tests.test_managers_page import ESTABLISHMENTS, managers_form, save

CHOSEN = {"name": "Eve", "new_password1": "une-mer-de-lin-41", "new_password2": "une-mer-de-lin-41"}
LINK = re.compile(r"http://testserver(/invitation/[^\s<]+)")


def page_of(client: Client, establishment: Establishment) -> str:
    return client.get(f"{ESTABLISHMENTS}{establishment.pk}/change/").text


def invite_again(client: Client, manager: Manager) -> Any:
    path = f"{ESTABLISHMENTS}{manager.establishment_id}/invite-again/"
    return client.post(path, {"manager-id": manager.pk}, follow=True)


def link_of(manager: Manager) -> str:
    return invitations.make_manager_path(manager)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_invitation_is_mailed_in_the_sites_language(
    as_alice: Client, establishment: Establishment, mail_folder: Path, settings: Any, language: str
) -> None:
    settings.LANGUAGE_CODE = language
    save(as_alice, establishment, **managers_form("eve@example.com"))
    [mail] = mails(mail_folder)
    with translation.override(language):
        assert f"Subject: {translation.gettext('You are invited to look after rooms')}\n" in mail
    assert "To: eve@example.com" in mail
    assert LINK.search(mail)
    assert "alice" not in mail


def test_nobody_is_mailed_twice_by_saving_the_page_again(
    as_alice: Client, establishment: Establishment, mail_folder: Path
) -> None:
    for city in ("Annecy", "Lyon"):
        save(as_alice, establishment, city=city, **managers_form(*["eve@example.com"][: city == "Annecy"]))
    assert len(mails(mail_folder)) == 1


def test_known_and_unknown_addresses_get_the_same_mail_and_answer(
    as_alice: Client, bob: User, establishment: Establishment, mail_folder: Path
) -> None:
    told = []
    for address in ("bob@example.com", "eve@example.com"):
        page = save(as_alice, establishment, **managers_form(address))
        mail = mails(mail_folder)[-1].partition("\n\n")[2]
        told.append((page.url, LINK.sub("#", mail)))
        Manager.objects.all().delete()
        for file in mail_folder.iterdir():
            file.unlink()
    assert told[0] == told[1]


def test_without_mail_an_owner_sees_no_link_and_is_told_whom_to_ask(
    as_alice: Client, as_sam: Client, establishment: Establishment
) -> None:
    page = as_alice.post(
        f"{ESTABLISHMENTS}{establishment.pk}/change/",
        {"name": establishment.name, "city": "", **managers_form("eve@example.com")},
        follow=True,
    ).text
    assert "Demandez à l’équipe de la plateforme" in page
    assert not LINK.search(page)
    Manager.objects.update(invited_at=None)
    assert LINK.search(invite_again(as_sam, Manager.objects.get()).text)


def test_mail_server_that_is_away_is_told_and_nothing_is_lost(
    as_alice: Client, establishment: Establishment, settings: Any
) -> None:
    settings.EMAIL_URL = "smtp://localhost:1"
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    assert save(as_alice, establishment, **managers_form("eve@example.com")).status_code == 302
    manager = Manager.objects.get()
    assert manager.invited_at is None
    assert "pas encore invité" in page_of(as_alice, establishment)
    page = invite_again(as_alice, manager)
    assert page.status_code == 200
    assert not LINK.search(page.text)


def test_invited_person_makes_an_account_and_works(
    as_alice: Client, establishment: Establishment, room: Room, mail_folder: Path
) -> None:
    save(as_alice, establishment, **managers_form("eve@example.com"))
    match = LINK.search(mails(mail_folder)[0])
    assert match
    eve = Client()
    assert "Hôtel Bellevue" in eve.get(match[1]).text
    assert eve.post(match[1], CHOSEN | {"new_password2": "other"}).status_code == 200
    assert not User.objects.filter(email="eve@example.com").exists()
    assert eve.post(match[1], CHOSEN).url == "/reset/done/"
    signing = {"username": "eve@example.com", "password": "une-mer-de-lin-41"}
    assert eve.post("/admin/login/", signing).url == "/admin/"
    assert eve.get(f"/admin/rooms/room/{room.pk}/change/").status_code == 200
    assert "accepté le" in page_of(as_alice, establishment)


def test_link_changes_no_password_of_an_account(bob: User, managing_bob: Manager) -> None:
    client, link = Client(), link_of(managing_bob)
    assert "new_password1" not in client.get(link).text
    assert client.post(link, CHOSEN).url == "/admin/login/"
    bob.refresh_from_db()
    assert bob.check_password("pass")
    managing_bob.refresh_from_db()
    assert managing_bob.accepted_at is not None


def test_form_sent_twice_makes_one_account(establishment: Establishment) -> None:
    link = link_of(Manager.objects.create(establishment=establishment, email="eve@example.com"))
    assert [Client().post(link, CHOSEN).status_code for _time in range(2)] == [302, 302]
    assert User.objects.filter(email="eve@example.com").count() == 1


def assert_link_makes_nothing(link: str, language: str, sentence: str) -> None:
    client = Client(headers={"Accept-Language": language})
    for page in (client.get(link), client.post(link, CHOSEN)):
        assert page.status_code == 200
        assert sentence in page.text
        assert "new_password1" not in page.text
        assert 'href="/admin/"' in page.text
    assert not User.objects.filter(email="eve@example.com").exists()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "fr",
            "Cette invitation est trop ancienne. Demandez à la personne qui vous a invité de la renvoyer.",
        ),
        ("en", "This invitation is too old. Ask the person who invited you to send it again."),
    ],
)
def test_invitation_that_is_too_old_says_so(
    establishment: Establishment, settings: Any, language: str, sentence: str
) -> None:
    link = link_of(Manager.objects.create(establishment=establishment, email="eve@example.com"))
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert_link_makes_nothing(link, language, sentence)
    assert Manager.objects.get().accepted_at is None


@pytest.mark.parametrize("why", ["by the owner", "with the establishment"])
@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fr", "Cette invitation a été retirée. Adressez-vous à la personne qui vous a invité."),
        ("en", "This invitation was taken back. Ask the person who invited you."),
    ],
)
def test_invitation_that_was_taken_back_says_so(
    as_alice: Client, alice: User, establishment: Establishment, language: str, sentence: str, why: str
) -> None:
    manager = Manager.objects.create(establishment=establishment, email="eve@example.com")
    link = link_of(manager)
    if why == "by the owner":
        save(as_alice, establishment, **managers_form(removed=manager))
        assert not Manager.objects.exists()
    else:
        lifecycle.remove_establishments(Establishment.objects.all(), user=alice)
    assert_link_makes_nothing(link, language, sentence)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fr", "Ce lien n’est pas complet. Ouvrez-le de nouveau depuis le message"),
        ("en", "This link is not complete. Open it from the mail again"),
    ],
)
def test_link_that_was_cut_off_says_so(establishment: Establishment, language: str, sentence: str) -> None:
    link = link_of(Manager.objects.create(establishment=establishment, email="eve@example.com"))
    assert_link_makes_nothing(link[:-3] + "/", language, sentence)


@pytest.mark.parametrize(
    ("language", "sentence", "button"),
    [
        ("fr", "Vous avez déjà accepté cette invitation. Connectez-vous avec eve@", "Se connecter"),
        ("en", "You accepted this invitation already. Sign in as eve@", "Sign in"),
    ],
)
def test_invitation_followed_twice_leads_to_the_sign_in(
    establishment: Establishment, language: str, sentence: str, button: str
) -> None:
    link = link_of(Manager.objects.create(establishment=establishment, email="eve@example.com"))
    eve = Client(headers={"Accept-Language": language})
    assert eve.post(link, CHOSEN).url == "/reset/done/"
    page = eve.get(link).text
    assert sentence in page
    assert button in page
    assert "new_password1" not in page
    other = {"new_password1": "un-lac-de-laine-52", "new_password2": "un-lac-de-laine-52"}
    assert eve.post(link, CHOSEN | other).url == "/admin/login/"
    assert User.objects.get(email="eve@example.com").check_password(CHOSEN["new_password1"])


def test_sent_again_at_most_every_ten_minutes(
    as_alice: Client, establishment: Establishment, mail_folder: Path
) -> None:
    save(as_alice, establishment, **managers_form("eve@example.com"))
    manager = Manager.objects.get()
    invite_again(as_alice, manager)
    assert len(mails(mail_folder)) == 1
    Manager.objects.update(invited_at=Now() - timedelta(minutes=11))
    invite_again(as_alice, manager)
    assert len(mails(mail_folder)) == 2


def test_staff_add_an_establishment_and_its_managers_are_invited(
    as_sam: Client, alice: User, mail_folder: Path
) -> None:
    form = {"name": "Gîte", "city": "", "owner": alice.pk} | managers_form("eve@example.com")
    assert as_sam.post(f"{ESTABLISHMENTS}add/", form).status_code == 302
    assert len(mails(mail_folder)) == 1


def test_managers_and_strangers_invite_nobody_again(
    as_bob: Client, sam: User, managing_bob: Manager, mail_folder: Path
) -> None:
    assert invite_again(as_bob, managing_bob).status_code == 404
    assert not mails(mail_folder)
    assert invite_again(signed_in(sam), Manager(pk=99, establishment_id=1)).status_code == 404


@pytest.mark.parametrize("who", ["bob", "eve"])
def test_who_does_not_choose_managers_invites_nobody_by_saving(
    bob: User, managing_bob: Manager, establishment: Establishment, mail_folder: Path, who: str
) -> None:
    """Neither a manager, who may save the page, nor a stranger, who is led away from it."""
    user = bob if who == "bob" else User.objects.create_user("eve", "eve@example.com", is_staff=True)
    user.groups.set(bob.groups.all() or Group.objects.filter(name="Owners"))
    assert save(signed_in(user), establishment, city="Annecy").status_code == 302
    assert not mails(mail_folder)


def test_removing_and_inviting_again_and_again_fills_no_mailbox(
    as_alice: Client, establishment: Establishment, mail_folder: Path
) -> None:
    for _time in range(quotas.MAILS_AN_HOUR_TO_ONE + 2):
        if manager := Manager.objects.first():
            save(as_alice, establishment, **managers_form(removed=manager))
        save(as_alice, establishment, **managers_form("eve@example.com"))
    assert len(mails(mail_folder)) == quotas.MAILS_AN_HOUR_TO_ONE
    page = page_of(as_alice, establishment)
    assert "Trop d’invitations en peu de temps. Invitez eve@example.com de nouveau dans 60\u00a0min." in page
    assert "pas encore invité" in page
    manager = Manager.objects.get()
    assert (manager.email, manager.invited_at) == ("eve@example.com", None)
    invite_again(as_alice, manager)
    assert len(mails(mail_folder)) == quotas.MAILS_AN_HOUR_TO_ONE
    save(as_alice, establishment, **managers_form("zoe@example.com"))
    assert len(mails(mail_folder)) == quotas.MAILS_AN_HOUR_TO_ONE + 1
    cache.clear()  # the hour is over
    invite_again(as_alice, manager)
    assert len(mails(mail_folder)) == quotas.MAILS_AN_HOUR_TO_ONE + 2
    manager.refresh_from_db()
    assert manager.invited_at is not None


def test_one_user_has_so_many_mails_sent_in_an_hour_and_others_are_not_concerned(
    alice: User, sam: User
) -> None:
    for number in range(quotas.MAILS_AN_HOUR):
        quotas.count_invitation(alice, f"{number}@example.com")
    with pytest.raises(RateLimited):
        quotas.count_invitation(alice, "one-more@example.com")
    quotas.count_invitation(sam, "0@example.com")
