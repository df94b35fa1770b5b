"""Photos that were removed: listed under the gallery, and back in their places by one press."""

from collections.abc import Callable
from pathlib import Path

from django.contrib.auth.models import User
from playwright.sync_api import Locator, expect

from rooms.models import Room, RoomImage
from rooms.services import gallery as galleries
from rooms.tests.browser.gallery_page import GalleryPage
from rooms.tests.conftest import add_photos


def open_list(gallery: GalleryPage) -> Locator:
    gallery.page.locator("[data-removed] summary").click()
    return gallery.page.locator("[data-removed] [data-action=restore]")


def test_removed_photo_is_restored_to_its_place_after_a_reload(
    visit: Callable[..., GalleryPage], room: Room, alice: User
) -> None:
    photos = add_photos(room, 3)
    gallery = visit(alice, f"/admin/rooms/room/{room.pk}/change/")
    expect(gallery.page.locator("[data-removed-photo]")).to_have_count(0)
    gallery.press("remove", 1)
    gallery.wait_until_saved()
    gallery.page.reload()
    expect(gallery.cards).to_have_count(2)

    restore = open_list(gallery)
    expect(restore).to_have_accessible_name("Rétablir Photo 2")
    restore.click()

    expect(gallery.cards).to_have_count(3)
    expect(gallery.page.locator("[data-removed-photo]")).to_have_count(0)
    gallery.wait_until_saved()
    assert gallery.ids() == [photo.pk for photo in photos] == [photo.pk for photo in room.images.all()]
    assert gallery.captions() == ["Photo 1", "Photo 2", "Photo 3"]
    assert gallery.page.evaluate("document.activeElement.closest('[data-photo]').dataset.photoId") == str(
        photos[1].pk
    )
    gallery.save("_continue")
    expect(gallery.cards).to_have_count(3)
    assert [photo.pk for photo in room.images.all()] == [photo.pk for photo in photos]


def test_list_follows_what_is_removed_and_undone(
    add_page: GalleryPage, small_photos: list[Path], room: Room
) -> None:
    add_page.choose(*small_photos[:3])
    add_page.wait_ready(3)
    ids = add_page.ids()
    for _time in range(2):
        add_page.press("remove", 0)
    listed = add_page.page.locator("[data-removed-photo]")
    expect(listed).to_have_count(2)
    add_page.page.locator("[data-action=undo]").click()
    expect(listed).to_have_count(0)
    add_page.press("remove", 2)
    open_list(add_page).click()
    expect(add_page.cards).to_have_count(3)
    expect(listed).to_have_count(0)
    add_page.wait_until_saved()
    assert add_page.ids() == ids


def test_full_gallery_says_so_beside_the_photo(
    visit: Callable[..., GalleryPage], room: Room, alice: User
) -> None:
    photos = add_photos(room, 10)
    galleries.remove(photos[3])
    add_photos(room, 1)
    gallery = visit(alice, f"/admin/rooms/room/{room.pk}/change/")

    restore = open_list(gallery)
    restore.click()

    expect(gallery.page.get_by_role("alert").filter(has_text="10")).to_be_visible()
    expect(gallery.cards).to_have_count(10)
    expect(restore).to_be_focused()

    gallery.press("remove", 0)
    gallery.wait_until_saved()
    gallery.page.locator(f"[data-removed-photo='{photos[3].pk}'] button").click()
    expect(gallery.cards).to_have_count(10)
    gallery.wait_until_saved()
    assert gallery.ids() == [photo.pk for photo in room.images.all()]
    assert gallery.ids()[3] == photos[3].pk


def test_photo_restored_elsewhere_is_no_longer_listed(
    visit: Callable[..., GalleryPage], room: Room, alice: User
) -> None:
    photos = add_photos(room, 3)
    gallery = visit(alice, f"/admin/rooms/room/{room.pk}/change/")
    gallery.press("remove", 0)
    listed = gallery.page.locator("[data-removed-photo]")
    expect(listed).to_have_count(1)
    galleries.restore(RoomImage.all_objects.select_related("room", "draft").get(pk=photos[0].pk))

    gallery.press("move-later", 0)

    expect(gallery.cards).to_have_count(3)
    expect(listed).to_have_count(0)
    assert gallery.ids() == [photo.pk for photo in photos]
    assert gallery.page.locator("[data-drawer] > *").count() == 0
