"""Captions are read whole and written wherever the photo is seen: on its card, and large."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, expect

from rooms.models import Room, RoomImage
from rooms.tests.browser.gallery_page import GalleryPage
from rooms.tests.conftest import add_photos

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
FIFTY = "La grande chambre aux deux lits et la vue sur mer."
HIDDEN_PX = "one => Math.max(one.scrollHeight - one.clientHeight, one.scrollWidth - one.clientWidth)"
LINES_OF = """(field, text) => {
  field.value = text;
  return field.clientHeight / parseFloat(getComputedStyle(field).lineHeight);
}"""
FONT_PX = "field => parseFloat(getComputedStyle(field).fontSize)"


@pytest.fixture
def dialog(gallery: GalleryPage) -> Locator:
    return gallery.page.get_by_role("dialog")


@pytest.fixture
def large_caption(dialog: Locator) -> Locator:
    return dialog.get_by_role("textbox", name="Légende")


@pytest.mark.parametrize("width", [390, 768, 1360, 2560])
def test_fifty_characters_are_seen_whole(
    visit: Callable[..., GalleryPage], room: Room, alice: User, width: int
) -> None:
    assert len(FIFTY) == 50
    photos = add_photos(room, 3)
    RoomImage.objects.filter(pk=photos[0].pk).update(caption=FIFTY)
    options = PHONE if width == 390 else {"width": width}
    gallery = visit(alice, f"/admin/rooms/room/{room.pk}/change/", **options)
    caption = gallery.card(0).locator("[data-caption]")
    assert caption.evaluate(HIDDEN_PX) == 0
    gallery.caption(1, FIFTY)
    gallery.wait_until_saved()
    assert gallery.card(1).locator("[data-caption]").evaluate(HIDDEN_PX) == 0
    if width == 390:
        assert caption.evaluate(FONT_PX) >= 16  # an iPhone zooms into what is smaller
    else:
        box = gallery.card(0).bounding_box()
        assert box
        assert box["width"] >= 240


def test_more_photos_stand_in_a_row_on_a_wide_screen(
    visit: Callable[..., GalleryPage], room: Room, alice: User
) -> None:
    add_photos(room, 10)
    gallery = visit(alice, f"/admin/rooms/room/{room.pk}/change/", width=2560)
    tops = gallery.cards.evaluate_all("cards => cards.map(card => card.getBoundingClientRect().top)")
    assert tops.count(tops[0]) >= 8
    assert gallery.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_pasted_lines_become_one(gallery: GalleryPage, ids: list[int]) -> None:
    gallery.caption(0, "Lit double\n\nvue sur mer")
    gallery.wait_until_saved()
    assert RoomImage.objects.get(pk=ids[0]).caption == "Lit double vue sur mer"


def test_caption_is_written_where_the_photo_is_large(
    gallery: GalleryPage, ids: list[int], large_caption: Locator
) -> None:
    gallery.press("view", 0)
    large_caption.fill("Le lit")
    large_caption.press("ArrowLeft")  # goes through the text, and not to another photo
    large_caption.press("Enter")
    expect(gallery.page.get_by_role("dialog")).to_contain_text("Photo 2 sur 4")
    expect(large_caption).to_be_focused()
    large_caption.fill("La douche")
    gallery.page.keyboard.press("Escape")
    gallery.wait_until_saved()
    assert gallery.captions()[:2] == ["Le lit", "La douche"]
    saved = RoomImage.objects.in_bulk(ids)
    assert [saved[photo_id].caption for photo_id in ids[:2]] == ["Le lit", "La douche"]


def test_finger_turns_the_pages_of_the_large_view(
    visit: Callable[..., GalleryPage], room: Room, alice: User
) -> None:
    add_photos(room, 3)
    gallery = visit(alice, f"/admin/rooms/room/{room.pk}/change/", **PHONE)
    gallery.press("view", 0)
    dialog = gallery.page.get_by_role("dialog")
    wire = gallery.page.context.new_cdp_session(gallery.page)

    def swipe(by_px: int) -> None:
        def touch(kind: str, points: list[dict[str, float]]) -> None:
            wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        touch("touchStart", [{"x": 200, "y": 400}])
        for step in range(1, 6):
            touch("touchMove", [{"x": 200 + by_px * step / 5, "y": 400}])
        touch("touchEnd", [])

    for by_px, place in ((-120, 2), (-20, 2), (-120, 3), (-120, 3), (120, 2)):
        swipe(by_px)
        expect(dialog).to_contain_text(f"Photo {place} sur 3")
    expect(gallery.page.locator("[data-view=stage]")).not_to_have_attribute("data-zoomed", "")


def test_what_is_rarer_opens_over_the_page_and_moves_nothing(gallery: GalleryPage, ids: list[int]) -> None:
    before = gallery.cards.evaluate_all("cards => cards.map(card => card.getBoundingClientRect().height)")
    gallery.press("more", 0)
    sheet = gallery.card(0).locator("[data-more]")
    opener = gallery.card(0).locator("[data-action=more]")
    expect(sheet).to_be_visible()
    expect(opener).to_have_attribute("aria-expanded", "true")
    after = gallery.cards.evaluate_all("cards => cards.map(card => card.getBoundingClientRect().height)")
    assert after == before
    gallery.page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")
    gallery.press("more", 0)
    gallery.press("more", 0)
    expect(sheet).to_be_hidden()


@pytest.mark.parametrize("width", [390, 1280])
def test_field_grows_to_four_lines_and_scrolls_from_there(
    visit: Callable[..., GalleryPage], room: Room, alice: User, width: int
) -> None:
    photo = add_photos(room, 1)[0]
    RoomImage.objects.filter(pk=photo.pk).update(caption="Un lit double face à la mer. " * 6)
    gallery = visit(alice, f"/admin/rooms/room/{room.pk}/change/", width=width, has_touch=width < 640)
    field = gallery.page.locator("[data-caption]")
    heights = [field.evaluate(LINES_OF, "m" * count) for count in (1, 60, 200)]
    assert heights == sorted(heights)
    assert 4 <= heights[-1] < 5
    field.fill("Un lit double face à la mer. " * 6)
    field.press("End")
    assert field.evaluate("one => one.scrollTop") > 0
