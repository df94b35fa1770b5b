"""Every page fits every screen: nothing to scroll sideways, too small to press, or jumping."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from rooms.models import Establishment, Room
from rooms.tests.browser.conftest import enter
from rooms.tests.browser.gallery_page import GalleryPage
from rooms.tests.conftest import add_photos
from rooms.tests.every_page import ADDRESSES, fill, make_world

# 320 is a phone at its narrowest, and a laptop's page at four times its size; 640 one at twice.
WIDTHS = [320, 390, 640, 1280, 2560]
LEAST_TARGET_PX = 24

TOO_SMALL = f"""
panel => [...panel.querySelectorAll("button, select, input, summary, a, [tabindex='0']")]
  .filter(one => one.type !== "file")
  .filter(one => one.checkVisibility({{visibilityProperty: true, opacityProperty: true}}))
  .map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
  .filter(([, box]) => Math.min(box.width, box.height) < {LEAST_TARGET_PX})
  .map(([name]) => name)
"""
CUT_OFF = """
panel => [...panel.querySelectorAll("[data-photo] button, [data-photo] select, [data-selection] *")]
  .filter(one => one.checkVisibility())
  .filter(one => {
    const box = one.getBoundingClientRect();
    const frame = one.closest("[data-photo], [data-selection]").getBoundingClientRect();
    return box.left < frame.left - 1 || box.right > frame.right + 1;
  })
  .map(one => one.outerHTML.slice(0, 80))
"""
# What sticks out of the page, and what is pushed sideways to be seen. What a frame hides is not told.
STICKS_OUT = """
isPhone => {
  const name = one => one.outerHTML.slice(0, 120).replace(/\\s+/g, " ");
  const isClipped = one => {
    let frame = one.parentElement;
    while (frame && getComputedStyle(frame).overflowX === "visible") frame = frame.parentElement;
    return frame?.clientWidth < frame?.scrollWidth;
  };
  const shown = [...document.querySelectorAll("body *")]
    .filter(one => one.checkVisibility({visibilityProperty: true}));
  const beyond = shown.filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !isClipped(one));
  const pushed = shown.filter(one => ["auto", "scroll"].includes(getComputedStyle(one).overflowX))
    .filter(one => isPhone && one.scrollWidth > one.clientWidth + 1);
  const page = document.documentElement.scrollWidth > innerWidth ? ["the page"] : [];
  return [...page, ...beyond.slice(0, 3).map(name), ...pushed.slice(0, 3).map(name)];
}
"""
WATCH_JUMPS = """
window.jumps = [];
new PerformanceObserver(list => list.getEntries().forEach(one => {
  if (one.hadRecentInput) return;
  window.jumps.push(...one.sources.map(({node}) => node?.outerHTML?.slice(0, 90) ?? one.value));
})).observe({type: "layout-shift", buffered: true});
"""


@pytest.mark.parametrize("width", WIDTHS)
def test_all_is_in_view_and_large_enough_to_press(
    visit: Callable[..., GalleryPage], room: Room, alice: User, width: int
) -> None:
    add_photos(room, 10)
    gallery = visit(alice, f"/admin/rooms/room/{room.pk}/change/", width=width, has_touch=width < 640)
    gallery.press("remove", 9)
    gallery.page.locator("[data-removed] summary").click()
    for selecting in (False, True):
        if selecting:
            gallery.page.locator("[data-action=select-photos]").click()
            gallery.page.locator("[data-action=select-all]").click()
        assert gallery.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert gallery.panel.evaluate(TOO_SMALL) == []
        assert gallery.panel.evaluate(CUT_OFF) == []


@pytest.mark.parametrize("who", ["", "alice", "sam", "root"])
def test_every_page_is_as_wide_as_the_screen(
    new_context: Any, live_server: Any, alice: User, sam: User, root: User, who: str
) -> None:
    world = make_world(alice, sam, root)
    Establishment.objects.update(name="Domaine de Saint-Barthélemy-de-Bellegarde-lès-Montélimar")
    Room.objects.update(name="Chambre-Supérieure-avec-vue-sur-le-lac-et-la-montagne")
    User.objects.filter(pk=alice.pk).update(
        email="reservations.et.accueil@domaine-de-bellegarde-hotels.example"
    )
    context = new_context()
    if who:
        enter(context, world[who], live_server.url)
    page = context.new_page()
    found = []
    for address in (one for one in ADDRESSES if one.who == who):
        page.goto(live_server.url + fill(address.path, world))
        page.wait_for_function("() => !document.querySelector('[x-cloak]:root')")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate("() => new Promise(requestAnimationFrame)")
            found += [f"{address} {width}: {one}" for one in page.evaluate(STICKS_OUT, width < 768)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_jumps_while_a_page_with_photos_comes(
    visit: Callable[..., GalleryPage], room: Room, alice: User, new_context: Any, width: int
) -> None:
    add_photos(room, 6)
    gallery = visit(alice, f"/admin/rooms/room/{room.pk}/change/", width=width)
    gallery.page.add_init_script(WATCH_JUMPS)
    gallery.page.reload()
    expect(gallery.page.locator("[data-gallery][data-live]")).to_be_attached()
    gallery.page.wait_for_load_state("networkidle")
    assert gallery.page.evaluate("window.jumps") == []


def test_thumbnails_are_sharp_and_have_their_size(
    visit: Callable[..., GalleryPage], room: Room, alice: User, phone_photos: list[Path]
) -> None:
    options: dict[str, Any] = {"width": 390, "has_touch": True, "device_scale_factor": 3}
    gallery = visit(alice, f"/admin/rooms/room/{room.pk}/change/", **options)
    gallery.choose(phone_photos[0])
    gallery.wait_ready(1)
    for _visit in ("just added", "come back to"):
        thumb = gallery.card(0).locator("[data-thumb]")
        expect(thumb).to_have_attribute("width", "2880")
        expect(thumb).to_have_attribute("height", "2160")
        gallery.page.wait_for_function(
            "() => document.querySelector('[data-thumb]').currentSrc.endsWith('_640.webp')"
        )
        gallery.wait_until_saved()
        gallery.page.reload()
