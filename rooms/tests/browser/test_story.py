"""The main job as one story: from the log-in to a saved room, on a laptop and on a phone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from PIL import Image
from playwright.sync_api import BrowserContext, expect

from rooms.models import Room, RoomImage
from rooms.tests.browser.conftest import session_photos
from rooms.tests.browser.gallery_page import GalleryPage
from rooms.tests.browser.photos import GPS, ORIENTATION, is_upright, number_of
from rooms.tests.conftest import add_photos

PHONE = {"width": 390, "has_touch": True, "device_scale_factor": 2}
WIFI_BYTES_PER_S = 6_000_000


def sign_in(context: BrowserContext, base_url: str) -> GalleryPage:
    page = context.new_page()
    page.goto(f"{base_url}/admin/rooms/room/add/")
    page.fill("[name=username]", "alice")
    page.fill("[name=password]", "pass")
    page.press("[name=password]", "Enter")
    expect(page.locator("[data-gallery][data-live]")).to_be_attached()
    return GalleryPage(page, base_url)


def number_on(photo: RoomImage) -> int:
    with Image.open(photo.image.path) as picture:
        return number_of(picture)


def assert_kept_well(photo: RoomImage, number: int) -> None:
    """Upright, of the size we keep, with its smaller versions, and without a trace of where it was taken."""
    with Image.open(photo.image.path) as master:
        assert (master.format, master.size) == ("JPEG", (2880, 2160))
        assert is_upright(master)
        assert number_of(master) == number
    kept = Path(photo.image.path)
    # By name: a folder is shared by all photos whose random names begin alike.
    files = sorted(kept.parent.glob(f"{kept.stem}*"))
    assert len(files) == 4
    for path in files:
        with Image.open(path) as picture:
            assert is_upright(picture)
            assert not picture.getexif().get_ifd(GPS)
            assert ORIENTATION not in picture.getexif()
        assert b"Exif" not in path.read_bytes()[:4096]


@pytest.mark.parametrize("device", [{}, PHONE], ids=["laptop", "phone"])
def test_owner_adds_a_room_with_six_photos(
    new_context: Callable[..., BrowserContext],
    live_server: Any,
    room: Room,
    phone_photos: list[Path],
    media_root: Path,
    device: dict[str, Any],
) -> None:
    gallery = sign_in(new_context(**device), live_server.url)
    gallery.watch()
    gallery.slow_down(WIFI_BYTES_PER_S)

    gallery.drop(*phone_photos)
    expect(gallery.cards).to_have_count(6)
    gallery.caption(2, "La vue du balcon")  # before it is up
    gallery.wait_ready(6)
    gallery.slow_down(0)

    seen = gallery.seen()
    assert seen["atOnce"] == 3
    assert len(seen["shares"]) == 6
    assert all(any(0 < share < 100 for share in shares) for shares in seen["shares"].values())
    assert seen["checking"] > 0

    gallery.caption(0, "Le lit")
    gallery.drag(0, onto=1)
    gallery.press("move-earlier", 3)
    gallery.press("remove", 5)
    expect(gallery.cards).to_have_count(5)
    gallery.press("make-cover", 4)
    gallery.wait_until_saved()
    order = [4, 1, 0, 3, 2]
    temporary = RoomImage.objects.filter(room=None)
    assert [number_on(photo) for photo in temporary] == order
    assert gallery.ids() == [photo.pk for photo in temporary]
    assert sorted(session_photos()) == sorted(photo.pk for photo in temporary)

    gallery.save()  # no name, no hotel
    expect(gallery.page.locator(".errornote").first).to_be_visible()
    assert gallery.ids() == [photo.pk for photo in temporary]
    assert gallery.captions() == ["", "", "Le lit", "", "La vue du balcon"]

    gallery.page.select_option("[name=establishment]", str(room.establishment_id))
    gallery.page.fill("[name=name]", "Chambre bleue")
    gallery.save()
    gallery.page.wait_for_url("**/admin/rooms/room/")

    saved = list(Room.objects.get(name="Chambre bleue").images.all())
    assert [(photo.order, photo.caption) for photo in saved] == [
        (1, ""),
        (2, ""),
        (3, "Le lit"),
        (4, ""),
        (5, "La vue du balcon"),
    ]
    for photo, number in zip(saved, order, strict=True):
        assert_kept_well(photo, number)
    assert session_photos() == []
    assert not RoomImage.objects.filter(room=None).exists()


def test_owner_changes_the_photos_of_a_room(
    visit: Callable[..., GalleryPage], room: Room, alice: User, phone_photos: list[Path]
) -> None:
    first, second, third = add_photos(room, 3)
    gallery = visit(alice, f"/admin/rooms/room/{room.pk}/change/")

    gallery.choose(*phone_photos[:3])
    gallery.wait_ready(6)
    gallery.caption(1, "Le bureau")
    gallery.caption(5, "La terrasse")
    gallery.drag(5, onto=0)
    gallery.press("move-later", 1)
    gallery.press("remove", 3)
    gallery.wait_until_saved()

    # Every change is live: nobody has pressed Save yet.
    live = [(photo.order, photo.caption) for photo in room.images.all()]
    assert live == [(1, "La terrasse"), (2, "Le bureau"), (3, "Photo 1"), (4, ""), (5, "")]
    assert [photo.pk for photo in room.images.all()][1:3] == [second.pk, first.pk]
    assert not room.images.filter(pk=third.pk).exists()

    # What happens elsewhere meanwhile is not undone by this page's Save.
    room.images.filter(pk=first.pk).update(caption="Changé ailleurs")
    gallery.page.fill("[name=name]", "")
    gallery.save()
    expect(gallery.page.locator(".errornote").first).to_be_visible()
    gallery.page.fill("[name=name]", "Chambre verte")
    gallery.save()
    gallery.page.wait_for_url("**/admin/rooms/room/")
    saved = [(photo.order, photo.caption) for photo in room.images.all()]
    assert saved == [(1, "La terrasse"), (2, "Le bureau"), (3, "Changé ailleurs"), (4, ""), (5, "")]
    room.refresh_from_db()
    assert room.name == "Chambre verte"
    for photo, number in zip([p for p in room.images.all() if p.width == 2880], [2, 0, 1], strict=True):
        assert_kept_well(photo, number)
