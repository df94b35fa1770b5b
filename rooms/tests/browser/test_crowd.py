"""A server that lets in one upload at a time, and has one: the page waits, says so once, and finishes."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Response, expect

from rooms.models import Room, UploadFailure
from rooms.tests.browser.gallery_page import GalleryPage
from rooms.tests.conftest import picture
from rooms.tests.live.cast import PASSWORD, add_owner
from rooms.tests.live.live_server import LiveServer, running_server
from rooms.tests.live.raw_upload import END, FIELD, connect, read_answer
from rooms.tests.live.visitor import Visitor, upload_path
from rooms.tests.other_database import models_read

WORDS = "Many people are sending photos just now. Yours are kept here, and go up by themselves."
NOTE_WHAT_IS_SAID = """
window.said = [];
new MutationObserver(() => said.push(document.querySelector("[data-status]").textContent))
  .observe(document.querySelector("[data-status]"), { childList: true, characterData: true, subtree: true });
"""
# More than the three tries that a passing failure is given.
REFUSALS = 6


@pytest.fixture
def server(tmp_path: Path, django_db_blocker: Any) -> Iterator[LiveServer]:
    url = f"sqlite:///{tmp_path / 'db.sqlite3'}"
    # With DEBUG pages find their scripts without `collectstatic`.
    environment = {"WEB_CONCURRENCY": "1", "DEBUG": "on"}
    with (
        running_server(tmp_path, url, application="rooms.tests.live.one_place", **environment) as server,
        models_read(server.database_url, django_db_blocker),
    ):
        yield server


def test_page_waits_in_a_crowd_and_finishes(
    server: LiveServer, new_context: Callable[..., BrowserContext], small_photos: list[Path]
) -> None:
    hotel = add_owner().establishments.get()
    room = Room.objects.create(establishment=hotel, name="Chambre 1")
    visitor, address = Visitor(server.address), f"http://127.0.0.1:{server.address[1]}"
    visitor.sign_in(hotel.owner.username, PASSWORD)
    context = new_context()
    context.add_cookies(
        [{"name": name, "value": text, "url": address} for name, text in visitor.cookies.items()]
    )
    gallery = GalleryPage(context.new_page(), address).open(f"/admin/rooms/room/{room.pk}/change/")
    gallery.page.evaluate(NOTE_WHAT_IS_SAID)
    # A small body waits outside until it is there.
    body = FIELD + picture() + os.urandom(200_000) + END
    answers: list[int] = []

    def note(response: Response) -> None:
        if "/upload-image/" in response.url:
            answers.append(response.status)

    gallery.page.on("response", note)
    framing = f"Content-Length: {len(body)}\r\nExpect: 100-continue"
    with connect(visitor, upload_path(room), framing) as other:
        assert other.recv(1000).startswith(b"HTTP/1.1 100 ")  # now it has the place
        other.sendall(body[:-2])
        gallery.choose(*small_photos[:5])
        expect(gallery.status).to_have_text(gallery.text(WORDS))
        gallery.page.wait_for_timeout(1000)
        while len(answers) < REFUSALS:
            gallery.page.wait_for_timeout(100)
        assert set(answers) == {503}
        assert gallery.page.locator("[data-photo][data-state=failed]").count() == 0
        other.sendall(body[-2:])
        assert read_answer(other)[0] == 201

    # Five, or six once the page has heard of the other one.
    gallery.page.wait_for_function("document.querySelectorAll('[data-photo][data-state=ready]').length >= 5")
    assert (
        gallery.page.evaluate("words => said.filter((one) => one === words).length", gallery.text(WORDS)) == 1
    )
    assert room.images.count() == 6
    assert gallery.errors.count() == 0
    assert not UploadFailure.objects.filter(code="storage_unavailable").exists()
