"""The whole story by two sets of hands: a new room with ten photos, captioned, ordered, saved.

`CHROMIUM=$(bash .ci/find-chromium) SECRET_KEY=x .venv/bin/python -m bench.story_work`: once with the gallery,
once with the inline of Django's plain admin, in a real Chromium, at the pace of a person (the times of
the keystroke-level model) and as fast as a script can. What was saved is read back from the page.
"""

import os
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from bench.costs import table
from bench.photos import make_missing_photos
from bench.servers import PASSWORD, Site, served
from bench.shrink_work import LINES, slow_down

FOLDER: Final = Path(__file__).parent
LIMIT_MS: Final = 300_000
# The keystroke-level model's seconds (Card, Moran and Newell): point at something and click, press a key.
POINT_S: Final = 1.1 + 0.2
KEY_S: Final = 0.28
CAPTIONS: Final = [
    "Le lit double", "La vue sur la mer", "La salle de bains", "Le bureau", "Le balcon",
    "Le coin salon", "La chambre", "La douche", "Le jardin", "Le petit déjeuner",
]  # fmt: skip
# The seventh is the best one and becomes the cover; the second goes to the end.
WANTED: Final = [6, 0, 2, 3, 4, 5, 7, 8, 9, 1]
OURS: Final = Site("story-ours", "bench.ours_site", "backoffice.wsgi", {"LANGUAGE_CODE": "en"})
PLAIN: Final = Site("story-plain", "bench.inline_site", "bench.peer_wsgi", {})


@dataclass
class Hands:
    """Does one thing after the other, counts them, and takes the time a person takes where asked to."""

    page: Page
    is_human: bool
    interactions: int = 0
    keys: int = 0
    began_s: float = field(default_factory=time.perf_counter)

    def click(self, what: Locator) -> None:
        self._point()
        what.click()

    def choose(self, what: Locator, files: list[Path]) -> None:
        """One dialog, however many files are marked in it."""
        self._point()
        what.set_input_files(files)

    def pick(self, what: Locator, value: str) -> None:
        self._point()
        what.select_option(value)

    def write(self, what: Locator, text: str) -> None:
        self._point()
        self.keys += len(text)
        if self.is_human:
            what.click()
            what.press("Control+a")
            what.press_sequentially(text, delay=KEY_S * 1000)
        else:
            what.fill(text)

    def cells(self) -> list[str]:
        return [str(self.interactions), str(self.keys), f"{time.perf_counter() - self.began_s:.1f}"]

    def _point(self) -> None:
        self.interactions += 1
        if self.is_human:
            time.sleep(POINT_S)


def main() -> None:
    work = FOLDER / "work" / "story"
    shutil.rmtree(work, ignore_errors=True)
    photos = make_missing_photos()
    rows = []
    with (
        served(OURS, work / OURS.name) as ours,
        served(PLAIN, work / PLAIN.name) as plain,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=["--no-sandbox"])
        ways = {
            "the gallery": (ours.address, "rooms/room", _by_gallery),
            "Django's inline": (plain.address, "inline_site/room", _by_inline),
        }
        for line in LINES:
            for is_human in (False, True):
                for who, (address, model, tell) in ways.items():
                    page = _open_form(browser, f"{address}/admin/{model}/add/", line)
                    hands = Hands(page, is_human)
                    tell(hands, photos)
                    cells = hands.cells()
                    _check(page, f"{address}/admin/{model}/")
                    page.context.close()
                    rows.append([who, line, "a person's" if is_human else "a script's", *cells])
        browser.close()
    print(table(["with", "line", "pace", "interactions", "keys", "seconds"], rows))


def _open_form(browser: Browser, address: str, line: str) -> Page:
    page = browser.new_context(locale="en-GB").new_page()
    page.set_default_timeout(LIMIT_MS)
    page.goto(address)
    page.fill("[name=username]", "owner")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_selector("[name=name]")
    slow_down(page, *LINES[line])
    return page


def _by_gallery(hands: Hands, photos: list[Path]) -> None:
    page = hands.page
    cards = page.locator("[data-photo]")
    hands.pick(page.locator("[name=establishment]"), _first_choice(page))
    hands.write(page.locator("[name=name]"), "Chambre 12")
    hands.choose(page.locator("[data-photo-input]"), photos)
    for number, caption in enumerate(CAPTIONS):
        hands.write(cards.nth(number).locator("[data-caption]"), caption)
    hands.click(cards.nth(6).locator("[data-action=make-cover]"))
    hands.pick(cards.nth(2).get_by_role("combobox"), "10")
    # Save waits for what is on its way; a person need not.
    hands.click(page.locator("[name=_save]"))
    page.wait_for_url("**/room/")


def _by_inline(hands: Hands, photos: list[Path]) -> None:
    page = hands.page
    hands.pick(page.locator("[name=establishment]"), _first_choice(page))
    hands.write(page.locator("[name=name]"), "Chambre 12")
    while page.locator(".dynamic-images").count() < len(photos):
        hands.click(page.locator(".add-row a"))
    for number, (photo, caption) in enumerate(zip(photos, CAPTIONS, strict=True)):
        hands.choose(page.locator(f"[name=images-{number}-image]"), [photo])
        hands.write(page.locator(f"[name=images-{number}-caption]"), caption)
        hands.write(page.locator(f"[name=images-{number}-order]"), str(WANTED.index(number) + 1))
    hands.click(page.locator("[name=_save]"))
    page.wait_for_url("**/room/")


def _first_choice(page: Page) -> str:
    choices = page.locator("[name=establishment] option").evaluate_all("all => all.map(one => one.value)")
    return next(value for value in choices if value)


def _check(page: Page, rooms: str) -> None:
    """Nothing counts that was not saved: the newest room holds ten photos in the wanted order."""
    page.goto(rooms)
    page.locator("#result_list a[href$='/change/']").first.click()
    page.wait_for_url("**/change/")
    captions: Any = page.locator("input[type=text][name$=-caption]:not([name*=__prefix__])")
    found = [text for text in captions.evaluate_all("all => all.map(one => one.value)") if text]
    if found != [CAPTIONS[number] for number in WANTED]:
        raise RuntimeError(f"saved: {found}")


if __name__ == "__main__":
    main()
