"""The filters of the rooms list: each finds what the room's own page says, and names itself."""

from hashlib import sha256
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from rooms import storage
from rooms.models import Channel, Establishment, Gallery, Manager, Room, RoomImage
from rooms.services import readiness
from rooms.services.advice import LABELS, find_advice
from rooms.services.judging import filter_advised, judge
from rooms.tests.both_databases import db  # noqa: F401  # the fixture of this module
from rooms.tests.conftest import add_photos

LIST = "/admin/rooms/room/"
TWIN = {"metrics": {"fingerprint": "0" * 64}}
SHARED = {"shared": "5" * 64}
GOOD = {"brightness": 0.9, "sharpness": 0.9}
PRINTS = ["0" * 64, "f" * 64, "0" * 32 + "f" * 32, "a" * 64]


def names(client: Client, query: str) -> set[str]:
    response = client.get(f"{LIST}?{query}")
    assert response.status_code == 200
    return {room.name for room in response.context["cl"].result_list}


def add_judged(room: Room, *photos: dict[str, Any]) -> None:
    """Rows with the figures that advice judges by; their files do not matter.

    No two rooms have a fingerprint in common, but those that are `shared`.
    """
    own = int(sha256(room.name.encode()).hexdigest(), 16)
    for place, fields in enumerate(photos, start=1):
        figures = GOOD | {"fingerprint": PRINTS[place - 1]} | fields.get("metrics", {})
        figures["fingerprint"] = fields.get("shared") or f"{int(figures['fingerprint'], 16) ^ own:064x}"
        values = {"order": place, "width": 2000, "height": 1500, "caption": "Lit"} | fields
        values.pop("shared", None)
        name = storage.new_master_name()
        RoomImage.objects.bulk_create([RoomImage(room=room, image=name, **values | {"metrics": figures})])


@pytest.fixture
def rooms(establishment: Establishment, room: Room, bobs_room: Room) -> dict[str, Room]:
    """One for each thing that can be said, by its name."""
    room.delete()
    add_judged(bobs_room, {"shared": "6" * 64})
    kinds: dict[str, list[dict[str, Any]]] = {
        "empty": [],
        "good": [{}, {}],
        "dark": [{}, {"metrics": {"brightness": 0.05}}],
        "blurred": [{"metrics": {"sharpness": 0.01}}],
        "dark, not blurred": [{"metrics": {"brightness": 0.05, "sharpness": 0.01}}],
        "small": [{"width": 600, "height": 400}],
        "small, upright": [{"width": 400, "height": 1600}],
        "twins": [{}, TWIN],
        "twins, not placed": [{"order": 0, "advice_declined": ["duplicate"]}, TWIN],
        "twins, first declined": [{"advice_declined": ["duplicate"]}, TWIN],
        "declined": [
            {"metrics": {"brightness": 0.05}, "advice_declined": ["dark"]},
            {**TWIN, "advice_declined": ["blurred", "duplicate"]},
        ],
        "shared": [{}, SHARED],
        "shared, too": [SHARED, {}],
        "shared, declined": [{**SHARED, "advice_declined": ["duplicate"]}],
        "shared, removed": [{}, {**SHARED, "removed_at": timezone.now()}],
        "nearly shared": [{"shared": "5" * 63 + "4"}],
        "another house has it": [{"shared": "6" * 64}],
        "old rows": [{"metrics": None}, {"metrics": None, "width": None, "height": None, "caption": ""}],
    }  # fmt: skip
    made = {name: Room.objects.create(establishment=establishment, name=name) for name in kinds}
    for name, photos in kinds.items():
        for photo in photos:
            if photo.get("metrics", {}) is None:
                del photo["metrics"]
                RoomImage.objects.create(room=made[name], image=storage.new_master_name(), **photo)
        add_judged(made[name], *[photo for photo in photos if name != "old rows"])
    return made


@pytest.mark.parametrize("code", ["", *LABELS])
def test_database_says_what_the_gallery_says(rooms, code):
    said = {
        name
        for name, room in rooms.items()
        for advice in find_advice(list(Gallery(room=room).photos_for_advice())).values()
        for one in advice
        if code in ("", one.code)
    }
    assert {room.name for room in filter_advised(Room.objects.all(), code)} == said
    assert said


def test_figure_says_what_the_list_says(rooms):
    judged = judge(Room.objects.all(), Room.objects.count(), [])
    assert judged.with_advice == filter_advised(Room.objects.all()).count()
    assert (
        judged.with_photo == Room.objects.filter(images__removed_at=None, images__id__gt=0).distinct().count()
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("advice=dark", {"dark", "dark, not blurred"}),
        ("advice=blurred", {"blurred"}),
        ("advice=small", {"small", "small, upright"}),
        ("advice=duplicate", {"twins", "twins, first declined", "shared", "shared, too"}),
        ("advice=duplicate&q=too", {"shared, too"}),
        ("advice=duplicate&q=declined", {"twins, first declined"}),
        ("photos=none", {"empty"}),
        ("photos=none&published__exact=1", set()),
        ("texts=missing", {"old rows"}),
    ],
)
def test_filter_finds(as_alice, rooms, query, found):
    assert names(as_alice, query) == found


