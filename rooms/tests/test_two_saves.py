"""Two people save one form, or two tabs: each writes what was changed in it, and a conflict shows both."""

from typing import Any

import pytest
from django.test import Client

from rooms.models import Activity, Establishment, Room
from rooms.tests.conftest import signed_in
from rooms.tests.live.visitor import read_form

ROOM = "/admin/rooms/room/{}/change/"
ESTABLISHMENT = "/admin/rooms/establishment/{}/change/"


def open_form(client: Client, room: Room) -> dict[str, str]:
    return read_form(client.get(ROOM.format(room.pk)).text)


def send(client: Client, room: Room, form: dict[str, str]) -> Any:
    return client.post(ROOM.format(room.pk), form)


def stored(room: Room) -> dict[str, Any]:
    return Room.objects.filter(pk=room.pk).values().get()


def test_each_writes_what_was_changed_in_theirs(as_alice, as_sam, room):
    older = open_form(as_alice, room)
    first = open_form(as_sam, room) | {"description": "Vue sur le lac", "published": "on"}
    assert send(as_sam, room, first).status_code == 302
    assert send(as_alice, room, older | {"price_night": "120.50"}).status_code == 302
    saved = stored(room)
    assert (saved["description"], saved["published"]) == ("Vue sur le lac", True)
    assert str(saved["price_night"]) == "120.50"
    last = Activity.objects.order_by("-pk")[0].get_change_message()
    assert "prix" in last.lower() or "price" in last.lower()
    assert "escription" not in last


def test_untouched_page_changes_nothing(as_alice, room):
    before = stored(room)
    assert send(as_alice, room, open_form(as_alice, room)).status_code == 302
    assert stored(room) == before


def test_untouched_older_page_undoes_nothing(as_alice, room):
    older = open_form(as_alice, room)
    Room.objects.update(name="B", published=True, capacity=4, kind="suite", price_night=7)
    before = stored(room)
    assert send(as_alice, room, older).status_code == 302
    assert stored(room) == before


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "Entre-temps, la valeur est devenue «\xa0{}\xa0». La vôtre est «\xa0{}\xa0»"),
        ("en", "Meanwhile it was changed to “{}”. Yours is “{}”"),
    ],
)
@pytest.mark.parametrize(
    ("field", "theirs", "yours", "said"),
    [
        ("name", "Suite bleue", "Suite rouge", ("Suite bleue", "Suite rouge")),
        ("description", "<b>a</b>\nb", "c", ("&lt;b&gt;a&lt;/b&gt;\nb", "c")),
        ("capacity", 3, "4", ("3", "4")),
        ("number", "12", "14", ("12", "14")),
    ],
)
def test_field_that_both_changed_comes_back_with_both(
    alice, room, language, words, field, theirs, yours, said
):
    client = signed_in(alice, headers={"Accept-Language": language})
    older = open_form(client, room) | {field: yours, "beds": "2 lits"}
    Room.objects.update(**{field: theirs})
    page = send(client, room, older)
    assert page.status_code == 200
    assert words.format(*said) in page.text
    assert stored(room)[field] == theirs
    assert stored(room)["beds"] == ""
    shown = read_form(page.text)
    assert shown[field].strip() == yours
    assert send(client, room, shown).status_code == 302
    assert str(stored(room)[field]) == yours
    assert stored(room)["beds"] == "2 lits"


@pytest.mark.parametrize(("language", "said"), [("fr", ("Suite", "Familiale")), ("en", ("Suite", "Family"))])
def test_choices_are_told_by_their_names(alice, room, language, said):
    client = signed_in(alice, headers={"Accept-Language": language})
    Room.objects.update(published=True)
    older = open_form(client, room) | {"kind": "family"}
    Room.objects.update(kind="suite")
    errors = send(client, room, older).context["adminform"].form.errors
    assert all(word in errors["kind"][0] for word in said)


def test_same_change_from_both_is_no_conflict(as_alice, room):
    older = open_form(as_alice, room) | {"name": "Suite bleue", "capacity": "3"}
    Room.objects.update(name="Suite bleue", capacity=3)
    assert send(as_alice, room, older).status_code == 302


def test_second_conflict_on_the_page_that_came_back_is_told_too(as_alice, room):
    older = open_form(as_alice, room) | {"name": "mine"}
    Room.objects.update(name="theirs")
    shown = read_form(send(as_alice, room, older).text)
    Room.objects.update(name="theirs again")
    page = send(as_alice, room, shown)
    assert "theirs again" in page.context["adminform"].form.errors["name"][0]
    assert stored(room)["name"] == "theirs again"


def test_lines_that_a_browser_ends_otherwise_are_no_conflict(as_alice, room):
    Room.objects.update(description=" first\nsecond ")
    form = open_form(as_alice, room)
    # As a browser sends it, hidden fields too.
    sent = {name: value.replace("\n", "\r\n") for name, value in form.items()}
    assert send(as_alice, room, sent | {"description": "third"}).status_code == 302
    assert stored(room)["description"] == "third"


def test_box_that_was_unticked_is_a_change(as_alice, room):
    Room.objects.update(published=True)
    form = open_form(as_alice, room)
    assert form.pop("published") == "on"
    assert send(as_alice, room, form).status_code == 302
    assert stored(room)["published"] is False


def test_error_beside_it_keeps_what_the_page_was_given(as_alice, room):
    older = open_form(as_alice, room) | {"name": "", "capacity": "0"}
    Room.objects.update(beds="2 lits")
    shown = read_form(send(as_alice, room, older).text)
    assert send(as_alice, room, shown | {"name": "B", "capacity": "3"}).status_code == 302
    saved = stored(room)
    assert (saved["name"], saved["capacity"], saved["beds"]) == ("B", 3, "2 lits")


def test_manager_saves_a_page_older_than_a_move(as_bob, bob, managing_bob, room):
    other = Establishment.objects.create(name="Auberge", owner=room.establishment.owner)
    other.managers.create(email=bob.email)
    older = open_form(as_bob, room) | {"beds": "2 lits"}
    Room.objects.update(establishment=other)
    assert send(as_bob, room, older).status_code == 302
    assert (stored(room)["beds"], stored(room)["establishment_id"]) == ("2 lits", other.pk)


def test_establishments_are_saved_alike(as_sam, establishment, bob):
    path = ESTABLISHMENT.format(establishment.pk)
    older = read_form(as_sam.get(path).text, "establishment_form")
    Establishment.objects.update(owner=bob)
    assert as_sam.post(path, older | {"city": "Annecy"}).status_code == 302
    establishment.refresh_from_db()
    assert (establishment.owner, establishment.city) == (bob, "Annecy")
    Establishment.objects.update(city="Talloires")
    page = as_sam.post(path, older | {"city": "Sevrier"})
    assert page.status_code == 200
    errors = page.context["adminform"].form.errors["city"][0]
    assert ("Talloires" in errors, "Sevrier" in errors) == (True, True)
    shown = read_form(page.text, "establishment_form")
    assert as_sam.post(path, shown).status_code == 302
    establishment.refresh_from_db()
    assert (establishment.owner, establishment.city) == (bob, "Sevrier")
