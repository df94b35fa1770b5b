"""Selected photos go to another room of the establishment, moved or copied."""

import pytest
from playwright.sync_api import expect

from rooms.models import Establishment, Room, RoomImage
from rooms.services import gallery as galleries
from rooms.tests.browser.gallery_page import GalleryPage
from rooms.tests.conftest import add_photos


@pytest.fixture
def suite(room: Room) -> Room:
    """Another room of the same establishment."""
    return Room.objects.create(establishment=room.establishment, name="Suite", number="7")


def send(gallery: GalleryPage, room: Room, how: str, *indexes: int) -> None:
    gallery.page.locator("[data-action=select-photos]").click()
    for index in indexes:
        gallery.press("select", index)
    gallery.page.locator("[data-other-room]").select_option(str(room.pk))
    gallery.page.locator(f"[data-action={how}-selected]").click()


def pks(room: Room) -> list[int]:
    return [photo.pk for photo in room.images.all()]


def test_selected_photos_move_to_another_room_with_what_was_typed(
    suite: Room, gallery: GalleryPage, room: Room, ids: list[int]
) -> None:
    there = add_photos(suite, 1)[0]
    gallery.caption(1, "La douche")
    send(gallery, suite, "move", 1, 2)
    expect(gallery.cards).to_have_count(2)
    expect(gallery.status).to_contain_text("Suite · 7")
    gallery.wait_until_saved()
    assert gallery.ids() == [ids[0], ids[3]] == pks(room)
    assert pks(suite) == [there.pk, ids[1], ids[2]]
    assert RoomImage.objects.get(pk=ids[1]).caption == "La douche"
    expect(gallery.page.locator("[data-removed-photo]")).to_have_count(0)
    gallery.save("_continue")
    assert (pks(room), pks(suite)) == ([ids[0], ids[3]], [there.pk, ids[1], ids[2]])


def test_selected_photos_are_copied_to_another_room(
    suite: Room, gallery: GalleryPage, room: Room, ids: list[int]
) -> None:
    send(gallery, suite, "copy", 0, 3)
    expect(gallery.status).to_contain_text("Suite · 7")
    assert gallery.ids() == ids == pks(room)
    assert [photo.caption for photo in suite.images.all()] == ["Photo 1", "Photo 4"]


def test_room_that_is_full_takes_none_and_the_page_says_so(
    suite: Room, gallery: GalleryPage, room: Room, ids: list[int]
) -> None:
    there = add_photos(suite, 9)
    send(gallery, suite, "move", 0, 1)
    expect(gallery.errors).to_have_count(1)
    expect(gallery.errors).to_contain_text("Suite · 7")
    assert gallery.ids() == ids == pks(room)
    assert pks(suite) == [photo.pk for photo in there]


def test_only_rooms_of_the_same_establishment_are_offered(
    suite: Room, room: Room, ids: list[int], gallery: GalleryPage
) -> None:
    other = Establishment.objects.create(name="Ailleurs", owner=room.establishment.owner)
    Room.objects.create(establishment=other, name="Loin")
    gallery.page.reload()
    options = gallery.page.locator("[data-other-room] option")
    assert options.evaluate_all("all => all.map(one => one.value)") == ["", str(suite.pk)]
    expect(gallery.page.locator("[data-action=move-selected]")).to_be_hidden()


def test_drawer_of_removed_photos_is_there_before_any_is_removed(gallery: GalleryPage, room: Room) -> None:
    gallery.page.locator("[data-removed] summary").click()
    expect(gallery.page.locator("[data-removed]")).to_contain_text("30 jours")
    galleries.remove(room.images.first())
    gallery.page.reload()
    gallery.page.locator("[data-removed] summary").click()
    expect(gallery.page.locator("[data-removed-photo]")).to_have_count(1)
