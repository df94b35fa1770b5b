"""The gallery fits every screen: nothing to scroll sideways, too small to press, or jumping."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from rooms.models import Room
from rooms.tests.browser.barriers import SCREENS, resize
from rooms.tests.browser.gallery_page import GalleryPage
from rooms.tests.conftest import add_photos

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
WATCH_JUMPS = """
window.jumps = [];
new PerformanceObserver(list => list.getEntries().forEach(one => {
  if (one.hadRecentInput) return;
  window.jumps.push(...one.sources.map(({node}) => node?.outerHTML?.slice(0, 90) ?? one.value));
})).observe({type: "layout-shift", buffered: true});
"""


@pytest.mark.parametrize("pointer", ["finger", "mouse"])
def test_all_is_in_view_and_large_enough_to_press(
    visit: Callable[..., GalleryPage], room: Room, alice: User, pointer: str
) -> None:
    add_photos(room, 10)
    is_phone = pointer == "finger"
    widths = [width for width in SCREENS if (width < 640) == is_phone]
    gallery = visit(alice, f"/admin/rooms/room/{room.pk}/change/", width=widths[0], has_touch=is_phone)
    gallery.press("remove", 9)
    gallery.page.locator("[data-removed] summary").click()
    for selecting in (False, True):
        if selecting:
            gallery.page.locator("[data-action=select-photos]").click()
            gallery.page.locator("[data-action=select-all]").click()
        for width in widths:
            resize(gallery.page, width)
            assert gallery.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width
            assert gallery.panel.evaluate(TOO_SMALL) == [], width
            assert gallery.panel.evaluate(CUT_OFF) == [], width


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
