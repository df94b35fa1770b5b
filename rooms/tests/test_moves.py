"""A room moves to another establishment by whoever owns both, or by staff; and both remember it."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from rooms.admin import rooms
from rooms.errors import Forbidden
from rooms.models import Activity, Establishment, Manager, Room
from rooms.services.lifecycle import save_room
from rooms.tests.conftest import room_form

REFUSAL = "Seul le propriétaire des deux établissements peut déplacer une chambre"


@pytest.fixture
def bobs_establishment(bobs_room: Room) -> Establishment:
    return bobs_room.establishment


@pytest.fixture
def second_establishment(alice: object) -> Establishment:
    return Establishment.objects.create(name="Second", owner=alice)


def _send(client: Client, room: Room, establishment: Establishment) -> object:
    return client.post(f"/admin/rooms/room/{room.pk}/change/", room_form(establishment, name=room.name))


def _entries(establishment: Establishment) -> list[str]:
    entries = Activity.objects.filter(
        content_type=ContentType.objects.get_for_model(Establishment), object_id=establishment.pk
    )
    return [entry.get_change_message() for entry in entries]


def test_manager_cannot_carry_a_room_off(
    as_bob: Client, managing_bob: Manager, room, bobs_establishment
) -> None:
    response = _send(as_bob, room, bobs_establishment)
    assert response.status_code == 200
    assert REFUSAL in response.text
    room.refresh_from_db()
    assert room.establishment_id == managing_bob.establishment_id
    assert not Activity.objects.exists()


def test_manager_cannot_bring_a_room_in(
    as_bob: Client, managing_bob: Manager, bobs_room, establishment
) -> None:
    response = _send(as_bob, bobs_room, establishment)
    assert response.status_code == 200
    assert REFUSAL in response.text
    before = bobs_room.establishment_id
    bobs_room.refresh_from_db()
    assert bobs_room.establishment_id == before


def test_manager_is_offered_the_rooms_own_establishment_alone(
    as_bob, managing_bob, room, bobs_establishment
) -> None:
    form = as_bob.get(f"/admin/rooms/room/{room.pk}/change/").context["adminform"].form
    assert list(form.fields["establishment"].queryset) == [room.establishment]


def test_owner_of_both_moves_a_room_and_both_remember(
    as_alice, room, establishment, second_establishment
) -> None:
    assert _send(as_alice, room, second_establishment).status_code == 302
    room.refresh_from_db()
    assert room.establishment == second_establishment
    assert _entries(establishment) == _entries(second_establishment) != []


def test_staff_move_rooms_anywhere(as_sam, room, establishment, bobs_establishment) -> None:
    assert _send(as_sam, room, bobs_establishment).status_code == 302
    room.refresh_from_db()
    assert room.establishment == bobs_establishment
    assert len(_entries(establishment)) == len(_entries(bobs_establishment)) == 1
    assert bobs_establishment.name not in _entries(establishment)[0]


def test_service_refuses_a_move_by_itself(bob, managing_bob, room, bobs_establishment) -> None:
    room.establishment, room.name = bobs_establishment, "Carried off"
    with pytest.raises(Forbidden):
        save_room(room, user=bob)
    room.refresh_from_db()
    assert (room.establishment_id, room.name) != (bobs_establishment.pk, "Carried off")
    assert room.name != "Carried off"


def test_other_changes_of_a_manager_are_saved(as_bob, managing_bob, room, establishment) -> None:
    form = room_form(establishment, name="Renamed")
    assert as_bob.post(f"/admin/rooms/room/{room.pk}/change/", form).status_code == 302
    room.refresh_from_db()
    assert (room.name, room.establishment) == ("Renamed", establishment)


def test_room_that_is_deleted_while_it_is_saved_is_not_found(
    as_alice, room, establishment, monkeypatch
) -> None:
    def save_behind_another(room: Room, **how: object) -> None:
        Room.objects.filter(pk=room.pk).delete()
        save_room(room, **how)

    monkeypatch.setattr(rooms, "save_room", save_behind_another)
    assert _send(as_alice, room, establishment).status_code == 404
    assert not Activity.objects.exists()
