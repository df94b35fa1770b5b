"""The gallery as a person meets it: choose, drop, caption, move, remove, save. All by its hooks.

What should come of it is the tests' business.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

# Notes what a glance could miss: how many photos went up at once, and where their bars have been.
WATCH = """
() => {
  const seen = window.seen = { atOnce: 0, shares: {}, checking: 0 };
  const look = () => {
    const cards = [...document.querySelectorAll("[data-photo][data-state=uploading]")];
    seen.atOnce = Math.max(seen.atOnce, cards.length);
    for (const card of cards) {
      const bar = card.querySelector("progress");
      const name = card.querySelector("[data-file-name]").textContent;
      if (bar.position < 0) seen.checking += 1;
      else (seen.shares[name] ??= []).push(Math.round(bar.position * 100));
    }
  };
  new MutationObserver(look).observe(document.querySelector("[data-gallery]"), {
    subtree: true, childList: true, attributes: true, attributeFilter: ["value", "data-state"],
  });
}
"""

FREE_INPUT = "Object.assign(document.createElement('input'), {type: 'file', multiple: true})"
DROP = """
([input, zone]) => {
  const dataTransfer = new DataTransfer();
  for (const file of input.files) dataTransfer.items.add(file);
  for (const kind of ["dragenter", "dragover", "drop"]) {
    zone.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
  }
}
"""


class GalleryPage:
    def __init__(self, page: Page, base_url: str) -> None:
        self.page, self.base_url = page, base_url
        self.panel = page.locator("[data-gallery]")
        self.cards = page.locator("[data-gallery] [data-photo]")
        self.status = page.locator("[data-status]")
        self.errors = page.locator("[data-errors] > *")

    def open(self, path: str) -> "GalleryPage":
        self.page.goto(self.base_url + path)
        expect(self.page.locator("[data-gallery][data-live]")).to_be_attached()
        return self

    # --- bringing photos in ---

    def choose(self, *files: Path) -> None:
        self.page.set_input_files("[data-photo-input]", list(files))

    def drop(self, *files: Path) -> None:
        """Files dropped on the zone: they come from a free input, for a page cannot drag from the desktop."""
        free_input = self.page.evaluate_handle(FREE_INPUT)
        element = free_input.as_element()
        assert element
        element.set_input_files(list(files))
        zone = self.page.locator("[data-dropzone]").element_handle()
        self.page.evaluate(DROP, [element, zone])

    def slow_down(self, bytes_per_s: int) -> None:
        """Uploads at the speed of hotel Wi-Fi; 0 takes the brake off."""
        wire = self.page.context.new_cdp_session(self.page)
        wire.send("Network.enable")
        wire.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_s or -1},
        )

    def watch(self) -> None:
        self.page.evaluate(WATCH)

    def seen(self) -> dict[str, Any]:
        return self.page.evaluate("window.seen")

    def wait_ready(self, count: int) -> None:
        expect(self.panel).to_have_attribute("data-count", str(count), timeout=30_000)
        expect(self.panel.locator("[data-photo][data-state=ready]")).to_have_count(count)

    # --- working on them ---

    def card(self, index: int) -> Locator:
        return self.cards.nth(index)

    def press(self, action: str, index: int) -> None:
        self.card(index).locator(f"[data-action={action}]").click()

    def caption(self, index: int, text: str) -> None:
        self.card(index).locator("[data-caption]").fill(text)

    def captions(self) -> list[str]:
        fields = self.page.locator("[data-photo] [data-caption]")
        return fields.evaluate_all("fields => fields.map(field => field.value)")

    def drag(self, index: int, onto: int) -> None:
        """By mouse, holding the picture itself."""
        self.panel.locator("[data-photos]").scroll_into_view_if_needed()
        start = self.card(index).locator("h3").bounding_box()
        goal = self.card(onto).locator("h3").bounding_box()
        assert start
        assert goal
        mouse = self.page.mouse
        mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
        mouse.down()
        mouse.move(start["x"] + start["width"] / 2 + 10, start["y"] + start["height"] / 2 + 10, steps=3)
        mouse.move(goal["x"] + goal["width"] / 2, goal["y"] + goal["height"] / 2, steps=10)
        self.page.wait_for_timeout(200)  # the others glide out of the way
        mouse.up()

    def ids(self) -> list[int | None]:
        """In the order of the screen; None for a photo that is not on the server."""
        ids = self.cards.evaluate_all("cards => cards.map(card => card.dataset.photoId)")
        return [int(photo_id) if photo_id else None for photo_id in ids]

    def wait_until_saved(self) -> None:
        """All that is done at once has reached the server: nothing would ask before leaving the page."""
        self.page.wait_for_function(
            "() => { const leaving = new Event('beforeunload', {cancelable: true});"
            " window.dispatchEvent(leaving); return !leaving.defaultPrevented; }"
        )

    def save(self, button: str = "_save") -> None:
        self.page.locator(f"button[name={button}]").click()

    def text(self, english: str) -> str:
        """In the language of the page."""
        return self.page.evaluate("english => gettext(english)", english)

    def error_lines(self) -> Sequence[str]:
        return self.errors.all_inner_texts()
