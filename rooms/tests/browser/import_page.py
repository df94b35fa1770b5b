"""An establishment's page with the panel that takes a whole hotel in, and what is brought there."""

import io
import random
from collections.abc import Callable
from typing import Any

from PIL import Image
from playwright.sync_api import Page

from rooms.tests.transfer import Files, photo

DONE = "[data-import][data-done]"
FOUR_MBIT_A_SECOND = 500_000  # in bytes
type Open = Callable[..., Page]


def row(page: Page, folder: str) -> Any:
    return page.locator("[data-import-room]").filter(has=page.get_by_text(folder, exact=True))


def send(page: Page) -> None:
    page.click("[data-action=import]")
    page.wait_for_selector(DONE, timeout=120_000)


def forty_photos() -> Files:
    """Onto six rooms, of which one is told by its name, and one folder that fits none."""
    folders = ["101", "102", "103", "104", "105", "GRENIER", "Étoile"]
    sizes = [8, 6, 6, 6, 6, 4, 4]
    return {
        f"Hôtel/{folder}/{number}.jpg": photo(10 * place + number)
        for place, (folder, size) in enumerate(zip(folders, sizes, strict=True))
        for number in range(1, size + 1)
    }


def heavy(number: int) -> bytes:
    """About a hundred kilobytes, unlike those of other numbers."""
    image = Image.frombytes("L", (400, 300), random.Random(number).randbytes(400 * 300))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


class Line:
    """The page's line to the server, which can be made slow, cut and mended."""

    def __init__(self, page: Page) -> None:
        self.wire = page.context.new_cdp_session(page)
        self.wire.send("Network.enable")

    def slow(self, *, offline: bool = False) -> None:
        """4 Mbit/s upwards, or none at all."""
        self.wire.send(
            "Network.emulateNetworkConditions",
            {
                "offline": offline,
                "latency": 40,
                "downloadThroughput": -1,
                "uploadThroughput": FOUR_MBIT_A_SECOND,
            },
        )

    def cut(self) -> None:
        self.slow(offline=True)
