"""A phone in one hand: the room's name and Save are in sight, and a finger reaches all there is."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import CDPSession, expect

from rooms.models import Room
from rooms.tests.browser.gallery_page import GalleryPage
from rooms.tests.conftest import add_photos

HEIGHT = 844
PHONE = {"viewport": {"width": 390, "height": HEIGHT}, "has_touch": True, "is_mobile": True}
FINGER_PX = 44

SMALL_FONTS = """
() => [...document.querySelectorAll("#content input, #content select, #content textarea")]
  .filter(one => !["checkbox", "radio", "hidden", "file"].includes(one.type) && one.checkVisibility())
  .filter(one => parseFloat(getComputedStyle(one).fontSize) < 16)
  .map(one => one.outerHTML.slice(0, 80))
"""
SMALL_TARGETS = f"""
() => [...document.querySelectorAll("[data-photo] button")]
  .filter(one => one.checkVisibility({{visibilityProperty: true, opacityProperty: true}}))
  .map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
  .filter(([, box]) => Math.min(box.width, box.height) < {FINGER_PX})
  .map(([name]) => name)
"""
# The handle lies in a photo's corner: a finger's width of that is the handle's.
REACH_OF_GRIP = f"""
() => {{
  const {{ left, top }} = document.querySelector("[data-photo] h3").getBoundingClientRect();
  const [near, far] = [3, {FINGER_PX} - 2];
  return [[near, near], [near, far], [far, near], [far, far]]
    .every(([x, y]) => document.elementFromPoint(left + x, top + y)?.closest("[data-grip]"));
}}
"""


@pytest.fixture
def phone(visit: Callable[..., GalleryPage], room: Room, alice: User) -> GalleryPage:
    add_photos(room, 10)
    return visit(alice, f"/admin/rooms/room/{room.pk}/change/", **PHONE)


def touch(wire: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    places = [{"x": x, "y": y} for x, y in points]
    wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})


def test_header_names_the_room(phone: GalleryPage, room: Room) -> None:
    heading = phone.page.get_by_role("heading", level=1)
    expect(heading).to_have_accessible_name(str(room))
    name = heading.locator(":scope > :last-child")
    assert name.evaluate("one => one.scrollWidth <= one.clientWidth")


def test_save_is_in_reach_all_the_way_down(phone: GalleryPage, room: Room) -> None:
    save = phone.page.locator("#submit-row [name=_save]")
    for share in (0, 0.5, 1):
        phone.page.evaluate("share => scrollTo(0, share * document.documentElement.scrollHeight)", share)
        expect(save).to_be_in_viewport(ratio=1)
    phone.page.evaluate("scrollTo(0, 0)")
    phone.page.fill("[name=name]", "Suite")
    save.click()
    phone.page.wait_for_url("**/admin/rooms/room/")
    room.refresh_from_db()
    assert room.name == "Suite"


def test_undo_lies_beside_save_and_not_over_it(phone: GalleryPage) -> None:
    phone.press("remove", 3)
    notice = phone.page.locator("[data-notice]").bounding_box()
    save = phone.page.locator("#submit-row [name=_save]").bounding_box()
    assert notice
    assert save
    assert notice["y"] + notice["height"] <= save["y"]


def test_page_says_what_is_saved_at_once(phone: GalleryPage, add_page: GalleryPage) -> None:
    expect(phone.panel).to_contain_text("enregistrés aussitôt")
    expect(add_page.panel).to_contain_text("gardées aussitôt")


def test_a_finger_finds_what_it_aims_at(phone: GalleryPage) -> None:
    assert phone.page.evaluate(SMALL_TARGETS) == []
    phone.card(0).scroll_into_view_if_needed()
    assert phone.page.evaluate(REACH_OF_GRIP)


def test_no_field_makes_an_iphone_zoom(phone: GalleryPage) -> None:
    assert phone.page.evaluate(SMALL_FONTS) == []


def test_photo_held_at_the_edge_takes_the_page_along(phone: GalleryPage, room: Room) -> None:
    ids = phone.ids()
    phone.card(0).evaluate("card => card.scrollIntoView()")
    grip = phone.card(0).locator("[data-grip]").bounding_box()
    assert grip
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    before = phone.page.evaluate("scrollY")
    wire = phone.page.context.new_cdp_session(phone.page)
    touch(wire, "touchStart", (x, y))
    for step in range(1, 11):
        touch(wire, "touchMove", (x, y + (HEIGHT - 30 - y) * step / 10))
        phone.page.wait_for_timeout(30)
    phone.page.wait_for_function("before => scrollY > before + 300", arg=before)
    touch(wire, "touchMove", (x, HEIGHT / 2))
    phone.page.wait_for_timeout(300)  # the others glide out of the way
    touch(wire, "touchEnd")
    phone.wait_until_saved()
    moved = [photo.pk for photo in room.images.all()]
    assert moved == phone.ids()
    assert moved.index(ids[0]) >= 4  # further down than the screen showed