@pytest.mark.parametrize("query", ["advice=any", "advice=nothing", "photos=many", "ready=maybe", "texts=all"])
def test_unknown_value_is_the_plain_list(as_alice, rooms, query):
    found = names(as_alice, query)
    assert (found == set(rooms)) is (query != "advice=any")


def test_full_is_the_limit(as_alice, room, settings):
    settings.ROOM_PHOTO_MAX_COUNT = 2
    add_photos(room, 1)
    assert names(as_alice, "photos=full") == set()
    add_photos(room, 1)
    assert names(as_alice, "photos=full") == {room.name}


@pytest.fixture
def channels(db: None) -> dict[str, Channel]:  # noqa: F811  # a fixture that is asked for
    Channel.objects.all().delete()
    return {
        "one": Channel.objects.create(slug="one", name="One photo", min_photos=1),
        "three": Channel.objects.create(slug="three", name="Three photos", min_photos=3),
        "off": Channel.objects.create(slug="off", name="Not used", min_photos=10, active=False),
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("channel=one&ready=yes", {"two", "three"}),
        ("channel=one&ready=no", {"none"}),
        ("channel=three&ready=yes", {"three"}),
        ("channel=three&ready=no", {"none", "two"}),
        ("ready=no", {"none", "two"}),
        ("ready=yes", {"three"}),
        ("channel=one", {"none", "two", "three"}),
        ("channel=off&ready=no", {"none", "two", "three"}),
        ("channel=nobody&ready=no", {"none", "two", "three"}),
    ],
)
def test_readiness_by_channel(as_alice, establishment, room, channels, query, found):
    room.delete()
    for name, count in (("none", 0), ("two", 2), ("three", 3)):
        add_photos(Room.objects.create(establishment=establishment, name=name), count)
    assert names(as_alice, query) == found
    assert "off" not in {channel.slug for channel in readiness.find_channels()}


def test_list_without_channels(as_alice, room, channels):
    Channel.objects.all().delete()
    assert names(as_alice, "ready=no") == set()
    assert names(as_alice, "ready=yes") == {room.name}


# --- what is set, and how it is taken off -----------------------------------------------


def chips(client: Client, query: str) -> dict[str, str]:
    found = client.get(f"{LIST}?{query}").context["cl"].active_filters()
    return {f"{one.title}: {one.value}": one.url_without for one in found}


def test_each_filter_that_is_set_is_named_and_can_be_taken_off(as_alice, room, channels):
    query = "photos=none&published__exact=0&channel=one&ready=no"
    found = chips(as_alice, query)
    assert found == {
        "photos: Aucune photo": "?channel=one&published__exact=0&ready=no",
        "état: Pas prête": "?photos=none&published__exact=0",
        "canal: One photo": "?photos=none&published__exact=0&ready=no",
        "publiée: Non": "?channel=one&photos=none&ready=no",
    }
    page = as_alice.get(f"{LIST}?{query}").text
    for url in found.values():
        assert f'href="{url.replace("&", "&amp;")}"' in page


def test_no_filter_no_name(as_alice, room):
    assert chips(as_alice, "q=Bellevue") == {}


def test_establishment_is_named_to_whoever_meets_it_alone(as_alice, as_sam, establishment, bobs_room):
    theirs = f"establishment__id__exact={bobs_room.establishment_id}"
    assert chips(as_sam, theirs) == {f"établissement: {bobs_room.establishment}": "?"}
    assert chips(as_alice, theirs) == {}
    assert bobs_room.establishment.name not in as_alice.get(f"{LIST}?{theirs}").text
    assert names(as_alice, theirs) == set()
    assert names(as_alice, f"establishment__id__exact={establishment.pk}") == {"Chambre 1"}


def test_page_names_none_of_the_other_establishments(as_sam, establishment, alice):
    Establishment.objects.bulk_create(Establishment(name=f"Maison {n}", owner=alice) for n in range(50))
    assert "Maison 7" not in as_sam.get(LIST).text


def test_count_of_an_establishment_leads_to_its_rooms(as_alice, establishment, bobs_room):
    Room.objects.create(establishment=establishment, name="Chambre 2")
    address = f"{LIST}?establishment__id__exact={establishment.pk}"
    for page in ("/admin/rooms/establishment/", f"/admin/rooms/establishment/{establishment.pk}/change/"):
        assert f'href="{address}"' in as_alice.get(page).text
    assert names(as_alice, address.partition("?")[2]) == {"Chambre 1", "Chambre 2"}


def test_manager_meets_the_rooms_they_manage(as_bob, managing_bob: Manager, bobs_room):
    assert names(as_bob, "photos=none") == {"Chambre 1", "Suite"}
