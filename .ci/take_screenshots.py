"""Takes the pictures of the docs: the gallery in each of its states, as a person with a browser meets it.

take_screenshots.py <address of the demonstration> <folder of the pictures> <folder to work in>
"""

import io
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from rooms.demo.catalogue import every_photo

FLAGS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
PASSWORD = "demo-chambres"  # noqa: S105  # what `manage.py demo` prints
DESKTOP = {"viewport": {"width": 1360, "height": 940}, "locale": "en-GB"}
PHONE = {
    "viewport": {"width": 390, "height": 780},
    "locale": "en-GB",
    "device_scale_factor": 2,
    "has_touch": True,
}
MAX_BYTES = 150_000
SLOW_BYTES_PER_S = 20_000
CAPTIONS = {
    "bedroom-sea": "The bed and its view of the sea",
    "desk-sea": "A desk by the window",
    "bathroom-sea": "Bathroom with walk-in shower",
    "balcony-sea": "The balcony",
    "breakfast-sea": "Breakfast, served until eleven",
    "lounge-sea": "The lounge on the first floor",
    "facade-sea": "The house from the beach",
    "garden-sea": "The garden",
    "twin-sea": "The second room, with two beds",
    "single-sea": "The alcove",
}


class Studio:
    def __init__(self, browser: Browser, address: str, album: Path) -> None:
        self.browser, self.address, self.album = browser, address, album

    def enter(self, name: str, path: str, **options: Any) -> Page:
        context = self.browser.new_context(reduced_motion="reduce", **options)
        page = context.new_page()
        page.goto(f"{self.address}/admin/login/?next={path}")
        page.fill("[name=username]", name)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(f"**{path}")
        page.wait_for_load_state("networkidle")
        return page

    def take(self, page: Page, state: str, *, gallery_only: bool = True) -> None:
        """WebP, of a quality that keeps it below `MAX_BYTES`."""
        page.mouse.move(0, 0)
        page.wait_for_timeout(300)
        # The page's buttons float over the lower end of what is taken.
        style = "#submit-row { visibility: hidden; }" if gallery_only else ""
        subject = page.locator("[data-gallery]") if gallery_only else page
        with Image.open(io.BytesIO(subject.screenshot(animations="disabled", style=style))) as picture:
            picture.load()
        path = self.album / f"gallery{state and '-'}{state}.webp"
        for quality in (82, 70, 55):
            picture.save(path, "WEBP", quality=quality, method=6)
            if path.stat().st_size <= MAX_BYTES:
                break
        print(f"{path.name}: {path.stat().st_size} bytes")


def copy_photos(folder: Path) -> list[Path]:
    """Of each scene the demonstration's first picture, named as a camera names its files."""
    photos = []
    for number, scene in enumerate(CAPTIONS, start=2041):
        source = next(photo.path for photo in every_photo() if photo.file.startswith(f"{scene}-"))
        photos.append(Path(shutil.copy(source, folder / f"IMG_{number}.webp")))
    return photos


class Story:
    """From an empty form to a saved room with ten photos, with a picture of each state on the way."""

    def __init__(self, studio: Studio, photos: list[Path]) -> None:
        self.studio, self.photos = studio, photos
        self.page = studio.enter("claire", "/admin/rooms/room/add/", **DESKTOP)
        self.cards = self.page.locator("[data-photo]")
        self.wire = self.page.context.new_cdp_session(self.page)
        self.wire.send("Network.enable")

    def choose(self, *files: Path) -> None:
        self.page.set_input_files("[data-photo-input]", list(files))

    def wait(self, state: str, count: int) -> None:
        expect(self.page.locator(f"[data-photo][data-state={state}]")).to_have_count(count, timeout=60_000)

    def connect(self, *, offline: bool = False, bytes_per_s: int = -1) -> None:
        speed = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_s}
        self.wire.send("Network.emulateNetworkConditions", {"offline": offline, **speed})

    def begin(self) -> None:
        self.studio.take(self.page, "empty", gallery_only=False)
        self.choose(self.photos[0])
        self.wait("ready", 1)
        caption = self.cards.first.locator("[data-caption]")
        caption.fill(CAPTIONS["bedroom-sea"])
        caption.blur()
        self.studio.take(self.page, "one")

    def upload(self) -> None:
        self.connect(bytes_per_s=SLOW_BYTES_PER_S)
        self.choose(*self.photos[1:6])
        self.page.wait_for_function(
            "[...document.querySelectorAll('progress')].some(bar => bar.position > 0.4)"
        )
        self.studio.take(self.page, "uploading")
        self.connect()
        self.wait("ready", 6)

    def fail(self, work: Path) -> None:
        broken, bill = work / "IMG_2051.webp", work / "facture.pdf"
        whole = self.photos[0].read_bytes()
        broken.write_bytes(whole[: len(whole) // 2])
        bill.write_bytes(b"%PDF-1.7\n")
        self.choose(broken, bill)
        self.wait("failed", 1)
        self.studio.take(self.page, "failed")
        self.cards.last.locator("[data-action=remove]").click()
        while self.page.locator("[data-action=dismiss-error]").count():
            self.page.locator("[data-action=dismiss-error]").first.click()

    def lose_the_connection(self) -> None:
        self.connect(offline=True)
        self.choose(*self.photos[6:8])
        self.wait("queued", 2)
        self.studio.take(self.page, "offline")
        self.connect()
        self.wait("ready", 8)

    def finish(self) -> str:
        """The path of the saved room."""
        self.choose(*self.photos[8:])
        self.wait("ready", 10)
        fields = self.cards.locator("[data-caption]").all()
        for field, text in zip(fields, CAPTIONS.values(), strict=True):
            field.fill(text)
        self.page.locator("[name=establishment]").select_option(index=1)
        self.page.fill("[name=name]", "Suite Belle-Île")
        self.page.locator("button[name=_continue]").click()
        self.page.wait_for_url("**/change/")
        return self.page.url.removeprefix(self.studio.address)


def main() -> None:
    address, album, work = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=FLAGS)
        studio = Studio(browser, address, album)
        story = Story(studio, copy_photos(work))
        story.begin()
        story.upload()
        story.fail(work)
        story.lose_the_connection()
        path = story.finish()
        for state, person, options in (
            ("", "claire", DESKTOP),
            ("dark", "claire", DESKTOP | {"color_scheme": "dark"}),
            ("french", "claire", DESKTOP | {"locale": "fr-FR"}),
            ("phone", "claire", PHONE),
            ("read-only", "lecture", DESKTOP),
        ):
            page = studio.enter(person, path, **options)
            if state == "phone":
                page.locator("[data-gallery]").evaluate("panel => panel.scrollIntoView()")
            studio.take(page, state, gallery_only=state == "read-only")
        browser.close()


if __name__ == "__main__":
    main()
