"""Texts that people type are text wherever they are shown, whatever they look like."""

import io
import json
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from rooms.models import Establishment, Room, RoomImage
from rooms.services import lifecycle
from rooms.tests.conftest import add_photos, card, picture, post_json, room_form, upload
from rooms.tests.payloads import NAMES, PAYLOADS, find_live, find_missing, pack, read_page

SCRIPTS = Path(__file__).resolve().parents[2] / "static" / "admin" / "rooms"
LIST = "/admin/rooms/room/"
ACTION_FORM = {"action": "delete_selected", "index": "0"}


@pytest.fixture
def house(alice: User) -> Establishment:
    """An establishment whose forty rooms are called like the payloads."""
    house = Establishment.objects.create(name="Hôtel Bellevue", owner=alice)
    Room.objects.bulk_create(Room(establishment=house, name=name) for name in PAYLOADS)
    return house


@pytest.fixture
def houses(alice: User) -> list[Establishment]:
    return Establishment.objects.bulk_create(Establishment(name=name, owner=alice) for name in PAYLOADS)


@pytest.fixture
def gallery(room: Room) -> Room:
    """A room with forty photos whose captions are the payloads."""
    (first,) = add_photos(room, 1)
    RoomImage.objects.filter(pk=first.pk).update(caption=PAYLOADS[0])
    RoomImage.objects.bulk_create(
        RoomImage(room=room, image=f"old/{place}.jpg", caption=caption, order=place)
        for place, caption in enumerate(PAYLOADS[1:], start=2)
    )
    return room


def assert_shown(page: str) -> None:
    assert find_missing(page) == []
    assert find_live(page) == []


def test_a_payload_that_lives_would_be_seen() -> None:
    """But for those that only a browser can tell: plain script, form and style elements are ours too."""
    seen = [payload for payload in PAYLOADS if find_live(f'<p title="{payload}">{payload}</p>')]
    assert len(seen) >= 20
    assert find_missing("<p></p>") == PAYLOADS


def test_names_of_rooms_in_the_list(as_alice: Client, house: Establishment) -> None:
    assert_shown(as_alice.get(LIST).text)


def test_names_of_rooms_when_asked_whether_to_delete_them(as_alice: Client, house: Establishment) -> None:
    selected = list(house.rooms.values_list("pk", flat=True))
    assert_shown(as_alice.post(LIST, ACTION_FORM | {"_selected_action": selected}).text)


def test_names_of_removed_rooms(as_alice: Client, alice: User, house: Establishment) -> None:
    lifecycle.remove_rooms(house.rooms.all(), user=alice)
    assert_shown(as_alice.get(f"{LIST}?removed=yes").text)


def test_name_of_an_establishment_that_goes(as_sam: Client, house: Establishment) -> None:
    for name in NAMES:
        Establishment.objects.update(name=name)
        page = as_sam.get(f"/admin/rooms/establishment/{house.pk}/delete/").text
        assert name in "\n".join(read_page(page).texts)
        assert find_live(page) == []


@pytest.mark.parametrize(
    "path", ["/admin/rooms/establishment/", LIST, f"{LIST}add/"], ids=["list", "filter", "choice"]
)
def test_names_of_establishments(as_sam: Client, houses: list[Establishment], path: str) -> None:
    Room.objects.bulk_create(Room(establishment=house, name="Chambre 1") for house in houses)
    assert_shown(as_sam.get(path).text)


@pytest.mark.parametrize("path", ["change/", "history/", "delete/"])
def test_name_of_a_room_on_its_own_pages(as_alice: Client, room: Room, path: str) -> None:
    for name in NAMES:
        Room.objects.update(name=name)
        page = as_alice.get(f"{LIST}{room.pk}/{path}").text
        assert name in "\n".join(read_page(page).texts)
        assert find_live(page) == []


def test_messages_and_history_repeat_names_literally(as_alice: Client, room: Room) -> None:
    for name in NAMES:
        form = room_form(room.establishment, name=name)
        page = as_alice.post(f"{LIST}{room.pk}/change/", form, follow=True).text
        assert name in "\n".join(read_page(page).texts)
        assert find_live(page) == []
    assert find_live(as_alice.get(f"{LIST}{room.pk}/history/").text) == []
    assert find_live(as_alice.get("/admin/").text) == []


def test_captions_in_the_gallery(as_alice: Client, gallery: Room) -> None:
    assert_shown(as_alice.get(f"{LIST}{gallery.pk}/change/").text)


def test_captions_for_who_may_only_look(gallery: Room, guest: Client) -> None:
    assert_shown(guest.get(f"{LIST}{gallery.pk}/change/").text)


