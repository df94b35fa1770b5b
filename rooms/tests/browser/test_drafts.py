"""Photos of a room that is not saved yet: reloads, two tabs, Save pressed too early."""

from collections.abc import Callable
from pathlib import Path

from django.contrib.auth.models import User
from playwright.sync_api import expect

from rooms.models import Room, RoomImage
from rooms.tests.browser.conftest import session_photos
from rooms.tests.browser.gallery_page import GalleryPage

SLOW_BYTES_PER_S = 8_000


def test_reloaded_form_keeps_its_photos(add_page: GalleryPage, small_photos: list[Path]) -> None:
    add_page.choose(*small_photos[:3])
    add_page.wait_ready(3)
    add_page.caption(1, "Le salon")
    add_page.press("make-cover", 2)
    add_page.wait_until_saved()
    ids = add_page.ids()

    add_page.page.reload()

    assert add_page.ids() == ids
    assert add_page.captions() == ["", "", "Le salon"]
    add_page.wait_ready(3)


def test_reload_in_mid_upload_loses_nothing_that_was_ready(
    add_page: GalleryPage, small_photos: list[Path]
) -> None:
    add_page.choose(*small_photos[:2])
    add_page.wait_ready(2)
    add_page.slow_down(SLOW_BYTES_PER_S // 8)
    add_page.choose(small_photos[2])
    add_page.page.on("dialog", lambda dialog: dialog.accept())

    add_page.page.reload()

    expect(add_page.cards).to_have_count(2)
    assert RoomImage.objects.count() == 2


def test_two_tabs_never_mix(add_page: GalleryPage, room: Room, small_photos: list[Path]) -> None:
    other = GalleryPage(add_page.page.context.new_page(), add_page.base_url).open("/admin/rooms/room/add/")
    add_page.choose(*small_photos[:2])
    other.choose(*small_photos[2:5])
    add_page.wait_ready(2)
    other.wait_ready(3)
    assert len(session_photos()) == 5

    add_page.page.fill("[name=name]", "Une")
    add_page.save()
    add_page.page.wait_for_url("**/admin/rooms/room/")
    other.page.select_option("[name=establishment]", str(room.establishment_id))
    other.page.fill("[name=name]", "Autre")
    other.save("_addanother")
    expect(other.cards).to_have_count(0)

    assert Room.objects.get(name="Une").images.count() == 2
    assert Room.objects.get(name="Autre").images.count() == 3


def test_save_in_mid_upload_waits_and_then_saves(add_page: GalleryPage, small_photos: list[Path]) -> None:
    add_page.page.fill("[name=name]", "Chambre pressée")
    add_page.slow_down(SLOW_BYTES_PER_S)
    add_page.choose(*small_photos[:4])
    add_page.caption(3, "Tapé avant la fin")

    add_page.save("_continue")

    expect(add_page.page.locator("[data-save-state]")).to_be_visible()
    expect(add_page.status).not_to_be_empty()
    add_page.save("_save")  # the button pressed last is the one that counts
    assert not Room.objects.filter(name="Chambre pressée").exists()
    add_page.slow_down(0)
    add_page.page.wait_for_url("**/admin/rooms/room/")
    photos = Room.objects.get(name="Chambre pressée").images.all()
    assert [photo.caption for photo in photos] == ["", "", "", "Tapé avant la fin"]


def test_leaving_asks_only_while_something_would_be_lost(
    room_page: GalleryPage, small_photos: list[Path]
) -> None:
    asked: list[str] = []
    room_page.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    room_page.choose(small_photos[0])
    room_page.wait_ready(1)
    room_page.wait_until_saved()
    room_page.page.reload()
    assert asked == []

    room_page.slow_down(SLOW_BYTES_PER_S // 8)
    room_page.choose(small_photos[1])
    room_page.page.reload()
    assert asked == ["beforeunload"]


def test_photos_are_each_owners_own(
    visit: Callable[..., GalleryPage], add_page: GalleryPage, bob: User, small_photos: list[Path]
) -> None:
    add_page.choose(small_photos[0])
    add_page.wait_ready(1)
    draft = add_page.page.locator("input[type=hidden][name=draft]").input_value()

    stranger = visit(bob, f"/admin/rooms/room/add/?draft={draft}")

    expect(stranger.cards).to_have_count(0)
    assert stranger.page.locator("input[type=hidden][name=draft]").input_value() != draft
