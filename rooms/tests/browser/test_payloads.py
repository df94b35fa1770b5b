"""Forty texts that would run if a page took them for more than text, in a browser that would run them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import BrowserContext, Page, expect

from rooms.models import Establishment, Room, RoomImage
from rooms.tests.browser.conftest import enter
from rooms.tests.browser.gallery_page import GalleryPage
from rooms.tests.conftest import add_photos, picture
from rooms.tests.payloads import NAMES, PAYLOADS

LIST = "/admin/rooms/room/"


@pytest.fixture
def house(alice: User, settings: Any) -> Room:
    """A room whose forty photos are captioned with the payloads, among rooms and houses named like them."""
    settings.ROOM_PHOTO_MAX_COUNT = 50
    houses = Establishment.objects.bulk_create(Establishment(name=name, owner=alice) for name in PAYLOADS)
    rooms = [Room(establishment=house, name=name) for house, name in zip(houses, PAYLOADS, strict=True)]
    Room.objects.bulk_create(rooms)
    room = Room.objects.create(establishment=houses[0], name=NAMES[0], description="\n".join(PAYLOADS))
    add_photos(room, len(PAYLOADS))
    for photo, caption in zip(room.images.all(), PAYLOADS, strict=True):
        RoomImage.objects.filter(pk=photo.pk).update(caption=caption)
    return room


class Watch:
    """Notes whatever a page does that only a payload would do. Its console is watched by the window."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.page, self.base_url = page, base_url
        self.noted: list[str] = []
        page.on("dialog", lambda dialog: (self.noted.append(dialog.message), dialog.dismiss()))
        page.on("framenavigated", lambda frame: self._note_address(frame.url))
        page.on("request", lambda request: self._note_address(request.url))
        page.on("popup", lambda popup: self.noted.append(popup.url))

    def _note_address(self, url: str) -> None:
        if not url.startswith((self.base_url, "about:", "blob:", "data:image/")):
            self.noted.append(url)

    def assert_quiet(self) -> None:
        assert self.noted == []
        assert self.page.evaluate("window.__xss") is None
        assert (
            self.page.evaluate("document.querySelectorAll('img[src=x], base, [onerror], [onload]').length")
            == 0
        )


@pytest.fixture
def watch(new_context: Callable[..., BrowserContext], live_server: Any, alice: User) -> Watch:
    context = new_context()
    enter(context, alice, live_server.url)
    return Watch(context.new_page(), live_server.url)


def test_a_text_that_runs_would_be_noticed(watch: Watch) -> None:
    watch.page.set_content(f"<p>{PAYLOADS[3]}</p>")
    watch.page.wait_for_function("window.__xss")
    with pytest.raises(AssertionError):
        watch.assert_quiet()


def test_no_page_runs_what_people_typed(watch: Watch, house: Room) -> None:
    page = watch.page
    for path in (
        LIST,
        "/admin/rooms/establishment/",
        f"{LIST}add/",
        f"{LIST}{house.pk}/change/",
        f"{LIST}{house.pk}/delete/",
        f"{LIST}{house.pk}/history/",
        f"/admin/rooms/establishment/{house.establishment_id}/delete/",
        f"{LIST}?q={'%20'.join(['<script>window.__xss=1</script>', 'x'])}",
    ):
        page.goto(watch.base_url + path, wait_until="load")
        watch.assert_quiet()
    page.goto(f"{watch.base_url}{LIST}{house.pk}/change/")
    page.locator("button[name=_continue]").click()
    expect(page.get_by_text("window.__xss=1").first).to_be_attached()
    watch.assert_quiet()


def test_gallery_that_lives_shows_every_caption_literally(watch: Watch, house: Room) -> None:
    gallery = GalleryPage(watch.page, watch.base_url).open(f"{LIST}{house.pk}/change/")
    assert gallery.captions() == PAYLOADS
    alternatives = watch.page.locator("[data-photo] img").evaluate_all("images => images.map((i) => i.alt)")
    assert alternatives == PAYLOADS
    gallery.press("move-later", 0)
    gallery.press("remove", 1)
    gallery.wait_until_saved()
    watch.page.locator("[data-action=undo]").click()
    expect(gallery.panel).to_have_attribute("data-count", str(len(PAYLOADS)))
    for index in range(len(PAYLOADS)):
        gallery.card(index).hover()
    watch.assert_quiet()


def test_names_of_files_are_shown_literally(watch: Watch, house: Room, tmp_path: Path) -> None:
    """Good ones on their card, bad ones in the line that says what is wrong."""
    gallery = GalleryPage(watch.page, watch.base_url).open(f"{LIST}add/")
    # A file's name has no slash, not even in a browser.
    names = [name.replace("/", "\u2215") for name in PAYLOADS]
    for batch in (names[:20], names[20:]):
        files = [{"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"} for name in batch]
        watch.page.set_input_files("[data-photo-input]", files)
        expect(gallery.errors).to_have_count(len(batch), timeout=60_000)
        shown = "\n".join(gallery.errors.all_text_contents())
        assert [name for name in batch if f"{name}.jpg" not in shown] == []
        watch.assert_quiet()
        watch.page.reload()
    good = [{"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": picture()} for name in names[:6]]
    watch.page.set_input_files("[data-photo-input]", good)
    gallery.wait_ready(6)
    watch.assert_quiet()


DROP_MARKUP = """
([zone, kind]) => {
  const data = new DataTransfer();
  data.setData("text/uri-list", "https://evil.example/photo.jpg");
  data.setData("text/html", "<img src=x onerror='window.__xss=1'><a href='//evil.example/'>x</a>");
  data.setData("text/plain", "javascript:window.__xss=1");
  const options = { bubbles: true, cancelable: true };
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { ...options, clipboardData: data })
    : new DragEvent(kind, { ...options, dataTransfer: data });
  zone.dispatchEvent(event);
  return event.defaultPrevented;
}
"""


def test_link_or_markup_from_elsewhere_is_neither_followed_nor_fetched(watch: Watch, room: Room) -> None:
    gallery = GalleryPage(watch.page, watch.base_url).open(f"{LIST}{room.pk}/change/")
    zone = watch.page.locator("[data-dropzone]").element_handle()
    address = watch.page.url
    for kind in ("dragenter", "dragover", "paste"):
        watch.page.evaluate(DROP_MARKUP, [zone, kind])
    assert watch.page.evaluate(DROP_MARKUP, [zone, "drop"])  # the browser itself would follow it
    watch.page.wait_for_timeout(300)
    assert watch.page.url == address
    assert gallery.cards.count() == 0
    watch.assert_quiet()


def test_json_opened_as_a_page_is_text(watch: Watch, house: Room) -> None:
    response = watch.page.goto(f"{watch.base_url}/rooms/{house.pk}/images/")
    assert response
    assert response.headers["content-type"] == "application/json"
    assert watch.page.locator("script, img, svg, iframe").count() == 0
    assert "__xss" in watch.page.locator("body").inner_text()
    watch.assert_quiet()
