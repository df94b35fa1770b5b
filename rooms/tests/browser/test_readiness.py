"""What a photo shows, and what booking channels ask for: told on the page, live, and helped along."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, expect

from rooms.models import Channel, Room, RoomImage
from rooms.tests.browser.gallery_page import GalleryPage
from rooms.tests.browser.photos import make_phone_photo

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

BATHROOM = [{"kind": "bathroom", "number": 1}]


@pytest.fixture(autouse=True)
def channels(transactional_db: None) -> None:
    """A live server's tests empty the database, and with it what a migration has put there."""
    for slug in ("booking", "expedia"):
        values = {"name": slug.title(), "min_photos": 4, "min_width": 0, "min_height": 0, "needs": BATHROOM}
        Channel.objects.update_or_create(slug=slug, defaults=values)


def kind_of(gallery: GalleryPage, index: int) -> Locator:
    return gallery.card(index).locator("[data-kind-choice]")


def slot(gallery: GalleryPage, kind: str) -> Locator:
    return gallery.panel.locator(f"[data-slot][data-kind={kind}]")


def channel(gallery: GalleryPage, slug: str) -> Locator:
    return gallery.page.locator(f"[data-channel={slug}]")


def test_kind_is_saved_at_once(gallery: GalleryPage, ids: list[int]) -> None:
    kind_of(gallery, 1).select_option("bathroom")
    gallery.wait_until_saved()
    assert RoomImage.objects.get(pk=ids[1]).kind == "bathroom"


def test_kind_follows_from_a_caption_and_never_from_a_second_one(
    gallery: GalleryPage, ids: list[int]
) -> None:
    gallery.caption(0, "Lit double")
    expect(kind_of(gallery, 0)).to_have_value("bed")
    gallery.caption(0, "La douche")
    gallery.wait_until_saved()
    expect(kind_of(gallery, 0)).to_have_value("bed")
    assert RoomImage.objects.get(pk=ids[0]).kind == "bed"


def test_kind_of_a_photo_stands_for_it_where_it_is_not_seen(
    gallery: GalleryPage, room: Room, ids: list[int]
) -> None:
    RoomImage.objects.filter(pk=ids[2]).update(caption="", kind="")
    gallery.page.reload()
    expect(gallery.page.locator("[data-gallery][data-live]")).to_be_attached()
    kind_of(gallery, 2).select_option("bathroom")
    thumb = gallery.card(2).locator("[data-thumb]")
    expect(thumb).to_have_attribute("alt", f"Salle de bain, {room}")
    gallery.page.reload()
    expect(thumb).to_have_attribute("alt", f"Salle de bain, {room}")


def test_selected_photos_are_given_one_kind_and_get_theirs_back(
    gallery: GalleryPage, room: Room, ids: list[int]
) -> None:
    RoomImage.objects.filter(pk=ids[0]).update(kind="bed")
    gallery.page.reload()
    gallery.page.locator("[data-action=select-photos]").click()
    gallery.press("select", 0)
    gallery.press("select", 1)
    gallery.page.locator("[data-group-kind]").select_option("view")
    expect(kind_of(gallery, 1)).to_have_value("view")
    gallery.wait_until_saved()
    assert list(room.images.values_list("kind", flat=True))[:2] == ["view", "view"]
    gallery.page.locator("[data-action=undo]").click()
    gallery.wait_until_saved()
    assert list(room.images.values_list("kind", flat=True))[:2] == ["bed", ""]


def test_photo_that_lands_in_a_slot_has_its_kind(
    room_page: GalleryPage, room: Room, small_photos: list[Path]
) -> None:
    slot(room_page, "bathroom").locator("input[type=file]").set_input_files(small_photos[0])
    room_page.wait_ready(1)
    expect(slot(room_page, "bathroom")).to_have_count(0)
    assert room.images.get().kind == "bathroom"
    expect(kind_of(room_page, 0)).to_have_value("bathroom")


def test_slot_comes_back_with_what_is_missing(gallery: GalleryPage, ids: list[int]) -> None:
    kind_of(gallery, 0).select_option("bathroom")
    expect(slot(gallery, "bathroom")).to_have_count(0)
    gallery.press("remove", 0)
    expect(slot(gallery, "bathroom")).to_be_visible()
    gallery.page.locator("[data-action=undo]").click()
    expect(slot(gallery, "bathroom")).to_have_count(0)


def test_slot_that_was_sent_away_stays_away(room_page: GalleryPage) -> None:
    slot(room_page, "bathroom").locator("[data-action=dismiss-slot]").click()
    expect(slot(room_page, "bathroom")).to_have_count(0)
    room_page.page.reload()
    expect(room_page.page.locator("[data-gallery][data-live]")).to_be_attached()
    expect(slot(room_page, "bathroom")).to_have_count(0)


def test_channel_says_what_to_do_next_and_leads_there(
    room_page: GalleryPage, small_photos: list[Path]
) -> None:
    Channel.objects.filter(slug="booking").update(min_photos=0)
    room_page.page.reload()
    expect(room_page.page.locator("[data-gallery][data-live]")).to_be_attached()
    line = channel(room_page, "booking")
    expect(line).to_have_attribute("data-ready", "false")
    line.locator("[data-action=channel-step]").click()
    expect(slot(room_page, "bathroom").locator("input")).to_be_focused()
    slot(room_page, "bathroom").locator("input").set_input_files(small_photos[0])
    expect(line).to_have_attribute("data-ready", "true")


def test_owner_on_a_phone_makes_a_room_ready_with_four_photos(
    visit: Callable[..., GalleryPage], room: Room, alice: User, tmp_path: Path
) -> None:
    photos = [make_phone_photo(tmp_path / f"{n}.jpg", n, 1) for n in range(4)]
    gallery = visit(alice, f"/admin/rooms/room/{room.pk}/change/", **PHONE)
    assert gallery.page.evaluate("document.documentElement.scrollWidth") == 390
    touches = 0
    for photo in photos:
        slots = gallery.panel.locator("[data-slot] input[type=file]")
        where = slots.first if slots.count() else gallery.page.locator("[data-photo-input]")
        where.set_input_files(photo)
        touches += 1
        gallery.wait_ready(touches)
        gallery.page.wait_for_timeout(600)  # what the channels say is asked for after each change
    for slug in ("booking", "expedia"):
        line = channel(gallery, slug)
        words = line.inner_text()
        assert line.get_attribute("data-ready") == "true", words
        assert line.get_attribute("data-needs") == "0"
    assert touches <= 6
