"""The order on the screen is the order that is kept, and what was removed has a way back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Route, expect

from rooms.models import Room, RoomImage
from rooms.tests.browser.bad_server import REORDER, UPLOAD, Sometimes, refuse
from rooms.tests.browser.gallery_page import GalleryPage
from rooms.tests.conftest import add_photos


def add_ids(room: Room, count: int) -> list[int]:
    return [photo.pk for photo in add_photos(room, count)]


def kept(room: Room) -> list[int]:
    """The order in the database."""
    return [photo.pk for photo in room.images.all()]


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
    visit: Callable[..., GalleryPage], room: Room, alice: User
) -> None:
    first, second, third = add_ids(room, 3)
    gallery = visit(alice, f"/admin/rooms/room/{room.pk}/change/")
    requests = Sometimes(refuse(403, "forbidden"), lambda route: route.abort("failed"))
    gallery.page.route(REORDER, requests)

    gallery.press("make-cover", 2)
    expect(gallery.errors).to_contain_text("forbidden")
    assert gallery.ids() == [first, second, third]

    gallery.press("make-cover", 2)
    gallery.wait_until_saved()
    expect(gallery.errors).to_have_count(0)
    assert len(requests.upload_ids) == 3
    assert gallery.ids() == [third, first, second] == kept(room)


@pytest.mark.parametrize(
    ("fail", "words"),
    [
        (refuse(503, "storage_unavailable"), "storage_unavailable"),
        (lambda route: route.abort("failed"), "connexion"),
    ],
    ids=["503", "network"],
)
def test_an_order_that_nobody_keeps_goes_back(
    visit: Callable[..., GalleryPage], room: Room, alice: User, fail: Callable[[Route], None], words: str
) -> None:
    before = add_ids(room, 3)
    gallery = visit(alice, f"/admin/rooms/room/{room.pk}/change/")
    gallery.page.route(REORDER, fail)

    gallery.drag(2, onto=0)

    expect(gallery.errors).to_contain_text(words)
    assert gallery.ids() == before
    expect(gallery.page.locator("[data-notice]")).to_be_hidden()
    gallery.page.unroute(REORDER)
    gallery.save("_continue")  # what the drag left in the form's fields is not taken for an order either
    expect(gallery.cards).to_have_count(3)
    assert kept(room) == before


def test_an_order_whose_answers_are_lost_is_shown_as_the_server_has_it(
    visit: Callable[..., GalleryPage], room: Room, alice: User
) -> None:
    first, second = add_ids(room, 2)
    gallery = visit(alice, f"/admin/rooms/room/{room.pk}/change/")

    def lose_answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    gallery.page.route(REORDER, lose_answer)
    gallery.press("make-cover", 1)
    expect(gallery.errors).to_have_count(1)
    assert gallery.ids() == [second, first] == kept(room)


def test_an_order_made_offline_is_saved_once_the_connection_is_back(
    visit: Callable[..., GalleryPage], room: Room, alice: User
) -> None:
    first, second = add_ids(room, 2)
    gallery = visit(alice, f"/admin/rooms/room/{room.pk}/change/")
    gallery.page.context.set_offline(True)
    gallery.press("make-cover", 1)
    expect(gallery.errors).to_contain_text("hors ligne")
    assert gallery.ids() == [second, first]

    gallery.page.context.set_offline(False)

    expect(gallery.errors).to_have_count(0)
    gallery.wait_until_saved()
    assert kept(room) == [second, first]


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
