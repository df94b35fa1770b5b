"""Nothing keeps anybody out: every page, in every state, light and dark, on every screen, with long names."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from playwright.sync_api import BrowserContext, Page, expect

from rooms.models import Establishment, Room
from rooms.tests.browser.bad_server import UPLOAD, Sometimes, refuse
from rooms.tests.browser.barriers import HEIGHT, WIDTHS, find_barriers, find_overflow
from rooms.tests.browser.conftest import enter
from rooms.tests.browser.gallery_page import GalleryPage
from rooms.tests.conftest import add_photos
from rooms.tests.every_page import ADDRESSES, fill, make_world

type Barriers = dict[str, list[str]]

WIDE = {"viewport": {"width": WIDTHS[0], "height": HEIGHT}}
SLOW_BYTES_PER_S = 500


def assert_none(barriers: Barriers) -> None:
    """`barriers` by page or state. One a line: pytest would cut them short."""
    lines = [f"{where}: {barrier}" for where, found in barriers.items() for barrier in found]
    assert not lines, "\n".join(lines)


@pytest.fixture
def open_page(new_context: Callable[..., BrowserContext], live_server: Any) -> Callable[..., Page]:
    context = new_context(**WIDE)

    def open_as(user: User | None, path: str) -> Page:
        context.clear_cookies()
        if user:
            enter(context, user, live_server.url)
        page = context.pages[0] if context.pages else context.new_page()
        page.goto(live_server.url + path)
        page.wait_for_function("() => !document.querySelector('[x-cloak]:root')")
        return page

    return open_as


@pytest.mark.parametrize("who", ["", "alice", "sam", "root"])
def test_every_page(open_page: Callable[..., Page], alice: User, sam: User, root: User, who: str) -> None:
    world = make_world(alice, sam, root)
    Establishment.objects.update(name="Domaine de Saint-Barthélemy-de-Bellegarde-lès-Montélimar")
    Room.objects.update(name="Chambre-Supérieure-avec-vue-sur-le-lac-et-la-montagne")
    User.objects.filter(pk=alice.pk).update(
        email="reservations.et.accueil@domaine-de-bellegarde-hotels.example"
    )
    barriers = {}
    for address in ADDRESSES:
        if address.who == who:
            page = open_page(world.get(who), fill(address.path, world))
            barriers[address.path] = find_overflow(page) + find_barriers(page)
    assert_none(barriers)


def test_signing_in_that_fails(open_page: Callable[..., Page], alice: User, settings: Any) -> None:
    settings.AXES_FAILURE_LIMIT = 2
    page = open_page(None, "/admin/login/")
    barriers = {}
    for state in ("wrong password", "locked out"):
        page.fill("[name=username]", "alice")
        page.fill("[name=password]", "wrong")
        page.press("[name=password]", "Enter")
        page.wait_for_load_state()
        barriers[state] = find_barriers(page)
    expect(page.get_by_role("heading")).to_have_text("Trop d’essais")
    assert_none(barriers)


def test_menus(open_page: Callable[..., Page], alice: User, room: Room) -> None:
    page = open_page(alice, "/admin/rooms/room/")
    page.get_by_role("button", name="Filtres").click()
    barriers = {"filters": find_barriers(page)}
    page.keyboard.press("Escape")
    page.get_by_role("button", name="alice").click()
    expect(page.get_by_role("navigation", name="Menu de l’utilisateur")).to_be_visible()
    barriers["user menu"] = find_barriers(page)
    assert_none(barriers)


def test_gallery_in_every_state(
    open_page: Callable[..., Page],
    alice: User,
    room: Room,
    small_photos: list[Path],
    live_server: Any,
) -> None:
    gallery = GalleryPage(open_page(alice, f"/admin/rooms/room/{room.pk}/change/"), live_server.url)
    barriers: Barriers = {}
    page = gallery.page
    page.route(UPLOAD, Sometimes(refuse(422, "invalid_image")))
    gallery.choose(small_photos[0])
    expect(gallery.card(0)).to_have_attribute("data-state", "failed")
    barriers["failed"] = find_barriers(page)
    gallery.press("remove", 0)
    gallery.choose(*small_photos[:9])
    gallery.wait_ready(9)
    gallery.wait_until_saved()
    gallery.slow_down(SLOW_BYTES_PER_S)
    gallery.choose(small_photos[10])
    expect(gallery.card(9)).to_have_attribute("data-state", "uploading")
    barriers["uploading"] = find_barriers(page)
    gallery.slow_down(0)
    gallery.wait_ready(10)
    barriers["full"] = find_barriers(page)
    gallery.press("remove", 9)
    page.locator("[data-removed] summary").click()
    barriers["removed, with its list"] = find_barriers(page)
    page.locator("[data-action=select-photos]").click()
    page.locator("[data-action=select]").first.click()
    barriers["selecting"] = find_barriers(page)
    page.locator("[data-action=select-photos]").click()
    gallery.press("view", 0)
    expect(page.get_by_role("dialog")).to_be_visible()
    barriers["large"] = find_barriers(page)
    assert_none(barriers)


def test_gallery_that_one_may_only_look_at(open_page: Callable[..., Page], room: Room, sam: User) -> None:
    add_photos(room, 2)
    sam.groups.clear()
    sam.user_permissions.set(
        Permission.objects.filter(codename__in=["view_room", "view_roomimage", "see_every_establishment"])
    )
    page = open_page(sam, f"/admin/rooms/room/{room.pk}/change/")
    assert_none({"read-only": find_barriers(page)})
