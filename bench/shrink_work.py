"""What shrinking in the browser is worth: ten photos through Chromium on a weak line, with and without.

`CHROMIUM=$(bash .ci/find-chromium) SECRET_KEY=x .venv/bin/python -m bench.shrink_work`: the product's own
development environment, for its Playwright. Seconds are from choosing the files to the last "ready".
"""

import os
import shutil
import time
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

from bench.costs import table
from bench.photos import COUNT, make_missing_photos, make_photo
from bench.servers import PASSWORD, Site, served

FOLDER: Final = Path(__file__).parent
LARGE_PX: Final = (8000, 6000)
BITS_A_BYTE: Final = 8
# Megabits a second and milliseconds there and back: a hotel's Wi-Fi, and a good office line.
LINES: Final = {"4 Mbit/s": (4.0, 60), "50 Mbit/s": (50.0, 10)}
LIMIT_MS: Final = 600_000
WITHOUT: Final = "delete window.OffscreenCanvas"
COUNT_BYTES: Final = """
window.sentBytes = 0;
const append = FormData.prototype.append;
FormData.prototype.append = function (name, value, ...more) {
  if (value instanceof Blob) window.sentBytes += value.size;
  return append.call(this, name, value, ...more);
};
"""
ALL_DONE: Final = """
() => {
  const cards = [...document.querySelectorAll("[data-photo]")];
  return cards.every((card) => ["ready", "failed"].includes(card.dataset.state))
    && cards.length + document.querySelectorAll("[data-errors] > *").length >= %d;
}
"""


def main() -> None:
    work = FOLDER / "work" / "shrink"
    shutil.rmtree(work, ignore_errors=True)
    kinds = {"12 megapixels": make_missing_photos(), "48 megapixels": _make_large(FOLDER / "photos")}
    # Nobody saves these rooms.
    site = Site("ours", "bench.ours_site", "backoffice.wsgi", {"ROOM_PHOTO_MAX_UNATTACHED": "1000"})
    rows = []
    with served(site, work / "ours") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=["--no-sandbox"])
        _visit(browser, server.address, make_missing_photos()[:3], "50 Mbit/s", shrinks=True)
        for kind, photos in kinds.items():
            mean_mb = sum(photo.stat().st_size for photo in photos) / len(photos) / 1e6
            for line in LINES:
                for shrinks in (False, True):
                    found = _visit(browser, server.address, photos, line, shrinks=shrinks)
                    way = "made smaller" if shrinks else "as they are"
                    rows.append([f"{kind}, {mean_mb:.1f} MB", line, way, *found])
        browser.close()
    print(table(["ten photos of", "line", "sent", "arrived", "MB sent", "seconds"], rows))


def _visit(browser: Browser, address: str, photos: list[Path], line: str, *, shrinks: bool) -> list[str]:
    """How many photos arrived, megabytes sent, seconds."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(COUNT_BYTES + ("" if shrinks else WITHOUT))
    page.goto(f"{address}/admin/rooms/room/add/")
    page.fill("[name=username]", "owner")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_selector("[data-gallery][data-live]")
    slow_down(page, *LINES[line])
    began = time.perf_counter()
    page.set_input_files("[data-photo-input]", photos)
    page.wait_for_function(ALL_DONE % len(photos), timeout=LIMIT_MS)
    took_s = time.perf_counter() - began
    arrived = page.locator("[data-photo][data-state=ready]").count()
    sent_mb = page.evaluate("window.sentBytes") / 1e6
    context.close()
    return [str(arrived), f"{sent_mb:.1f}", f"{took_s:.1f}"]


def slow_down(page: Page, megabits_per_s: float, latency_ms: int) -> None:
    bytes_per_s = megabits_per_s * 1e6 / BITS_A_BYTE
    conditions: dict[str, Any] = {"offline": False, "latency": latency_ms}
    conditions |= {"downloadThroughput": bytes_per_s, "uploadThroughput": bytes_per_s}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", conditions)


def _make_large(folder: Path) -> list[Path]:
    """Ten files of one picture: what a JPEG has after its end changes nothing but its bytes."""
    paths = [folder / f"large-{number}.jpg" for number in range(COUNT)]
    if not all(path.exists() for path in paths):
        content = make_photo(1, LARGE_PX)
        for number, path in enumerate(paths):
            path.write_bytes(content + bytes([number]))
    return paths


if __name__ == "__main__":
    main()
