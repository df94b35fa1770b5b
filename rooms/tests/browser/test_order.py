"""The order on the screen is the order that is kept, and what was removed has a way back."""

from pathlib import Path

from playwright.sync_api import Route, expect

from rooms.models import Room, RoomImage
from rooms.tests.browser.bad_server import REORDER, UPLOAD, Sometimes, refuse
from rooms.tests.browser.gallery_page import GalleryPage
from rooms.tests.conftest import add_photos


def test_the_order_chosen_is_kept_whatever_finishes_first(
    room_page: GalleryPage, room: Room, small_photos: list[Path]
) -> None:
    held: list[Route] = []
    room_page.page.route(UPLOAD, Sometimes(held.append, held.append))
    room_page.choose(*small_photos[:4])
    room_page.wait_ready(2)
    room_page.press("make-cover", 3)
    for route in reversed(held):
        route.continue_()
    room_page.wait_ready(4)
    names = room_page.cards.locator("[data-file-name]").all_text_contents()
    assert names == ["photo-3.jpg", "photo-0.jpg", "photo-1.jpg", "photo-2.jpg"]
    room_page.wait_until_saved()
    assert [photo.pk for photo in room.images.all()] == room_page.ids()


def test_a_gallery_changed_elsewhere_is_shown_as_it_is(
    room: Room, room_page: GalleryPage, small_photos: list[Path]
) -> None:
    room_page.choose(*small_photos[:3])
    room_page.wait_ready(3)
    room_page.wait_until_saved()
    added = add_photos(room, 1)[0]

    room_page.press("make-cover", 2)

    expect(room_page.cards).to_have_count(4)
    room_page.wait_until_saved()
    assert room_page.ids() == [photo.pk for photo in room.images.all()]
    assert room_page.captions()[3] == added.caption
    expect(room_page.errors).to_have_count(1)


def test_a_refused_order_goes_back_and_a_lost_one_is_sent_again(
    room_page: GalleryPage, room: Room, small_photos: list[Path]
) -> None:
    room_page.choose(*small_photos[:3])
    room_page.wait_ready(3)
    room_page.wait_until_saved()
    first, second, third = room_page.ids()
    room_page.page.route(REORDER, Sometimes(refuse(403, "forbidden"), lambda route: route.abort("failed")))

    room_page.press("make-cover", 2)
    expect(room_page.errors).to_have_count(1)
    assert room_page.ids() == [first, second, third]

    room_page.press("make-cover", 2)
    expect(room_page.errors.first).not_to_contain_text("forbidden")
    assert room_page.ids() == [third, first, second]
    room_page.save("_continue")
    expect(room_page.page.locator("[data-errors] > *")).to_have_count(0)
    assert [photo.pk for photo in room.images.all()] == [third, first, second]


def test_removals_come_back_together(room_page: GalleryPage, room: Room, small_photos: list[Path]) -> None:
    room_page.choose(*small_photos[:4])
    room_page.wait_ready(4)
    room_page.wait_until_saved()
    ids = room_page.ids()
    room_page.press("remove", 1)
    room_page.press("remove", 1)
    assert room_page.ids() == [ids[0], ids[3]]
    assert room_page.page.evaluate("document.activeElement.dataset.action") == "remove"
    room_page.wait_until_saved()
    assert room.images.count() == 2

    room_page.page.locator("[data-action=undo]").click()

    expect(room_page.cards).to_have_count(4)
    room_page.wait_until_saved()
    assert room_page.ids() == ids == [photo.pk for photo in room.images.all()]


def test_a_photo_removed_on_its_way_up_leaves_nothing(
    room_page: GalleryPage, room: Room, small_photos: list[Path]
) -> None:
    held: list[Route] = []
    room_page.page.route(UPLOAD, Sometimes(held.append))
    room_page.choose(*small_photos[:2])
    room_page.wait_ready(1)
    room_page.press("remove", 0)
    expect(room_page.cards).to_have_count(1)
    for route in held:
        route.continue_()
    room_page.wait_until_saved()
    assert room.images.count() == 1
    assert RoomImage.objects.get().pk == room_page.ids()[0]
