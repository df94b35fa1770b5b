"""An abandoned draft that the add form offers: "Discard" removes it, Enter does not."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, expect

from rooms.models import Draft, Room, RoomImage
from rooms.tests.browser.conftest import enter
from rooms.tests.browser.gallery_page import GalleryPage

ADD = "/admin/rooms/room/add/"


@pytest.fixture
def offer_page(add_page: GalleryPage, room: Room, small_photos: list[Path]) -> GalleryPage:
    """The add form, opened anew after another one with two photos was left."""
    add_page.choose(*small_photos[:2])
    add_page.wait_ready(2)
    add_page.wait_until_saved()
    add_page.open(ADD)
    add_page.page.select_option("[name=establishment]", str(room.establishment_id))
    expect(add_page.page.locator("[data-abandoned] img")).to_have_count(2)
    return add_page


@pytest.mark.parametrize("field", ["name", "number"])
def test_enter_saves_and_discards_nothing(offer_page: GalleryPage, field: str) -> None:
    offer_page.page.fill("[name=name]", "Chambre bleue")
    offer_page.page.press(f"[name={field}]", "Enter")
    offer_page.page.wait_for_url("**/admin/rooms/room/")
    assert Room.objects.filter(name="Chambre bleue").exists()
    assert RoomImage.objects.filter(draft__isnull=False).count() == 2


def test_discard_is_taken_back_by_undo_and_keeps_what_was_typed(offer_page: GalleryPage) -> None:
    page = offer_page.page
    ids = list(RoomImage.objects.order_by("order").values_list("pk", flat=True))
    page.fill("[name=name]", "Chambre bleue")

    page.locator("[data-action=discard]").click()

    expect(page.locator("[data-abandoned]")).to_be_hidden()
    assert RoomImage.objects.count() == 0
    expect(page.locator("[data-photo-input]")).to_be_focused()
    page.locator("[data-action=undo]").click()
    expect(page.locator("[data-action=discard]")).to_be_focused()
    assert list(RoomImage.objects.order_by("order").values_list("pk", flat=True)) == ids
    assert page.locator("[name=name]").input_value() == "Chambre bleue"


def test_discard_that_fails_says_so(offer_page: GalleryPage) -> None:
    offer_page.page.route("**/discard-draft/**", lambda route: route.abort("connectionreset"))
    offer_page.page.locator("[data-action=discard]").click()
    expect(offer_page.errors).to_have_count(1)
    expect(offer_page.page.locator("[data-abandoned]")).to_be_visible()
    assert RoomImage.objects.count() == 2


def test_what_was_saved_or_discarded_meanwhile_is_offered_no_more(
    offer_page: GalleryPage, room: Room
) -> None:
    page = offer_page.page
    Draft.objects.update(is_saved=True, room=room)
    page.locator("[data-action=discard]").click()
    expect(page.locator("[data-abandoned]")).to_be_hidden()
    expect(page.locator("[data-action=undo]")).to_be_hidden()
    expect(offer_page.errors).to_have_count(0)
    assert RoomImage.objects.count() == 2


def test_without_script_discard_and_undo_are_forms(
    offer_page: GalleryPage, browser: Browser, alice: User
) -> None:
    context = browser.new_context(java_script_enabled=False)
    enter(context, alice, offer_page.base_url)
    page = context.new_page()
    page.goto(offer_page.base_url + ADD)
    page.locator("[data-action=discard]").click()
    assert RoomImage.objects.count() == 0
    page.locator("[data-action=undo]:visible").click()
    expect(page.locator("[data-abandoned]")).to_be_visible()
    assert RoomImage.objects.count() == 2
    context.close()
