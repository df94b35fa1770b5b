"""The tables of the page in a real Chromium: what shrinking in it is worth, and the whole story of a room.

`run_shrink` sends ten photos over a weak line as they are and made smaller; seconds are from choosing the
files to the last "ready". `run_story` makes a room with ten photos, captioned, ordered and saved, with the
gallery and with the inline of Django's plain admin, as fast as a script can and at the pace of a person: the
times of the keystroke-level model. What was saved is read back.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from bench.figures import report
from bench.photos import make_large_photos, make_photos
from bench.sites import Served, served
from rooms.tests.live.cast import PASSWORD

# Megabits a second and milliseconds there and back: a hotel's Wi-Fi, and a good office line.
LINES: Final = {"4 Mbit/s": (4.0, 60), "50 Mbit/s": (50.0, 10)}
LIMIT_MS: Final = 600_000
WAYS: Final = {"as they are": "delete window.OffscreenCanvas", "made smaller": ""}
COUNT_BYTES: Final = """
window.sentBytes = 0;
const append = FormData.prototype.append;
FormData.prototype.append = function (name, value, ...more) {
  window.sentBytes += value instanceof Blob ? value.size : 0;
  return append.call(this, name, value, ...more);
};
"""
ALL_DONE: Final = """
document.querySelectorAll("[data-photo], [data-errors] > *").length >= %d
  && !document.querySelector("[data-photo]:not([data-state=ready], [data-state=failed])")
