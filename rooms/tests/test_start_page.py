"""The start page: its figures are those of the lists behind them, however many rows there are."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rooms import storage
from rooms.models import Channel, CleanupRun, Draft, Establishment, Room, RoomImage, UploadFailure
from rooms.services import gallery
from rooms.tests.both_databases import db  # noqa: F401  # the fixture of this module
from rooms.tests.conftest import add_photos, signed_in

HOME = "/admin/"
STAFF = {
    *("rooms", "rooms-without-photo", "published-without-photo", "rooms-with-advice", "rooms-not-ready"),
    *("photos", "photo-bytes", "temporary-photos", "temporary-bytes", "removed-photos", "failures-24h"),
}
OWNER = {"rooms", "rooms-without-photo", "rooms-with-advice", "rooms-not-ready", "unfinished"}


def figures(client: Client) -> dict[str, Any]:
    return {figure.name: figure for figure in client.get(HOME).context["figures"]}


def values(client: Client) -> dict[str, int]:
    return {name: figure.value for name, figure in figures(client).items()}


@pytest.fixture
def full_house(establishment: Establishment, room: Room, bobs_room: Room, alice: User) -> Room:
    """Two photos and a removed one in Alice's first room, none in her second, three unattached."""
    Room.objects.create(establishment=establishment, name="Chambre 2", published=True)
    gallery.remove(add_photos(room, 3)[-1])
    draft = Draft.objects.create(user=alice)
    gallery.remove(add_photos(None, 3, draft=draft)[-1])
    Draft.objects.create(user=alice)
    return room


def test_owner_meets_the_figures_of_their_own_rooms(as_alice, full_house):
    found = values(as_alice)
    assert set(found) == OWNER
    assert (found["rooms"], found["rooms-without-photo"], found["unfinished"]) == (2, 1, 1)
    assert 'data-dashboard="owner"' in as_alice.get(HOME).text


def test_staff_meet_the_figures_of_all(as_sam, full_house):
    found = values(as_sam)
    assert set(found) == STAFF  # no cleanup has run yet
    assert (found["rooms"], found["rooms-without-photo"], found["published-without-photo"]) == (3, 2, 1)
    assert (found["photos"], found["temporary-photos"], found["removed-photos"]) == (2, 2, 2)
    page = as_sam.get(HOME).text
    assert 'data-dashboard="staff"' in page
    assert 'data-figure="rooms" data-value="3"' in page


def test_big_numbers_stay_plain_for_programs(as_sam, room):
    add_photos(room, 1)
    RoomImage.objects.update(size=1_000_000, versions_bytes=234_567)
    assert 'data-figure="photo-bytes" data-value="1234567"' in as_sam.get(HOME).text


@pytest.mark.parametrize("who", ["alice", "sam"])
def test_each_figure_is_what_its_list_counts(who, request, alice, sam, full_house):
    client = signed_in({"alice": alice, "sam": sam}[who])
    linked = [figure for figure in figures(client).values() if "/rooms/room/" in figure.url]
    counted = [figure for figure in linked if figure.name != "unfinished"]
    assert len(counted) == (4 if who == "alice" else 5)
    for figure in counted:
        assert client.get(figure.url).context["cl"].result_count == figure.value, figure.name


def test_channels_say_how_many_rooms_are_ready(as_sam, full_house):
    Channel.objects.all().delete()
    Channel.objects.create(slug="two", name="Two photos", min_photos=2)
    Channel.objects.create(slug="off", name="Off", min_photos=9, active=False)
    page = as_sam.get(HOME)
    assert [(one["channel"].slug, one["ready"], one["rooms"]) for one in page.context["channels"]] == [
        ("two", 1, 3)
    ]
    assert values(as_sam)["rooms-not-ready"] == 2


def test_failures_of_the_day_are_told(as_sam, alice):
    UploadFailure.objects.create(user=alice, code="invalid_image", where="room")
    UploadFailure.objects.create(user=alice, code="invalid_image", where="room")
    UploadFailure.objects.update_or_create(
        user=alice,
        code="network",
        defaults={"created_at": timezone.now() - timedelta(hours=25), "where": "page"},
    )
    assert values(as_sam)["failures-24h"] == 2
    assert "1 personne n’a pas pu" in as_sam.get(HOME).text.replace("'", "’").replace("&#x27;", "’")


