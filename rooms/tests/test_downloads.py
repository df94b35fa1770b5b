"""The addresses of photos as a ZIP: what is in it, who gets it, and how it is sent."""

import urllib.parse
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import translation

from rooms.models import Channel, Establishment, Room, RoomImage
from rooms.models.photo import photo_storage
from rooms.tests.conftest import add_photos, signed_in
from rooms.tests.transfer import Files, photo, unpack


@pytest.fixture
def full_room(room: Room) -> Room:
    for number in (1, 2, 3):
        RoomImage.objects.create(room=room, image=ContentFile(photo(number), "a.jpg"), kind="bed")
    return room


def address(thing: Room | Establishment, query: str = "") -> str:
    return f"/admin/rooms/{thing._meta.model_name}/{thing.pk}/photos.zip{query}"


def download(client: Client, thing: Room | Establishment, query: str = "") -> Files:
    response = client.get(address(thing, query))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/zip"
    return unpack(b"".join(response.streaming_content))


def test_room_is_downloaded(as_alice: Client, full_room: Room) -> None:
    files = download(as_alice, full_room)
    assert [content for name, content in files.items() if name.endswith(".jpg")] == [
        photo(1),
        photo(2),
        photo(3),
    ]
    assert next(iter(files)) == f"{full_room.name}/01-lit.jpg"
    assert list(files)[-1] == "photos.csv"


def test_establishment_is_downloaded(as_alice: Client, full_room: Room, establishment: Establishment) -> None:
    other = Room.objects.create(establishment=establishment, name="Autre", number="7")
    add_photos(other, 1)
    Room.objects.create(establishment=establishment, name="Vide")
    files = download(as_alice, establishment)
    assert {name.split("/")[0] for name in files} == {"7", full_room.name, "photos.csv"}


def test_without_photos_there_is_the_table_alone(as_alice: Client, room: Room) -> None:
    assert list(download(as_alice, room)) == ["photos.csv"]


def test_only_attached_photos_are_in_it(as_alice: Client, full_room: Room) -> None:
    as_alice.post(f"/rooms/{full_room.pk}/delete-image/{full_room.images.first().pk}/")
    assert sum(name.endswith(".jpg") for name in download(as_alice, full_room)) == 2


def test_channel_has_a_report(as_alice: Client, full_room: Room, establishment: Establishment) -> None:
    with translation.override("fr"):
        said = download(as_alice, establishment, "?channel=booking")["report.txt"].decode()
    assert full_room.name in said
    assert "Booking.com" in said
    assert "Ajoutez" in said


@pytest.mark.parametrize("slug", ["nowhere", "", "booking'--"])
def test_unknown_channel_is_not_found(as_alice: Client, full_room: Room, slug: str) -> None:
    assert as_alice.get(address(full_room, f"?channel={slug}")).status_code == 404


def test_inactive_channel_is_not_found(as_alice: Client, full_room: Room) -> None:
    Channel.objects.filter(slug="booking").update(active=False)
    assert as_alice.get(address(full_room, "?channel=booking")).status_code == 404


def test_stranger_cannot_download(as_bob: Client, full_room: Room, establishment: Establishment) -> None:
    for thing in (full_room, establishment):
        for query in ("", "?channel=booking"):
            assert as_bob.get(address(thing, query)).status_code == 404


def test_nothing_is_changed_by_asking_otherwise(as_alice: Client, full_room: Room) -> None:
    assert as_alice.post(address(full_room)).status_code == 405


@pytest.mark.parametrize("name", ["Hôtel “L’Été”", 'a"b\\c;d', "客室", "x\r\nSet-Cookie: a=b", "é" * 120])
def test_name_of_the_file_is_ascii_and_as_it_is(as_alice: Client, full_room: Room, name: str) -> None:
    Room.objects.filter(pk=full_room.pk).update(name=name)
    response = as_alice.get(address(full_room))
    header = response["Content-Disposition"]
    assert header.isascii()
    assert header.startswith('attachment; filename="')
    assert header.count('"') == 2
    whole = urllib.parse.unquote(header.split("filename*=UTF-8''")[1])
    assert whole == "".join(filter(str.isprintable, name)) + ".zip"


def test_first_bytes_come_before_the_last_file_is_read(as_alice: Client, full_room: Room) -> None:
    response = as_alice.get(address(full_room))
    parts = iter(response.streaming_content)
    first = next(parts)
    assert first.startswith(b"PK")
    photo_storage().delete(full_room.images.last().file_name)
    files = unpack(first + b"".join(parts))
    assert sum(name.endswith(".jpg") for name in files) == 2


def test_missing_file_is_told_and_the_zip_is_whole(as_alice: Client, full_room: Room) -> None:
    photo_storage().delete(full_room.images.first().file_name)
    files = download(as_alice, full_room)
    assert sum(name.endswith(".jpg") for name in files) == 2
    assert "01-lit.jpg" in files["report.txt"].decode()


def test_one_download_at_a_time(as_alice: Client, as_sam: Client, full_room: Room) -> None:
    first = iter(as_alice.get(address(full_room)).streaming_content)
    next(first)
    second = as_alice.get(address(full_room))
    assert second.status_code == 429
    assert "encore en cours" in second.text
    assert int(second["Retry-After"]) > 0
    download(as_sam, full_room)  # others do not wait
    b"".join(first)
    download(as_alice, full_room)


@pytest.mark.parametrize("is_begun", [True, False])
def test_who_goes_away_may_come_again(as_alice: Client, full_room: Room, is_begun: bool) -> None:
    response = as_alice.get(address(full_room))
    if is_begun:
        next(iter(response.streaming_content))
    for close in response._resource_closers:  # what a server does; the test's connection is to stay
        close()
    download(as_alice, full_room)


# --- from the list, and links ---------------------------------------------------------------


def choose(client: Client, *rooms: Room) -> Any:
    data = {"action": "download_photos", "_selected_action": [room.pk for room in rooms]}
    return client.post("/admin/rooms/room/", data)


def test_chosen_rooms_are_downloaded(as_alice: Client, full_room: Room, establishment: Establishment) -> None:
    other = Room.objects.create(establishment=establishment, name="Autre")
    add_photos(other, 1)
    Room.objects.create(establishment=establishment, name="Troisième")
    files = unpack(b"".join(choose(as_alice, full_room, other).streaming_content))
    assert {name.split("/")[0] for name in files} == {full_room.name, "Autre", "photos.csv"}


def test_chosen_rooms_of_several_establishments_have_a_folder_each(
    as_sam: Client, full_room: Room, bobs_room: Room
) -> None:
    add_photos(bobs_room, 1)
    files = unpack(b"".join(choose(as_sam, full_room, bobs_room).streaming_content))
    assert {name.split("/")[0] for name in files} == {"Hôtel Bellevue", "Auberge du Lac", "photos.csv"}


def test_stranger_cannot_choose(as_bob: Client, full_room: Room) -> None:
    response = choose(as_bob, full_room)
    assert (response.status_code, response.streaming) == (302, False)


def test_pages_lead_to_the_download(as_alice: Client, full_room: Room, establishment: Establishment) -> None:
    for thing in (full_room, establishment):
        page = as_alice.get(f"/admin/rooms/{thing._meta.model_name}/{thing.pk}/change/").text
        assert f'href="{address(thing)}"' in page
        assert "Télécharger les photos (ZIP)" in page


def test_pages_without_photos_lead_to_none(root: Any, media_root: Path) -> None:
    channel = Channel.objects.first()
    page = signed_in(root).get(f"/admin/rooms/channel/{channel.pk}/change/")
    assert page.status_code == 200
    assert "photos.zip" not in page.text
