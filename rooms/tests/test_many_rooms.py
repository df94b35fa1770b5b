"""Working through many rooms: from one of the list to the next, and publishing many at once."""

from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from rooms.models import Activity, Establishment, Room
from rooms.tests.conftest import add_photos, signed_in

LIST = "/admin/rooms/room/"


@pytest.fixture
def rooms(establishment: Establishment, room: Room) -> list[Room]:
    """In the order of the list; the third has a photo."""
    more = [
        Room.objects.create(establishment=establishment, name=f"Chambre {number}") for number in (2, 3, 4)
    ]
    add_photos(more[1], 1)
    return [room, *more]


def address(room: Room, filters: str = "") -> str:
    kept = f"?_changelist_filters={quote(filters)}" if filters else ""
    return f"{LIST}{room.pk}/change/{kept}"


def neighbours(client: Client, room: Room, filters: str = "") -> tuple[str, str]:
    found = client.get(address(room, filters)).context["neighbours"]
    return found.get("previous", ""), found.get("next", "")


def test_list_leads_from_room_to_room(as_alice, rooms):
    first, second, _third, fourth = rooms
    none = "photos=none"
    assert neighbours(as_alice, first, none) == ("", address(second, none))
    assert neighbours(as_alice, second, none) == (address(first, none), address(fourth, none))
    assert neighbours(as_alice, fourth, none) == (address(second, none), "")
    assert f'href="{address(second, none)}" rel="next"' in as_alice.get(address(first, none)).text


def test_room_that_left_the_list_leads_to_its_first(as_alice, rooms):
    first, _second, third, _fourth = rooms
    assert neighbours(as_alice, third, "photos=none") == ("", address(first, "photos=none"))


def test_order_of_the_list_counts(as_alice, rooms):
    first, second, *_rest = rooms
    column = 1 + as_alice.get(LIST).context["cl"].list_display.index("title") - 1
    assert neighbours(as_alice, second, f"o=-{column}")[1] == address(first, f"o=-{column}")


def test_page_without_a_list_has_no_neighbours(as_alice, rooms):
    assert neighbours(as_alice, rooms[1]) == ("", "")


@pytest.mark.parametrize("filters", ["p=999", "establishment__id__exact=x", "%00", "e=1"])
def test_broken_filters_make_no_list(as_alice, rooms, filters):
    assert as_alice.get(address(rooms[0], filters)).status_code in (200, 400)


def test_list_of_others_leads_nowhere(as_alice, rooms, bobs_room):
    found = neighbours(as_alice, rooms[3], f"establishment__id__exact={bobs_room.establishment_id}")
    assert found == ("", "")


# --- publishing -------------------------------------------------------------------------


def act(client: Client, action: str, *rooms: Room, follow: bool = True) -> Any:
    form = {"action": action, "_selected_action": [room.pk for room in rooms]}
    return client.post(LIST, form, follow=follow)


def published() -> set[str]:
    return set(Room.objects.filter(published=True).values_list("name", flat=True))


def test_publishing_many_is_counted_and_told(as_alice, rooms):
    rooms[0].published = True
    rooms[0].save()
    page = act(as_alice, "publish", *rooms[:3]).text
    assert "2 chambres sont maintenant publiées." in page
    assert published() == {"Chambre 1", "Chambre 2", "Chambre 3"}
    told = Activity.objects.values_list("object_id", flat=True)
    assert set(told) == {str(rooms[1].pk), str(rooms[2].pk)}
    assert "Publiée" in as_alice.get(f"{LIST}{rooms[1].pk}/history/").text


def test_taking_back_many(as_alice, rooms):
    Room.objects.update(published=True)
    before = Room.objects.get(pk=rooms[0].pk).updated_at
    assert "1 chambre n’est plus publiée." in act(as_alice, "unpublish", rooms[0]).text
    assert published() == {"Chambre 2", "Chambre 3", "Chambre 4"}
    assert Room.objects.get(pk=rooms[0].pk).updated_at > before


def test_nothing_to_change_is_said(as_alice, rooms):
    assert "Rien à changer" in act(as_alice, "unpublish", rooms[0]).text
    assert not Activity.objects.exists()


def test_stranger_cannot_publish(as_alice, rooms, bobs_room):
    act(as_alice, "publish", bobs_room, rooms[0])
    assert published() == {"Chambre 1"}


def test_reader_cannot_publish(sam, rooms):
    sam.groups.clear()
    sam.user_permissions.set(Permission.objects.filter(codename__in=["view_room", "see_every_establishment"]))
    act(signed_in(sam), "publish", *rooms)
    assert published() == set()
