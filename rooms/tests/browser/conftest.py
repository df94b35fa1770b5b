"""A real Chromium, signed-in people in it, and photos for them.

Every page is watched: an error in its console, a CSP violation among them, fails the test.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import testcases
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from rooms.models import Establishment, Room
from rooms.tests.browser.gallery_page import GalleryPage
from rooms.tests.browser.photos import make_phone_photo, make_small_photo
from rooms.tests.conftest import add_photos, signed_in

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
NAMES = ("chromium", "chromium-browser", "google-chrome")
# A refused request is written to the console too; the tests that provoke one say so themselves.
REFUSED_REQUEST = "Failed to load resource"

# An end for what never comes: a busy machine may take its time.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.fail("No Chromium: install one, or let the environment variable CHROMIUM name it.")
    # Playwright keeps an event loop in this thread, and Django then takes each query for one from inside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(autouse=True)
def photos_come_from_our_view(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django's test server would hand out the folder's files by itself, as whatever their names say."""
    monkeypatch.setattr(testcases._MediaFilesHandler, "_should_handle", lambda handler, path: False)


@pytest.fixture(autouse=True, scope="session")
def files_are_kept() -> Iterator[None]:
    """As on a site, where names have a hash: a page asks for its forty files once, and not each time."""
    serve = StaticFilesHandler.serve

    def serve_to_keep(handler: StaticFilesHandler, request: Any) -> Any:
        answer = serve(handler, request)
        answer.headers.setdefault("Cache-Control", "max-age=3600")
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "serve", serve_to_keep)
        yield


class Windows:
    """Browser windows with cookies of their own. Kept from test to test, for their caches save time."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.idle: dict[str, list[BrowserContext]] = {}
        self.in_use: list[tuple[str, BrowserContext]] = []
        self.complaints: list[str] = []

    def open(self, width: int = 1280, **options: Any) -> BrowserContext:
        size = {"width": width, "height": 900}
        options = {"viewport": size, "locale": "fr-FR", "reduced_motion": "reduce"} | options
        kind = repr(options)
        context = self.idle[kind].pop() if self.idle.get(kind) else self._create(options)
        self.in_use.append((kind, context))
        return context

    def _create(self, options: dict[str, Any]) -> BrowserContext:
        context = self.browser.new_context(**options)
        context.on("console", self._note)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        return context

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and REFUSED_REQUEST not in message.text:
            self.complaints.append(message.text)

    def put_away(self) -> list[str]:
        """Closes all pages; returns what they complained about."""
        for kind, context in self.in_use:
            for page in context.pages:
                if page.url.startswith("http"):
                    page.evaluate("localStorage.clear()")  # what was typed is kept there
                page.close()
            context.clear_cookies()
            self.idle.setdefault(kind, []).append(context)
        complaints, self.complaints, self.in_use = self.complaints, [], []
        return complaints


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Windows:
    return Windows(browser)


@pytest.fixture
def new_context(windows: Windows) -> Iterator[Callable[..., BrowserContext]]:
    """Opens windows; after the test none of their pages may have complained."""
    yield windows.open
    assert windows.put_away() == []


def enter(context: BrowserContext, user: User, base_url: str) -> None:
    """Signs `user` in without the form."""
    cookie = signed_in(user).cookies[django_settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": base_url}])


@pytest.fixture
def visit(new_context: Callable[..., BrowserContext], live_server: Any) -> Callable[..., GalleryPage]:
    """`visit(user, path)` opens a page of the gallery in a window of its own."""

    def open_page(user: User, path: str, **options: Any) -> GalleryPage:
        context = new_context(**options)
        enter(context, user, live_server.url)
        return GalleryPage(context.new_page(), live_server.url).open(path)

    return open_page


@pytest.fixture
def add_page(visit: Callable[..., GalleryPage], room: Room, alice: User) -> GalleryPage:
    """Alice has opened the form for a new room of her hotel, and chosen the hotel."""
    gallery = visit(alice, "/admin/rooms/room/add/")
    gallery.page.select_option("[name=establishment]", str(room.establishment_id))
    return gallery


@pytest.fixture
def room_page(visit: Callable[..., GalleryPage], room: Room, alice: User) -> GalleryPage:
    return visit(alice, f"/admin/rooms/room/{room.pk}/change/")


@pytest.fixture
def ids(room: Room) -> list[int]:
    """Of the room's four photos, in their order."""
    return [photo.pk for photo in add_photos(room, 4)]


@pytest.fixture
def gallery(ids: list[int], room_page: GalleryPage) -> GalleryPage:
    """The page of the room with four photos."""
    return room_page


@pytest.fixture
def hotel(establishment: Establishment, room: Room) -> Establishment:
    """Alice's, with six rooms: 101 to 105, and one without a number."""
    Room.objects.filter(pk=room.pk).update(name="Suite Océane", number="101")
    for number in range(102, 106):
        Room.objects.create(establishment=establishment, name=f"Chambre {number}", number=str(number))
    Room.objects.create(establishment=establishment, name="Grenier")
    return establishment


@pytest.fixture
def open_hotel(
    new_context: Callable[..., BrowserContext], live_server: Any, hotel: Establishment, alice: User
) -> Callable[..., Page]:
    """`open_hotel(user)` opens the hotel's page, where photos of many rooms come in."""

    def open_page(user: User = alice) -> Page:
        context = new_context()
        enter(context, user, live_server.url)
        page = context.new_page()
        page.goto(f"{live_server.url}/admin/rooms/establishment/{hotel.pk}/change/")
        page.wait_for_selector("[data-import][data-live]")
        return page

    return open_page


@pytest.fixture(scope="session")
def phone_photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Six of twelve megapixels, held in every way a phone is held."""
    folder = tmp_path_factory.mktemp("phone")
    orientations = (1, 6, 3, 8, 5, 7)
    photos = [make_phone_photo(folder / f"IMG_204{n}.jpg", n, turn) for n, turn in enumerate(orientations)]
    assert all(3_000_000 < photo.stat().st_size < 5_242_880 for photo in photos)
    return photos


@pytest.fixture(scope="session")
def small_photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Twelve that are quick: for all that does not depend on size."""
    folder = tmp_path_factory.mktemp("small")
    return [make_small_photo(folder / f"photo-{n}.jpg", n) for n in range(12)]


def session_photos() -> list[int]:
    """`room_temp_images` of the one session there is."""
    return Session.objects.get().get_decoded().get("room_temp_images", [])
