"""A photo large, over the page: by mouse and by keyboard, nearer, and back to where one was."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, expect

from rooms.models import Room
from rooms.tests.browser.gallery_page import GalleryPage
from rooms.tests.conftest import add_photos


@pytest.fixture
def gallery(visit: Callable[..., GalleryPage], room: Room, alice: User) -> GalleryPage:
    add_photos(room, 3)
    return visit(alice, f"/admin/rooms/room/{room.pk}/change/")


@pytest.fixture
def dialog(gallery: GalleryPage) -> Locator:
    return gallery.page.get_by_role("dialog")


def test_keys_lead_through_the_photos_and_back(gallery: GalleryPage, dialog: Locator) -> None:
    opener = gallery.page.get_by_role("button", name="Voir la photo 2 en grand")
    opener.focus()
    keyboard = gallery.page.keyboard
    keyboard.press("Enter")
    expect(dialog.get_by_role("img")).to_have_accessible_name("Photo 2")
    for key, place in (
        ("ArrowRight", 3),
        ("ArrowRight", 3),
        ("ArrowLeft", 2),
        ("Home", 1),
        ("ArrowLeft", 1),
        ("End", 3),
    ):
        keyboard.press(key)
        expect(dialog).to_contain_text(f"Photo {place} sur 3")
        expect(dialog.get_by_role("img")).to_have_accessible_name(f"Photo {place}")
    expect(dialog.get_by_role("button", name="Photo suivante")).to_have_attribute("aria-disabled", "true")
    keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_click_shows_the_photo_and_a_second_one_comes_nearer(gallery: GalleryPage, dialog: Locator) -> None:
    gallery.card(0).locator("[data-thumb]").click()
    picture = dialog.get_by_role("img")
    zoom = dialog.get_by_role("button", name="Zoom")
    expect(picture).to_be_visible()
    picture.click()
    expect(zoom).to_have_attribute("aria-pressed", "true")
    near = picture.bounding_box()
    assert near
    assert near["width"] > 1280
    gallery.page.keyboard.press("ArrowRight")  # scrolls
    expect(dialog).to_contain_text("Photo 1 sur 3")
    zoom.click()
    expect(zoom).to_have_attribute("aria-pressed", "false")
    dialog.get_by_role("button", name="Photo suivante").click()
    expect(dialog).to_contain_text("Photo 2 sur 3")
    dialog.get_by_role("button", name="Fermer").click()
    expect(dialog).to_be_hidden()
    expect(gallery.card(0).locator("[data-action=view]")).to_be_focused()


def test_a_drag_opens_nothing(gallery: GalleryPage, dialog: Locator) -> None:
    gallery.drag(0, onto=1)
    gallery.wait_until_saved()
    expect(dialog).to_be_hidden()


def test_a_photo_just_added_is_shown_in_full(
    room_page: GalleryPage, room: Room, phone_photos: list[Path]
) -> None:
    room_page.choose(phone_photos[0])
    room_page.wait_ready(1)
    expect(room_page.card(0).locator("[data-thumb]")).to_have_attribute(
        "src", room.images.get().thumbnail_url
    )
    assert room_page.card(0).locator("[data-thumb]").get_attribute("srcset") == room.images.get().srcset
    room_page.press("view", 0)
    picture = room_page.page.get_by_role("dialog").get_by_role("img", name="Photo 1")
    room_page.page.wait_for_function("() => document.querySelector('[data-view=picture]').naturalWidth > 0")
    assert picture.evaluate("image => image.currentSrc").endswith("_1280.webp")
    room_page.page.get_by_role("button", name="Zoom").click()
    room_page.page.wait_for_function(
        "() => document.querySelector('[data-view=picture]').naturalWidth === 2880"
    )
