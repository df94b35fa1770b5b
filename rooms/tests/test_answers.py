"""What a person reads after saving a room, and before there is anything to save one in."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.messages import get_messages
from django.test import Client

from rooms.models import Establishment, Room
from rooms.tests.conftest import DRAFT, add_photos, room_form, signed_in, upload_ids

ADD = "/admin/rooms/room/add/"
ROOMS = "/admin/rooms/room/"


def told(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def newcomer(db: None) -> User:
    """An owner for whom the platform has added no establishment yet."""
    user = User.objects.create_user("newcomer", password="pass", is_staff=True)
    user.groups.add(Group.objects.get(name="Owners"))
    return user


@pytest.fixture(params=["fr", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return request.param


def speaking(user: User, language: str) -> Client:
    return signed_in(user, headers={"Accept-Language": language})


SAVED = {
    "fr": ["encore sans photo", "avec sa photo", "avec ses 3 photos"],
    "en": ["without photos yet", "with its photo.", "with its 3 photos"],
}


@pytest.mark.parametrize(("count", "place"), [(0, 0), (1, 1), (3, 2)])
def test_saving_tells_of_the_photos(alice, establishment, language, count, place):
    client = speaking(alice, language)
    upload_ids(client, count, draft=DRAFT)
    added = client.post(ADD, room_form(establishment, name="<b>Suite</b>", draft=DRAFT))
    (said,) = told(added)
    assert SAVED[language][place] in said
    assert "&lt;b&gt;Suite" in said
    room = Room.objects.get(name="<b>Suite</b>")
    changed = client.post(f"{ROOMS}{room.pk}/change/", room_form(establishment, name="<b>Suite</b>"))
    assert told(changed)[-1] == said


@pytest.mark.parametrize(
    ("published", "count", "is_told"), [("on", 0, True), ("on", 1, False), ("", 0, False)]
)
def test_publishing_without_a_photo_is_told_and_not_refused(alice, room, language, published, count, is_told):
    add_photos(room, count)
    form = room_form(room.establishment) | ({"published": "on"} if published else {})
    response = speaking(alice, language).post(f"{ROOMS}{room.pk}/change/", form)
    assert response.status_code == 302
    words = {"fr": "publiée sans photo", "en": "published without a photo"}[language]
    assert any(words in said for said in told(response)) is is_told
    assert Room.objects.get(pk=room.pk).published is bool(published)


@pytest.mark.parametrize(
    ("button", "goal"), [("_save", ROOMS), ("_continue", ROOMS + "{}/change/"), ("_addanother", ADD)]
)
def test_each_button_leads_where_it_says(as_alice, room, button, goal):
    path = f"{ROOMS}{room.pk}/change/"
    response = as_alice.post(path, room_form(room.establishment) | {button: "1"})
    assert response.url == goal.format(room.pk)


def test_filters_of_the_list_are_kept(as_alice, room):
    path = f"{ROOMS}{room.pk}/change/?_changelist_filters=gallery%3Dnone"
    for button in ({}, {"_continue": "1"}):
        assert "gallery" in as_alice.post(path, room_form(room.establishment) | button).url


def test_only_establishment_is_chosen_already(as_alice, as_sam, establishment, bobs_room):
    assert as_alice.get(ADD).context["adminform"].form.initial["establishment"] == establishment.pk
    assert f'<option value="{establishment.pk}" selected>' in as_alice.get(ADD).text
    assert "establishment" not in as_sam.get(ADD).context["adminform"].form.initial


@pytest.mark.parametrize("page", [ADD, ROOMS, "/admin/"])
def test_owner_without_an_establishment_reads_whom_to_ask(newcomer, language, page):
    words = {"fr": "Demandez à l’équipe de la plateforme", "en": "Ask the platform’s team"}[language]
    assert words in speaking(newcomer, language).get(page).text


@pytest.mark.parametrize("page", [ADD, ROOMS, "/admin/"])
def test_who_may_add_one_is_led_there(as_sam, page):
    assert not Establishment.objects.exists()
    assert (
        as_sam.get(page).text.count('<a href="/admin/rooms/establishment/add/">Ajouter un établissement') == 1
    )


@pytest.mark.parametrize("page", [ADD, ROOMS, f"{ROOMS}?q=nothing", "/admin/"])
def test_who_has_an_establishment_reads_nothing_of_it(as_alice, as_sam, establishment, page):
    for client in (as_alice, as_sam):
        assert told(client.get(page)) == []