@pytest.fixture
def guest(alice: User, as_alice: Client) -> Client:
    """An owner who may look at rooms and photos and change nothing."""
    permissions = Permission.objects.filter(codename__in=("view_room", "view_roomimage"))
    alice.groups.clear()
    alice.user_permissions.set(permissions)
    return as_alice


def test_a_refused_form_shows_what_was_typed(as_alice: Client, room: Room) -> None:
    photos = add_photos(room, 2)
    for text in NAMES:
        form = {"images-TOTAL_FORMS": 2, "images-INITIAL_FORMS": 2}
        form |= card(0, photos[0], caption=text) | card(1, photos[1], caption="x" * 201)
        form = room_form(room.establishment, name=text, capacity="none", description=text, **form)
        page = as_alice.post(f"{LIST}{room.pk}/change/", form, follow=True).text
        assert text in "\n".join(read_page(page).texts)
        assert find_live(page) == []


@pytest.mark.parametrize("query", ["q", "kind__exact", "published__exact", "p", "o", "_changelist_filters"])
def test_queries_are_text_too(as_alice: Client, query: str) -> None:
    for text in pack(1000):
        assert find_live(as_alice.get(LIST, {query: text}, follow=True).text) == []


# --- JSON -----------------------------------------------------------------------------------


def test_captions_in_json_are_what_was_typed_and_no_page(as_alice: Client, gallery: Room) -> None:
    response = as_alice.get(f"/rooms/{gallery.pk}/images/")
    assert [image["caption"] for image in response.json()["images"]] == PAYLOADS
    assert response["Content-Type"] == "application/json"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("text", PAYLOADS)
def test_caption_is_kept_as_it_is(as_alice: Client, room: Room, text: str) -> None:
    photo = add_photos(room, 1)[0]
    response = post_json(as_alice, f"/rooms/{room.pk}/update-image/{photo.pk}/", {"caption": text})
    assert response.json()["image"]["caption"] == text == RoomImage.objects.get().caption


def test_json_inside_the_page_ends_no_script(as_alice: Client, gallery: Room) -> None:
    page = as_alice.get(f"{LIST}{gallery.pk}/change/").text
    blocks = re.findall(r'<script[^>]*type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert blocks
    for block in blocks:
        json.loads(block)
        assert "<" not in block


# --- what comes with a file -----------------------------------------------------------------


@pytest.mark.parametrize("name", PAYLOADS)
def test_name_of_a_file_is_neither_kept_nor_repeated(as_alice: Client, room: Room, name: str) -> None:
    bad = SimpleUploadedFile(f"{name}.jpg", b"no picture", "image/jpeg")
    refused = as_alice.post(f"/rooms/{room.pk}/upload-image/", {"image": bad})
    good = SimpleUploadedFile(f"{name}.jpg", picture(), "text/html")
    accepted = as_alice.post(f"/rooms/{room.pk}/upload-image/", {"image": good})
    assert (refused.status_code, accepted.status_code) == (415, 201)
    assert "xss" not in refused.text + accepted.text + RoomImage.objects.get().image.name


def exif(text: str) -> bytes:
    """A photo that says `text` in every field of EXIF that holds text, and in a comment."""
    tags = Image.Exif()
    for tag in (0x010E, 0x010F, 0x0110, 0x0131, 0x013B, 0x8298):  # what, make, model, software, who, rights
        tags[tag] = text
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48)).save(buffer, "JPEG", exif=tags, comment=text.encode())
    return buffer.getvalue()


def test_text_inside_a_photo_is_gone(as_alice: Client, room: Room) -> None:
    content = exif("".join(PAYLOADS))
    assert content.count(b"__xss") > len(PAYLOADS)
    image = upload(as_alice, room, content).json()["image"]
    assert image["caption"] == ""
    for url in (image["url"], image["thumbnail_url"]):
        assert b"xss" not in as_alice.get(url).content


# --- how our script writes ------------------------------------------------------------------

# Each turns a string into markup, code or an address.
SINKS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|setHTMLUnsafe|srcdoc"
    r"|DOMParser|\beval\(|new Function|set(?:Timeout|Interval)\(\s*[\"'`]|\.on[a-z]+\s*=\s*[\"'`]"
    r"|setAttribute\(\s*[\"']on|\$\(|location(?:\.href)?\s*="
)


@pytest.mark.parametrize("path", sorted(SCRIPTS.glob("*.js")), ids=lambda path: path.name)
def test_scripts_write_text_and_never_markup(path: Path) -> None:
    assert SINKS.findall(path.read_text()) == []


def test_a_sink_would_be_found() -> None:
    for line in (
        "a.innerHTML = b",
        'setTimeout("x()", 1)',
        "a.onclick = 'x()'",
        "location.href = a",
        "location = a",
    ):
        assert SINKS.search(line), line
