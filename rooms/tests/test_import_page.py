"""The establishment's page brings in folders: what it shows to whom, and the rooms that it asks for."""

import json
import re
from typing import Any

import pytest
from django.contrib.admin.models import ADDITION
from django.contrib.auth.models import Permission, User
from django.test import Client

from rooms.models import Activity, Establishment, Room
from rooms.tests.conftest import DRAFT, add_photos, post_json, signed_in, upload


def address(establishment: Establishment, page: str = "change") -> str:
    return f"/admin/rooms/establishment/{establishment.pk}/{page}/"


def config_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script id="import-config" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def test_page_has_the_panel_and_tells_of_all_rooms(
    as_alice: Client, room: Room, establishment: Establishment
) -> None:
    Room.objects.filter(pk=room.pk).update(name="Suite Océane", number="1-01")
    photos = add_photos(room, 3)
    as_alice.post(f"/rooms/{room.pk}/delete-image/{photos[0].pk}/")
    page = as_alice.get(address(establishment)).text
    for hook in (
        "data-import>",
        "data-import-zip",
        "webkitdirectory",
        'data-action="import"',
        "data-import-room ",
    ):
        assert hook in page
    assert config_of(page)["rooms"] == [
        {
            "id": room.pk,
            "label": "Suite Océane · 1-01",
            "numbers": ["101"],
            "names": ["suiteoceane"],
            "count": 2,
        }
    ]


def test_page_asks_the_database_as_often_however_many_rooms(
    as_alice: Client, establishment: Establishment, django_assert_max_num_queries: Any
) -> None:
    Room.objects.bulk_create(Room(establishment=establishment, name=f"R{number}") for number in range(50))
    with django_assert_max_num_queries(20):
        as_alice.get(address(establishment))


def test_page_without_the_right_has_no_panel(
    establishment: Establishment, as_alice: Client, as_sam: Client
) -> None:
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename__in=("view_establishment", "view_room")))
    Establishment.objects.filter(pk=establishment.pk).update(owner=viewer)
    assert "data-import" not in signed_in(viewer).get(address(establishment)).text
    assert "data-import" not in as_sam.get("/admin/rooms/establishment/add/").text
    assert "data-import" not in as_sam.get(address(establishment) + "?_popup=1").text


def test_page_lists_active_channels_to_download_for(as_alice: Client, establishment: Establishment) -> None:
    page = as_alice.get(address(establishment)).text
    assert f"/admin/rooms/establishment/{establishment.pk}/photos.zip?channel=booking" in page


def test_photo_is_told_again_by_its_upload(as_alice: Client, as_sam: Client, room: Room) -> None:
    upload(as_alice, room, upload_id=DRAFT)
    upload(as_alice, room)
    images = as_sam.get(f"/rooms/{room.pk}/images/").json()["images"]
    assert [image.get("upload_id") for image in images] == [DRAFT, None]


# --- new rooms ----------------------------------------------------------------------------


def add_room(client: Client, establishment: Establishment, content: Any) -> Any:
    return post_json(client, address(establishment, "add-room"), content)


def test_room_is_made_once_however_often_it_is_asked_for(
    as_alice: Client, alice: User, establishment: Establishment
) -> None:
    first = add_room(as_alice, establishment, {"name": " Étoile "})
    again = add_room(as_alice, establishment, {"name": "etoile"})
    made = Room.objects.latest("pk")
    assert (first.status_code, again.status_code, Room.objects.count()) == (200, 200, 2)
    assert first.json() == again.json()
    assert first.json()["room"]["id"] == made.pk
    assert (made.name, made.establishment, made.published) == ("Étoile", establishment, False)
    entry = Activity.objects.get(action_flag=ADDITION)
    assert (entry.user, entry.object_id) == (alice, str(made.pk))


@pytest.mark.parametrize(
    "content",
    [{}, {"name": ""}, {"name": "---"}, {"name": 7}, {"name": "x" * 121}, {"name": "a\x00b"}, [], "x"],
)
def test_name_that_no_room_can_have_is_refused(
    as_alice: Client, establishment: Establishment, content: Any
) -> None:
    response = add_room(as_alice, establishment, content)
    assert (response.status_code, response.json()["code"]) == (400, "invalid_request")
    assert Room.objects.count() == 1


def test_name_that_fits_two_rooms_is_refused(as_alice: Client, establishment: Establishment) -> None:
    for name in ("Lac", "LAC"):
        Room.objects.create(establishment=establishment, name=name)
    assert add_room(as_alice, establishment, {"name": "lac"}).status_code == 400


def test_stranger_cannot_make_a_room(as_bob: Client, establishment: Establishment) -> None:
    assert add_room(as_bob, establishment, {"name": "Étoile"}).status_code == 404
    assert Room.objects.count() == 1
