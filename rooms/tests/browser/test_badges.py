"""What there is to say about a photo: on its card, following every change, and put away for good."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, expect

from rooms.models import Room
from rooms.tests.browser.barriers import find_barriers
from rooms.tests.browser.gallery_page import GalleryPage
from rooms.tests.test_metrics import scene


@pytest.fixture(scope="session")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two good photos, and the first again in other bytes."""
    folder = tmp_path_factory.mktemp("scenes")
    pictures = {"lit": (scene(1), 90), "bain": (scene(2), 90), "lit-encore": (scene(1), 60)}
    for name, (picture, quality) in pictures.items():
        picture.save(folder / f"{name}.jpg", quality=quality)
    return [folder / f"{name}.jpg" for name in pictures]


@pytest.fixture
def small_one(tmp_path: Path) -> Path:
    scene(3, size=(800, 600)).save(tmp_path / "petite.jpg", quality=90)
    return tmp_path / "petite.jpg"


def badge(gallery: GalleryPage, index: int) -> Locator:
    return gallery.card(index).locator("[data-advice]")


def test_badge_says_why_and_goes_for_good(room_page: GalleryPage, small_one: Path) -> None:
    room_page.choose(small_one)
    room_page.wait_ready(1)
    expect(badge(room_page, 0)).to_contain_text("Petite")
    reason = badge(room_page, 0).get_by_text("800 × 600")
    expect(reason).to_be_hidden()
    room_page.page.keyboard.press("Tab")
    badge(room_page, 0).locator("summary").focus()
    room_page.page.keyboard.press("Enter")
    expect(reason).to_be_visible()
    badge(room_page, 0).get_by_role("button", name="Garder quand même").click()
    expect(badge(room_page, 0)).to_be_hidden()
    expect(room_page.status).to_have_text("La photo est gardée telle quelle.")
    expect(room_page.card(0).locator("[data-action=more]")).to_be_focused()
    room_page.page.reload()
    expect(room_page.cards).to_have_count(1)
    expect(badge(room_page, 0)).to_be_hidden()


def test_what_is_kept_later_adds_to_what_was_kept_before(
    room_page: GalleryPage, room: Room, small_one: Path
) -> None:
    room_page.choose(small_one)
    room_page.wait_ready(1)
    badge(room_page, 0).locator("summary").click()
    badge(room_page, 0).locator("[data-action=keep]").click()
    expect(badge(room_page, 0)).to_be_hidden()
    room_page.page.reload()
    room_page.choose(small_one)
    room_page.wait_ready(2)
    room_page.press("make-cover", 1)
    expect(badge(room_page, 1)).to_contain_text("En double")
    badge(room_page, 1).locator("summary").click()
    badge(room_page, 1).locator("[data-action=keep]").click()
    expect(badge(room_page, 1)).to_be_hidden()
    expect(badge(room_page, 0)).to_contain_text("Petite")
    assert [photo.advice_declined for photo in room.images.all()] == [[], ["duplicate", "small"]]


def test_later_of_two_alike_is_marked_until_one_goes(room_page: GalleryPage, scenes: list[Path]) -> None:
    room_page.choose(*scenes)
    room_page.wait_ready(3)
    expect(badge(room_page, 2)).to_contain_text("En double")
    expect(badge(room_page, 0)).to_be_hidden()
    room_page.wait_until_saved()
    room_page.page.reload()
    expect(room_page.panel).to_have_attribute("data-live", "")
    expect(badge(room_page, 2)).to_contain_text("En double")

    room_page.press("make-cover", 2)
    expect(badge(room_page, 1)).to_contain_text("En double")
    expect(badge(room_page, 0)).to_be_hidden()

    room_page.press("remove", 0)
    expect(badge(room_page, 0)).to_be_hidden()

    room_page.page.locator("[data-action=undo]").click()
    expect(badge(room_page, 1)).to_contain_text("En double")


def test_better_photo_in_its_place_takes_the_badge_away(
    visit: Callable[..., GalleryPage], room: Room, alice: User, small_one: Path, scenes: list[Path]
) -> None:
    gallery = visit(alice, f"/admin/rooms/room/{room.pk}/change/")
    gallery.choose(small_one)
    gallery.wait_ready(1)
    expect(badge(gallery, 0)).to_be_visible()
    gallery.press("more", 0)
    with gallery.page.expect_file_chooser() as chooser:
        gallery.press("replace", 0)
    chooser.value.set_files(scenes[0])
    expect(gallery.status).to_contain_text("Photo remplacée.")
    expect(badge(gallery, 0)).to_be_hidden()


def test_picture_without_a_caption_is_named_by_its_place(room_page: GalleryPage, scenes: list[Path]) -> None:
    room_page.choose(*scenes[:2])
    room_page.wait_ready(2)
    picture = room_page.card(1).locator("[data-thumb]")
    expect(picture).to_have_attribute("alt", "Photo 2")
    room_page.press("make-cover", 1)
    expect(room_page.card(0).locator("[data-thumb]")).to_have_attribute("alt", "Photo 1")
    room_page.caption(0, "Salle de bains")
    room_page.wait_until_saved()
    for _visit in ("just written", "come back to"):
        expect(room_page.card(0).locator("[data-thumb]")).to_have_attribute("alt", "Salle de bains")
        expect(room_page.card(1).locator("[data-thumb]")).to_have_attribute("alt", "Photo 2")
        room_page.page.reload()


def test_opened_badge_and_menu_keep_nobody_out(room_page: GalleryPage, small_one: Path) -> None:
    room_page.choose(small_one)
    room_page.wait_ready(1)
    badge(room_page, 0).locator("summary").click()
    room_page.press("more", 0)
    expect(room_page.card(0).locator("[data-action=replace]")).to_be_visible()
    assert find_barriers(room_page.page) == []
