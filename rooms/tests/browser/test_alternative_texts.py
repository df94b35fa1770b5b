"""What stands for a photo where it is not seen: written, saved at once, and never taken for the caption."""

from pathlib import Path

from playwright.sync_api import Locator, expect

from rooms.models import Room, RoomImage
from rooms.tests.browser.bad_server import refuse
from rooms.tests.browser.gallery_page import GalleryPage
from rooms.tests.browser.test_editing import replace, thumb
from rooms.tests.conftest import add_photos


def alternative(gallery: GalleryPage, index: int) -> Locator:
    return gallery.page.get_by_role("textbox", name=f"Texte alternatif de la photo {index + 1}")


def test_what_stands_for_a_photo_is_written_and_saved(
    gallery: GalleryPage, ids: list[int], room: Room
) -> None:
    gallery.press("more", 0)
    expect(thumb(gallery, 0)).to_have_attribute("alt", "Photo 1")
    alternative(gallery, 0).fill("Un lit sous une fenêtre")
    gallery.page.keyboard.press("Enter")
    expect(thumb(gallery, 0)).to_have_attribute("alt", "Un lit sous une fenêtre")
    gallery.wait_until_saved()
    assert RoomImage.objects.get(pk=ids[0]).alternative_text == "Un lit sous une fenêtre"

    gallery.page.reload()
    gallery.press("more", 0)
    expect(alternative(gallery, 0)).to_have_value("Un lit sous une fenêtre")
    alternative(gallery, 0).fill("")
    gallery.save()
    gallery.page.wait_for_url("**/admin/rooms/room/")
    assert RoomImage.objects.get(pk=ids[0]).alternative_text == ""


def test_text_that_could_not_be_saved_is_said_and_stays(gallery: GalleryPage, ids: list[int]) -> None:
    gallery.page.route("**/update-image/*/", refuse(400, "invalid_request"), times=1)
    gallery.press("more", 1)
    alternative(gallery, 1).fill("Une table")
    gallery.page.keyboard.press("Tab")
    expect(gallery.errors).to_have_count(1)
    expect(alternative(gallery, 1)).to_have_attribute("aria-invalid", "true")
    alternative(gallery, 1).fill("Une table ronde")
    gallery.page.keyboard.press("Tab")
    expect(gallery.errors).to_have_count(0)
    assert RoomImage.objects.get(pk=ids[1]).alternative_text == "Une table ronde"


def test_text_of_a_photo_that_came_from_elsewhere_is_known(
    gallery: GalleryPage, ids: list[int], room: Room
) -> None:
    RoomImage.objects.filter(pk=add_photos(room, 1)[0].pk).update(alternative_text="Un balcon")
    gallery.press("move-later", 0)  # the order is no longer the gallery's: the page learns of the fifth
    expect(gallery.cards).to_have_count(5)
    expect(thumb(gallery, 4)).to_have_attribute("alt", "Un balcon")


def test_photo_that_comes_back_into_its_place_has_its_own_text_again(
    gallery: GalleryPage, ids: list[int], small_photos: list[Path]
) -> None:
    RoomImage.objects.filter(pk=ids[0]).update(alternative_text="Un lit")
    gallery.page.reload()
    replace(gallery, 0, small_photos[0])
    expect(gallery.status).to_contain_text("remplacée")
    gallery.press("more", 0)
    expect(alternative(gallery, 0)).to_have_value("Un lit")
    alternative(gallery, 0).fill("Une table")
    gallery.wait_until_saved()
    gallery.page.locator("[data-action=undo]").click()
    gallery.press("more", 0)
    expect(alternative(gallery, 0)).to_have_value("Un lit")
    expect(thumb(gallery, 0)).to_have_attribute("alt", "Un lit")
    gallery.wait_until_saved()
    assert RoomImage.objects.get(pk=ids[0]).alternative_text == "Un lit"
