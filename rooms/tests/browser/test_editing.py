"""One photo made better: turned, replaced by another file, and each of it taken back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Route, expect

from rooms.models import Room, RoomImage
from rooms.tests.browser.bad_server import Sometimes, refuse
from rooms.tests.browser.gallery_page import GalleryPage
from rooms.tests.conftest import add_photos

ROTATE = "**/rotate-image/*/"
REPLACE = "**/replace-image/*/"


@pytest.fixture
def photos(room: Room) -> list[RoomImage]:
    return add_photos(room, 3)


@pytest.fixture
def gallery(photos: object, room_page: GalleryPage) -> GalleryPage:
    return room_page


def turn(gallery: GalleryPage, index: int, side: str) -> None:
    button = gallery.card(index).locator(f"[data-action=rotate-{side}]")
    if not button.is_visible():
        gallery.press("more", index)
    button.click()


def replace(gallery: GalleryPage, index: int, file: Path) -> None:
    gallery.press("more", index)
    with gallery.page.expect_file_chooser() as chooser:
        gallery.press("replace", index)
    chooser.value.set_files(file)


def thumb(gallery: GalleryPage, index: int) -> Locator:
    return gallery.card(index).locator("[data-thumb]")


def sides(photo: RoomImage) -> tuple[int | None, int | None]:
    photo.refresh_from_db()
    return photo.width, photo.height


# --- turning ----------------------------------------------------------------------------


def test_photo_is_turned_and_turned_back(gallery: GalleryPage, photos: list[RoomImage]) -> None:
    turn(gallery, 1, "right")
    expect(gallery.status).to_have_text("Photo tournée.")
    expect(thumb(gallery, 1)).not_to_have_attribute("src", photos[1].thumbnail_url)
    assert sides(photos[1]) == (48, 64)
    expect(thumb(gallery, 1)).to_have_attribute("src", photos[1].thumbnail_url)
    expect(thumb(gallery, 1)).to_have_attribute("height", "64")

    gallery.page.locator("[data-action=undo]").click()

    expect(gallery.status).to_have_text("La photo est remise comme avant.")
    assert sides(photos[1]) == (64, 48)
    expect(gallery.card(1).locator("[data-action=more]")).to_be_focused()
    gallery.wait_until_saved()
    assert gallery.ids() == [photo.pk for photo in photos]


def test_turns_in_quick_succession_add_up_and_one_undo_takes_all_back(
    gallery: GalleryPage, photos: list[RoomImage]
) -> None:
    for _press in range(3):
        turn(gallery, 0, "left")
    gallery.wait_until_saved()
    assert sides(photos[0]) == (48, 64)
    gallery.page.locator("[data-action=undo]").click()
    expect(gallery.status).to_have_text("La photo est remise comme avant.")
    assert sides(photos[0]) == (64, 48)


def test_photo_that_cannot_be_turned_stays_and_says_why(
    gallery: GalleryPage, photos: list[RoomImage]
) -> None:
    gallery.page.route(ROTATE, refuse(503, "storage_unavailable"))
    turn(gallery, 1, "right")
    expect(gallery.errors).to_contain_text("n’a pas pu être tournée")
    expect(gallery.errors).to_contain_text("storage_unavailable")
    expect(thumb(gallery, 1)).to_have_attribute("src", photos[1].thumbnail_url)
    expect(gallery.page.locator("[data-notice]")).to_be_hidden()


def test_turn_whose_answer_was_lost_is_shown(gallery: GalleryPage, photos: list[RoomImage]) -> None:
    def turn_and_hang_up(route: Route) -> None:
        route.fetch()
        route.abort()

    gallery.page.route(ROTATE, turn_and_hang_up)
    turn(gallery, 1, "right")
    expect(gallery.status).to_have_text("Photo tournée.")
    assert sides(photos[1]) == (48, 64)
    expect(thumb(gallery, 1)).to_have_attribute("src", photos[1].thumbnail_url)
    expect(gallery.errors).to_have_count(0)


def test_photo_is_turned_in_the_large_view(gallery: GalleryPage, photos: list[RoomImage]) -> None:
    thumb(gallery, 2).click()
    dialog = gallery.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Tourner à gauche").click()
    expect(dialog).to_contain_text("Photo tournée.")
    assert sides(photos[2]) == (48, 64)
    assert dialog.get_by_role("img").get_attribute("src") == photos[2].image_url
    gallery.page.keyboard.press("Escape")
    expect(thumb(gallery, 2)).to_have_attribute("src", photos[2].thumbnail_url)


# --- replacing --------------------------------------------------------------------------


def test_replacement_takes_place_and_caption_and_undo_brings_the_old_one_back(
    gallery: GalleryPage, room: Room, photos: list[RoomImage], small_photos: list[Path]
) -> None:
    replace(gallery, 1, small_photos[0])
    expect(gallery.status).to_contain_text("Photo remplacée.")
    new = room.images.all()[1]
    assert (new.caption, new.width) == ("Photo 2", 240)
    assert gallery.ids() == [photos[0].pk, new.pk, photos[2].pk]
    expect(thumb(gallery, 1)).to_have_attribute("src", new.thumbnail_url)
    expect(gallery.page.locator(f"[data-removed-photo='{photos[1].pk}']")).to_have_count(1)
    gallery.wait_until_saved()

    gallery.page.locator("[data-action=undo]").click()

    expect(gallery.status).to_have_text("L’ancienne photo est rétablie.")
    assert gallery.ids() == [photo.pk for photo in photos] == [photo.pk for photo in room.images.all()]
    expect(thumb(gallery, 1)).to_have_attribute("src", photos[1].thumbnail_url)
    expect(gallery.page.locator(f"[data-removed-photo='{new.pk}']")).to_have_count(1)
    gallery.save("_continue")
    expect(gallery.cards).to_have_count(3)
    assert [photo.pk for photo in room.images.all()] == [photo.pk for photo in photos]
    assert gallery.captions() == ["Photo 1", "Photo 2", "Photo 3"]


def test_replacement_asks_whether_the_caption_still_fits(
    gallery: GalleryPage, photos: list[RoomImage], small_photos: list[Path]
) -> None:
    replace(gallery, 1, small_photos[0])
    expect(gallery.status).to_contain_text("La légende convient-elle encore\u00a0?")
    caption = gallery.card(1).locator("[data-caption]")
    expect(caption).to_be_focused()
    gallery.page.keyboard.type("La douche")  # in place of all of it
    gallery.wait_until_saved()
    assert gallery.captions()[1] == "La douche"


def test_replacement_leaves_whoever_writes_elsewhere_in_peace(
    gallery: GalleryPage, photos: list[RoomImage], small_photos: list[Path]
) -> None:
    gallery.slow_down(4_000)
    replace(gallery, 1, small_photos[0])
    expect(gallery.card(1)).to_have_attribute("data-state", "uploading")
    other = gallery.card(0).locator("[data-caption]")
    other.focus()
    gallery.slow_down(0)
    expect(gallery.status).to_contain_text("Photo remplacée.")
    expect(other).to_be_focused()


def test_photo_of_a_full_gallery_is_replaced_and_moved_meanwhile(
    visit: Callable[..., GalleryPage], room: Room, alice: User, small_photos: list[Path]
) -> None:
    photos = add_photos(room, 10)
    gallery = visit(alice, f"/admin/rooms/room/{room.pk}/change/")
    gallery.slow_down(4_000)
    replace(gallery, 4, small_photos[0])
    expect(gallery.card(4)).to_have_attribute("data-state", "uploading")
    gallery.press("move-earlier", 4)
    gallery.slow_down(0)
    expect(gallery.status).to_contain_text("Photo remplacée.")
    gallery.wait_until_saved()
    kept = [photo.pk for photo in room.images.all()]
    assert gallery.ids() == kept
    assert kept[4] == photos[3].pk
    assert kept[3] not in [photo.pk for photo in photos]
    expect(gallery.errors).to_have_count(0)


def test_draft_photo_is_replaced_and_saved(
    add_page: GalleryPage, small_photos: list[Path], room: Room
) -> None:
    add_page.choose(*small_photos[:2])
    add_page.wait_ready(2)
    add_page.caption(0, "La vue")
    replace(add_page, 0, small_photos[2])
    expect(add_page.status).to_contain_text("Photo remplacée.")
    add_page.wait_until_saved()
    ids = add_page.ids()
    add_page.page.fill("[name=name]", "Chambre 9")
    add_page.save()
    expect(add_page.page).not_to_have_url("**/add/**")
    saved = Room.objects.get(name="Chambre 9").images.all()
    assert ([photo.pk for photo in saved], saved[0].caption) == (ids, "La vue")


@pytest.mark.parametrize("error", [(415, "unsupported_type"), (422, "invalid_image")])
def test_refused_file_leaves_the_old_photo(
    gallery: GalleryPage, photos: list[RoomImage], small_photos: list[Path], error: tuple[int, str]
) -> None:
    gallery.page.route(REPLACE, refuse(*error))
    replace(gallery, 1, small_photos[0])
    expect(gallery.errors).to_contain_text("n’a pas été remplacée")
    expect(gallery.card(1)).to_have_attribute("data-state", "ready")
    expect(thumb(gallery, 1)).to_have_attribute("src", photos[1].thumbnail_url)
    assert gallery.ids() == [photo.pk for photo in photos]


def test_file_that_is_no_photo_is_not_even_sent(
    gallery: GalleryPage, photos: list[RoomImage], tmp_path: Path
) -> None:
    (tmp_path / "prix.txt").write_text("120")
    replace(gallery, 1, tmp_path / "prix.txt")
    expect(gallery.errors).to_contain_text("prix.txt")
    expect(thumb(gallery, 1)).to_have_attribute("src", photos[1].thumbnail_url)


def test_failed_replacement_is_tried_again_or_given_up(
    gallery: GalleryPage, room: Room, photos: list[RoomImage], small_photos: list[Path]
) -> None:
    gallery.page.route(REPLACE, refuse(403, "csrf_failed"))
    for index in (0, 2):
        replace(gallery, index, small_photos[index])
        expect(gallery.card(index)).to_have_attribute("data-state", "failed")
    gallery.press("remove", 2)  # what is removed is the new one
    expect(gallery.card(2)).to_have_attribute("data-state", "ready")
    expect(thumb(gallery, 2)).to_have_attribute("src", photos[2].thumbnail_url)
    gallery.page.unroute(REPLACE)
    gallery.press("retry", 0)
    expect(gallery.status).to_contain_text("Photo remplacée.")
    expect(gallery.errors).to_have_count(0)
    gallery.wait_until_saved()
    kept = [photo.pk for photo in room.images.all()]
    assert gallery.ids() == kept
    assert kept[1:] == [photos[1].pk, photos[2].pk]


def test_replacing_given_up_too_late_is_taken_back(
    gallery: GalleryPage, room: Room, photos: list[RoomImage], small_photos: list[Path]
) -> None:
    def answer_late(route: Route) -> None:
        response = route.fetch()
        gallery.press("remove", 1)
        route.fulfill(response=response)

    gallery.page.route(REPLACE, answer_late)
    replace(gallery, 1, small_photos[0])
    expect(gallery.card(1)).to_have_attribute("data-state", "ready")
    gallery.wait_until_saved()
    assert gallery.ids() == [photo.pk for photo in photos] == [photo.pk for photo in room.images.all()]


def test_caption_typed_while_a_photo_waits_goes_up_with_it(
    gallery: GalleryPage, room: Room, small_photos: list[Path]
) -> None:
    held: list[Route] = []
    updates: list[str] = []
    gallery.page.on("request", lambda request: "update-image" in request.url and updates.append(request.url))
    gallery.page.route("**/upload-image/", Sometimes(held.append, held.append, held.append))
    gallery.choose(*small_photos[:4])
    expect(gallery.card(5)).to_have_attribute("data-state", "uploading")
    gallery.caption(6, "La vue")
    while len(held) < 3:
        gallery.page.wait_for_timeout(20)
    for route in held:
        route.continue_()
    gallery.wait_ready(7)
    gallery.wait_until_saved()
    assert [photo.caption for photo in room.images.all()][-1] == "La vue"
    assert updates == []