"""
# The seconds of Card, Moran and Newell: point at something and click, press a key.
POINT_S, KEY_S = 1.1 + 0.2, 0.28
CAPTIONS: Final = [
    *("Le lit double", "La vue sur la mer", "La salle de bains", "Le bureau", "Le balcon"),
    *("Le coin salon", "La chambre", "La douche", "Le jardin", "Le petit déjeuner"),
]
# The seventh is the best one and becomes the cover; the second goes to the end.
WANTED: Final = [6, 0, 2, 3, 4, 5, 7, 8, 9, 1]


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=["--no-sandbox"])
        yield browser
        browser.close()


def _open_form(browser: Browser, site: Served, model: str, line: str, script: str = "") -> Page:
    """The add form of `model`, signed in; the line is slow from then on."""
    page = browser.new_context(locale="en-GB").new_page()
    page.set_default_timeout(LIMIT_MS)
    page.add_init_script(script)
    page.goto(f"http://127.0.0.1:{site.server.address[1]}/admin/{model}/add/")
    page.fill("[name=username]", site.username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_selector("[name=name]")
    megabits_per_s, latency_ms = LINES[line]
    speed = dict.fromkeys(("downloadThroughput", "uploadThroughput"), megabits_per_s * 1e6 / 8)
    conditions = {"offline": False, "latency": latency_ms, **speed}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", conditions)
    return page


def run_shrink(rounds: int, photo_count: int, work: Path) -> dict[str, Any]:
    """Once, whatever `rounds` says."""
    rows = []
    # Nobody saves these rooms.
    with served("ours", work, ROOM_PHOTO_MAX_UNATTACHED="1000") as site, _chromium() as browser:
        _send(browser, site, make_photos()[:3], "50 Mbit/s", "as they are")
        for kind, photos in (("12 MP", make_photos()), ("48 MP", make_large_photos())):
            what = f"{kind}, {photos[1].stat().st_size / 1e6:.1f} MB"
            for line in LINES:
                for way in WAYS:
                    rows.append([what, line, way, *_send(browser, site, photos[:photo_count], line, way)])
    return report(rows, ["photos", "line", "sent", "arrived", "MB sent", "seconds"], rows)


def _send(browser: Browser, site: Served, photos: list[Path], line: str, way: str) -> list[str]:
    """How many photos arrived, megabytes sent, seconds."""
    page = _open_form(browser, site, "rooms/room", line, COUNT_BYTES + WAYS[way])
    page.wait_for_selector("[data-gallery][data-live]")
    began_s = time.perf_counter()
    page.set_input_files("[data-photo-input]", photos)
    page.wait_for_function(ALL_DONE % len(photos))
    took_s = time.perf_counter() - began_s
    arrived = page.locator("[data-photo][data-state=ready]").count()
    sent_mb = page.evaluate("window.sentBytes") / 1e6
    page.context.close()
    return [str(arrived), f"{sent_mb:.1f}", f"{took_s:.1f}"]


@dataclass
class Hands:
    """Does one thing after the other, counts them, and takes the time a person takes where asked to."""

    page: Page
    is_human: bool
    interactions: int = 0
    keys: int = 0
    began_s: float = field(default_factory=time.perf_counter)

    def at(self, what: str | Locator) -> Locator:
        """Points at it: every interaction begins so."""
        self.interactions += 1
        if self.is_human:
            time.sleep(POINT_S)
        return self.page.locator(what) if isinstance(what, str) else what

    def write(self, what: str | Locator, text: str) -> None:
        found = self.at(what)
        self.keys += len(text)
        if self.is_human:
            found.click()
            found.press("Control+a")
            found.press_sequentially(text, delay=KEY_S * 1000)
        else:
            found.fill(text)


def run_story(rounds: int, photo_count: int, work: Path) -> dict[str, Any]:
    """Once and with ten photos, whatever is asked for: the story has ten."""
    photos, rows = make_photos(), []
    ours = served("ours", work / "ours", LANGUAGE_CODE="en")
    with ours as gallery, served("inline", work / "inline") as inline, _chromium() as browser:
        ways = {
            "the gallery": (gallery, "rooms/room", _by_gallery),
            "Django's inline": (inline, "inline/room", _by_inline),
        }
        for line in LINES:
            for pace in ("a script's", "a person's"):
                for who, (site, model, tell) in ways.items():
                    hands = Hands(_open_form(browser, site, model, line), is_human=pace == "a person's")
                    choices = hands.page.locator("[name=establishment] option:not([value=''])")
                    hands.at("[name=establishment]").select_option(choices.first.get_attribute("value"))
                    hands.write("[name=name]", "Chambre 12")
                    tell(hands, photos)
                    hands.at("[name=_save]").click()  # waits for what is on its way; a person need not
                    hands.page.wait_for_url("**/room/")
                    took = f"{time.perf_counter() - hands.began_s:.1f}"
                    rows.append([who, line, pace, str(hands.interactions), str(hands.keys), took])
                    _check(hands.page)
    return report(rows, ["with", "line", "pace", "interactions", "keys", "seconds"], rows)


def _by_gallery(hands: Hands, photos: list[Path]) -> None:
    hands.at("[data-photo-input]").set_input_files(photos)
    cards = hands.page.locator("[data-photo]")
    for number, caption in enumerate(CAPTIONS):
        hands.write(cards.nth(number).locator("[data-caption]"), caption)
    hands.at(cards.nth(6).locator("[data-action=make-cover]")).click()
    hands.at(cards.nth(2).locator("[data-place]")).select_option("10")


def _by_inline(hands: Hands, photos: list[Path]) -> None:
    while hands.page.locator(".dynamic-images").count() < len(photos):
        hands.at(".add-row a").click()
    for number, (photo, caption) in enumerate(zip(photos, CAPTIONS, strict=True)):
        hands.at(f"[name=images-{number}-image]").set_input_files(photo)
        hands.write(f"[name=images-{number}-caption]", caption)
        hands.write(f"[name=images-{number}-order]", str(WANTED.index(number) + 1))


def _check(page: Page) -> None:
    """Nothing counts that was not saved: the newest room holds ten photos in the wanted order."""
    page.locator("#result_list a[href$='/change/']").first.click()
    page.wait_for_url("**/change/")
    captions = page.locator("[name^=images-][name$=-caption]:not([name*=__prefix__])")
    found = [text for text in captions.evaluate_all("all => all.map(one => one.value)") if text]
    assert found == [CAPTIONS[number] for number in WANTED], found
    page.context.close()
