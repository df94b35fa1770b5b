"""Moving photos without dragging, and taking a move back."""

import re

import pytest
from playwright.sync_api import expect

from rooms.models import Room
from rooms.tests.browser.gallery_page import GalleryPage


def assert_order(gallery: GalleryPage, room: Room, order: list[int]) -> None:
    """On the screen, and once it is saved in the database."""
    assert gallery.ids() == order
    gallery.wait_until_saved()
    assert [photo.pk for photo in room.images.all()] == order


@pytest.mark.parametrize("modifier", ["", "Alt+", "Control+Shift+", "Control+"])
def test_arrows_on_the_handle_move_the_photo(
    gallery: GalleryPage, room: Room, ids: list[int], modifier: str
) -> None:
    first, second, third, fourth = ids
    handle = gallery.page.get_by_role("slider", name="Place de la photo 2")
    handle.focus()
    for key, place in (("ArrowRight", 3), ("ArrowDown", 4), ("ArrowLeft", 3), ("ArrowUp", 2), ("End", 4)):
        gallery.page.keyboard.press(modifier + key)
        expect(gallery.status).to_have_text(f"Photo {place} sur 4")
        moved = gallery.card(place - 1).locator("[data-grip]")
        expect(moved).to_be_focused()
        expect(moved).to_have_attribute("aria-valuenow", str(place))
    assert_order(gallery, room, [first, third, fourth, second])
    gallery.page.keyboard.press(modifier + "Home")
    expect(gallery.card(0).locator("[data-grip]")).to_be_focused()
    assert_order(gallery, room, [second, first, third, fourth])


def test_handle_says_how_it_is_used(gallery: GalleryPage) -> None:
    expect(gallery.card(0).get_by_role("slider")).to_have_accessible_description(re.compile("flèches"))
    expect(gallery.page.get_by_text("flèches")).to_be_visible()


def test_place_is_chosen_from_a_list(gallery: GalleryPage, room: Room, ids: list[int]) -> None:
    first, second, third, fourth = ids
    gallery.page.get_by_role("combobox", name="Déplacer la photo 4 à la place").select_option("2")
    expect(gallery.status).to_have_text("Photo 2 sur 4")
    places = gallery.cards.get_by_role("combobox", name="à la place")
    expect(places.nth(1)).to_be_focused()
    assert places.evaluate_all("all => all.map(one => one.value)") == ["1", "2", "3", "4"]
    assert_order(gallery, room, [first, fourth, second, third])


def test_places_of_a_translated_page_are_the_same_places(
    gallery: GalleryPage, room: Room, ids: list[int]
) -> None:
    """Browsers that translate a page put the digits of other scripts into what is shown."""
    gallery.page.evaluate(
        """() => document.querySelectorAll("[data-place] option").forEach((option) => {
             option.textContent = "۰۱۲۳۴"[option.index + 1];
           })"""
    )
    gallery.card(3).locator("[data-place]").select_option(label="۲")
    gallery.wait_until_saved()
    assert gallery.ids() == [ids[0], ids[3], ids[1], ids[2]] == [photo.pk for photo in room.images.all()]


def test_moves_of_one_photo_are_taken_back_together(gallery: GalleryPage, room: Room, ids: list[int]) -> None:
    gallery.press("move-later", 0)
    gallery.press("move-later", 1)
    gallery.wait_until_saved()
    gallery.page.locator("[data-action=undo]").click()
    expect(gallery.card(0).locator("[data-grip]")).to_be_focused()
    assert_order(gallery, room, ids)


def test_a_drag_is_taken_back_by_keyboard(gallery: GalleryPage, room: Room, ids: list[int]) -> None:
    gallery.drag(0, onto=1)
    expect(gallery.page.locator("[data-notice]")).to_be_visible()
    assert gallery.ids() != ids
    gallery.card(0).locator("[data-grip]").focus()
    gallery.page.keyboard.press("Control+z")
    expect(gallery.page.locator("[data-notice]")).to_be_hidden()
    assert_order(gallery, room, ids)


def test_keys_in_a_caption_take_back_what_was_typed(gallery: GalleryPage, room: Room, ids: list[int]) -> None:
    gallery.press("move-later", 0)
    gallery.card(0).locator("[data-caption]").focus()
    gallery.page.keyboard.press("Control+z")
    assert_order(gallery, room, [ids[1], ids[0], *ids[2:]])


def test_a_photo_moved_to_where_it_was_leaves_nothing_to_take_back(gallery: GalleryPage) -> None:
    gallery.press("move-later", 0)
    expect(gallery.page.locator("[data-notice]")).to_be_visible()
    gallery.press("move-earlier", 1)
    expect(gallery.page.locator("[data-notice]")).to_be_hidden()


def test_undo_takes_back_what_was_done_last(gallery: GalleryPage, room: Room, ids: list[int]) -> None:
    _first, second, third, fourth = ids
    gallery.press("remove", 0)
    gallery.press("move-later", 0)
    gallery.page.locator("[data-action=undo]").click()
    assert_order(gallery, room, [second, third, fourth])
    gallery.press("move-later", 0)
    gallery.press("remove", 2)
    gallery.page.locator("[data-action=undo]").click()
    expect(gallery.cards).to_have_count(3)
    assert_order(gallery, room, [third, second, fourth])
