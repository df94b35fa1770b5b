"""The search of lists and choices: no case, no accents, the same on SQLite and PostgreSQL."""

import time
import unicodedata

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from rooms import database
from rooms.models import Establishment, Manager, Room
from rooms.tests.both_databases import db  # noqa: F401  # the fixture of this module
from rooms.tests.conftest import signed_in

ROOMS = "/admin/rooms/room/"
ESTABLISHMENTS = "/admin/rooms/establishment/"


def _found(client: Client, typed: str, path: str = ROOMS) -> list[str]:
    answer = client.get(path, {"q": typed})
    assert answer.status_code == 200
    return [str(row) for row in answer.context["cl"].result_list]


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Chambre Supérieure", "superieure"),
        ("Chambre Supérieure", "SUPÉRIEURE"),
        ("Chambre Supérieure", unicodedata.normalize("NFD", "Supérieure")),
        (unicodedata.normalize("NFD", "Chambre Supérieure"), "supérieure"),
        (unicodedata.normalize("NFD", "Chambre Supérieure"), "Superi"),
        ("CHAMBRE SUPÉRIEURE", "supérieure chambre"),
        ("Cœur d’Or", "coeur d'or"),
        ("COEUR D'OR", "cœur d’or"),
        ("Œillet", "oeil"),
        ("Lætitia", "LAETITIA"),
        ("Weißes Rössl", "weisses rossl"),
        ("WEISSES RÖSSL", "weißes"),
        ("Smørrebrød", "smorrebrod"),
        ("Łódź", "lodz"),
        ("İstanbul Işık", "istanbul isik"),
        ("Βορράς", "ΒΟΡΡΑΣ"),
        ("Зелёная", "ЗЕЛЕНАЯ"),
        ("Suite\N{NO-BREAK SPACE}nº\N{NO-BREAK SPACE}5", '"suite no 5"'),
        ("100% laine_vierge", "% _"),
    ],
)
def test_search_cares_for_letters_only(as_alice: Client, room: Room, stored: str, typed: str) -> None:
    room.name = stored
    room.save()
    assert _found(as_alice, typed) == [stored]
    assert _found(as_alice, f"{typed} xyz") == []


def test_row_is_found_whoever_wrote_it(as_alice: Client, room: Room) -> None:
    Room.objects.bulk_create([Room(establishment=room.establishment, name="Océane")])
    assert _found(as_alice, "oceane") == ["Océane"]
    Room.objects.filter(name="Océane").update(name="Forêt")
    assert (_found(as_alice, "oceane"), _found(as_alice, "foret")) == ([], ["Forêt"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE rooms_room SET name = %s WHERE id = %s", ("Crêpe", room.pk))
    assert _found(as_alice, "CREPE") == ["Crêpe"]


def test_databases_fold_every_letter_alike(room: Room) -> None:
    establishment = room.establishment
    letters = "".join(chr(code) for code in range(1, 0x3000))
    for start in range(0, len(letters), 64):
        text = letters[start : start + 64]
        Establishment.objects.filter(pk=establishment.pk).update(name=text)
        found = Establishment.objects.filter(pk=establishment.pk, name__plain=database.plain(text))
        assert found.exists(), f"from U+{start + 1:04X}"


def test_words_are_looked_for_in_every_field(as_alice: Client, room: Room) -> None:
    Establishment.objects.update(city="Saint-Étienne")
    Room.objects.update(number="12B")
    assert _found(as_alice, "12b hotel ETIENNE chambre") == [room.name]
    assert _found(as_alice, '"chambre hotel"') == []


def test_owner_finds_only_what_is_theirs(as_alice: Client, as_bob: Client, room: Room) -> None:
    assert _found(as_alice, "hotel bellevue") == [room.name]
    assert _found(as_bob, "hotel bellevue") == []


def test_staff_find_rooms_by_their_owner(sam: User, alice: User, room: Room) -> None:
    User.objects.filter(pk=alice.pk).update(first_name="Zoé", last_name="Lefèvre")
    for typed in ("zoe LEFEVRE", "alice@example", "alice"):
        assert _found(signed_in(sam), typed) == [room.name]
        assert _found(signed_in(sam), typed, ESTABLISHMENTS) == ["Hôtel Bellevue"]


def test_manager_learns_nothing_of_the_owner(as_bob: Client, bob: User, room: Room) -> None:
    Manager.objects.create(establishment=room.establishment, user=bob)
    assert _found(as_bob, "bellevue") == [room.name]
    assert (_found(as_bob, "alice@example"), _found(as_bob, "alice", ESTABLISHMENTS)) == ([], [])


def test_accounts_and_choices_are_searched_alike(root: User, alice: User, room: Room) -> None:
    User.objects.filter(pk=alice.pk).update(first_name="Zoé")
    as_root = signed_in(root)
    assert _found(as_root, "ZOE", "/admin/auth/user/") == ["alice"]
    chosen = {"app_label": "rooms", "model_name": "room", "field_name": "establishment", "term": "HOTEL"}
    assert [row["text"] for row in as_root.get("/admin/autocomplete/", chosen).json()["results"]] == [
        "Hôtel Bellevue"
    ]


@pytest.mark.parametrize("typed", ["\u0301", '"', "'", '""', "\\", "\ufdfa" * 300])
def test_odd_search_is_answered(as_alice: Client, room: Room, typed: str) -> None:
    chosen = {"app_label": "rooms", "model_name": "room", "field_name": "establishment", "term": typed}
    assert as_alice.get("/admin/autocomplete/", chosen).status_code == 200
    assert as_alice.get(ROOMS, {"q": typed}).status_code in (200, 302)


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_search_is_quick(room: Room) -> None:
    """A hundred thousand rooms in less than 300 ms: a fifth of them here, in a fifth of the time."""
    rooms = [
        Room(establishment=room.establishment, name=f"Suite Océane {number}") for number in range(20_000)
    ]
    Room.objects.bulk_create(rooms)
    costs_s = []
    for _ in range(5):
        start_s = time.process_time()
        assert (
            database.find(Room.objects.all(), ("name", "number", "establishment__name"), ["777"]).count()
            == 38
        )
        costs_s.append(time.process_time() - start_s)
    assert min(costs_s) < 0.06