def test_hours_since_the_last_good_cleanup(as_sam):
    CleanupRun.objects.create(days=1, finished_at=timezone.now() - timedelta(hours=30, minutes=5))
    CleanupRun.objects.create(days=1, finished_at=timezone.now(), errors=["no"])
    assert values(as_sam)["hours-since-cleanup"] == 30


def test_uploads_are_told_by_day(as_sam, room):
    add_photos(room, 3)
    RoomImage.objects.filter(order=1).update(created_at=timezone.now() - timedelta(days=29))
    RoomImage.objects.filter(order=2).update(created_at=timezone.now() - timedelta(days=31))
    page = as_sam.get(HOME)
    assert len(page.context["uploads"]["cells"]) == 30
    assert "2 photos reçues en 30 jours, dont 1 aujourd’hui." in page.text


def test_failures_are_told_by_day(as_sam, alice):
    for days in (0, 29, 31):
        failure = UploadFailure.objects.create(user=alice, code="network", where="page")
        then = timezone.now() - timedelta(days=days)
        UploadFailure.objects.filter(pk=failure.pk).update(created_at=then)
    page = as_sam.get(HOME)
    coloured = [bool(cell["color"]) for cell in page.context["failed"]["cells"]]
    assert coloured == [True, *[False] * 28, True]
    assert "2 envois échoués en 30 jours, dont 1 aujourd’hui." in page.text


# --- an owner's page ---------------------------------------------------------------------


def test_owner_is_greeted(alice, as_alice):
    alice.first_name = "Claire"
    alice.save()
    page = as_alice.get(HOME).text
    assert "Bonjour Claire" in page
    assert "<title> Accueil |" in page


def test_cards_begin_with_the_room_that_has_the_fewest_photos(as_alice, full_house, bobs_room):
    page = as_alice.get(HOME)
    assert [room.name for room in page.context["cards"]] == ["Chambre 2", "Chambre 1"]
    assert full_house.images.all()[0].thumbnail_url in page.text
    assert bobs_room.name not in page.text


def test_unfinished_room_waits_with_its_photos(as_alice, as_bob, full_house):
    draft = Draft.objects.get(pk__in=RoomImage.objects.filter(room=None).values("draft"))
    photos = list(draft.images.filter(removed_at=None))
    page = as_alice.get(HOME).text
    assert f'href="/admin/rooms/room/add/?draft={draft.pk}"' in page
    assert all(photo.thumbnail_url in page for photo in photos)
    assert str(draft.pk) not in as_bob.get(HOME).text


def test_owner_without_a_room_is_told_how_to_begin(as_alice, establishment, room):
    room.delete()
    page = as_alice.get(HOME).text
    assert "Ajoutez la première" in page
    assert 'href="/admin/rooms/room/add/"' in page


def test_owner_without_an_establishment_is_told_whom_to_ask(as_alice):
    assert "Demandez à l’équipe de la plateforme" in as_alice.get(HOME).text.replace("&#x27;", "’")


def test_user_without_rights_meets_no_figures(bob):
    bob.groups.clear()
    bob.user_permissions.set(Permission.objects.filter(codename="view_user"))
    assert "data-dashboard" not in signed_in(bob).get(HOME).text


@pytest.mark.parametrize("who", ["alice", "sam"])
def test_page_costs_at_most_fifteen_queries(who, alice, sam, establishment, room):
    client = signed_in({"alice": alice, "sam": sam}[who])
    CleanupRun.objects.create(days=1, finished_at=timezone.now())
    UploadFailure.objects.create(user=alice, code="network", where="page")
    add_photos(None, 1, draft=Draft.objects.create(user=alice))
    add_photos(room, 2)

    def cost() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(HOME).status_code == 200
        return [query["sql"] for query in queries]

    few = cost()
    more = Room.objects.bulk_create(
        Room(establishment=establishment, name=f"R{number}") for number in range(60)
    )
    RoomImage.objects.bulk_create(
        RoomImage(room=room, image=storage.new_master_name(), order=place)
        for room in more
        for place in (1, 2)
    )
    many = cost()
    assert len(many) <= 15, "\n".join(many)
    assert len(many) == len(few)
