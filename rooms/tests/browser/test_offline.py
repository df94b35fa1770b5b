"""What comes back by itself, the connection or the person: it is said, nothing is lost, and all goes on."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from rooms.models import Room
from rooms.tests.browser.bad_server import REORDER, UPLOAD, Sometimes, refuse
from rooms.tests.browser.conftest import enter
from rooms.tests.browser.gallery_page import GalleryPage

NETWORK_ERROR = "The connection was lost. Try again when it is better: the photo is kept here."
OFFLINE = "You are offline. Photos go up as soon as the connection is back."
SESSION_ENDED = (
    "Your session has ended. Sign in again in another tab: your photos are kept, and go up once you "
    "are back here."
)

SLOW_BYTES_PER_S = 20_000


class Line:
    """The page's connection. One wire for all of its states: two would each insist on their own."""

    def __init__(self, page: Page) -> None:
        self.wire = page.context.new_cdp_session(page)
        self.wire.send("Network.enable")

    def be(self, *, offline: bool = False, bytes_per_s: int = -1) -> None:
        speed = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_s}
        self.wire.send("Network.emulateNetworkConditions", {"offline": offline, **speed})


@pytest.fixture
def line(room_page: GalleryPage) -> Line:
    return Line(room_page.page)


def come_back(gallery: GalleryPage) -> None:
    """To this tab, from another one: tests' pages always think they are looked at."""
    gallery.page.evaluate("window.dispatchEvent(new Event('focus'))")


def test_connection_cut_in_mid_upload_is_said_and_it_goes_on_by_itself(
    room_page: GalleryPage,
    room: Room,
    phone_photos: list[Path],
    small_photos: list[Path],
    line: Line,
) -> None:
    line.be(bytes_per_s=SLOW_BYTES_PER_S)
    room_page.choose(phone_photos[0], *small_photos[:4])
    room_page.page.wait_for_function("document.querySelector('[data-photo] progress')?.position > 0")

    line.be(offline=True)

    expect(room_page.card(0)).to_have_attribute("data-state", "queued")
    expect(room_page.card(0)).to_contain_text(room_page.text("Waiting for the connection"))
    expect(room_page.status).to_have_text(room_page.text(OFFLINE))
    assert not room.images.filter(width=2880).exists()

    line.be(offline=False)

    room_page.wait_ready(5)
    expect(room_page.errors).to_have_count(0)
    room_page.wait_until_saved()
    assert room_page.ids() == [photo.pk for photo in room.images.all()]
    assert room.images.count() == 5


def test_photos_chosen_without_connection_go_up_with_it(
    room_page: GalleryPage, room: Room, small_photos: list[Path], line: Line
) -> None:
    line.be(offline=True)
    room_page.choose(*small_photos[:2])
    expect(room_page.card(0)).to_have_attribute("data-state", "queued")
    line.be(offline=False)
    room_page.wait_ready(2)
    assert room.images.count() == 2


def test_a_phone_photo_chosen_without_connection_is_made_smaller_all_the_same(
    room_page: GalleryPage, phone_photos: list[Path], line: Line
) -> None:
    line.be(offline=True)
    room_page.choose(phone_photos[0])
    expect(room_page.card(0)).to_have_attribute("data-state", "queued", timeout=20_000)
    line.be(offline=False)
    room_page.wait_ready(1)
    expect(room_page.card(0).locator("[data-note]")).not_to_be_empty()


def test_session_that_ends_in_mid_upload_goes_on_after_signing_in(
    room_page: GalleryPage, room: Room, small_photos: list[Path]
) -> None:
    """Signing in again, as anybody would: by the link, in the tab that it opens."""
    page = room_page.page
    room_page.choose(small_photos[0])
    room_page.wait_ready(1)
    page.context.clear_cookies(name="sessionid")
    room_page.choose(*small_photos[1:6])
    expect(page.locator("[data-state=failed]")).to_have_count(5)
    assert room_page.text(SESSION_ENDED) in room_page.error_lines()[0]
    come_back(room_page)
    expect(page.locator("[data-sign-in]")).to_be_visible()

    with page.context.expect_page() as opened:
        page.locator("[data-sign-in]").click()
    opened.value.fill("[name=username]", "alice")
    opened.value.fill("[name=password]", "pass")
    opened.value.press("[name=password]", "Enter")
    opened.value.wait_for_url("**/admin/")
    opened.value.close()
    come_back(room_page)

    room_page.wait_ready(6)
    expect(room_page.errors).to_have_count(0)
    expect(page.locator("[data-sign-in]")).to_be_hidden()
    room_page.wait_until_saved()
    assert room_page.ids() == [photo.pk for photo in room.images.all()]


def test_stranger_who_signs_in_instead_gets_none_of_the_photos(
    room_page: GalleryPage, room: Room, small_photos: list[Path], bob: Any, live_server: Any
) -> None:
    room_page.page.context.clear_cookies(name="sessionid")
    room_page.choose(small_photos[0])
    expect(room_page.card(0)).to_have_attribute("data-state", "failed")
    enter(room_page.page.context, bob, live_server.url)
    come_back(room_page)
    expect(room_page.card(0)).to_have_attribute("data-state", "failed")
    assert room.images.count() == 0


def test_too_many_at_once_waits_as_long_as_the_server_says(
    room_page: GalleryPage, room: Room, small_photos: list[Path]
) -> None:
    requests = Sometimes(refuse(429, "rate_limited", **{"Retry-After": "2"}))
    room_page.page.route(UPLOAD, requests)
    room_page.choose(small_photos[0])
    room_page.wait_ready(1)
    assert len(requests.upload_ids) == 2
    assert len(set(requests.upload_ids)) == 1


def test_a_long_wait_is_said_once_for_all_that_it_stops(
    room_page: GalleryPage, small_photos: list[Path]
) -> None:
    requests = Sometimes(*[refuse(429, "rate_limited", **{"Retry-After": "300"})] * 3)
    room_page.page.route(UPLOAD, requests)
    room_page.choose(*small_photos[:8])
    expect(room_page.page.locator("[data-state=failed]")).to_have_count(8)
    assert len(requests.upload_ids) == 3
    room_page.page.locator("[data-action=retry-all]").click()
    room_page.wait_ready(8)


def test_what_a_dead_line_held_back_goes_on_when_the_person_comes_back(
    room_page: GalleryPage, room: Room, small_photos: list[Path]
) -> None:
    """Wi-Fi without internet behind it: the browser believes that it is online."""
    page = room_page.page
    page.clock.install()
    room_page.open(f"/admin/rooms/room/{room.pk}/change/")
    page.route("**/rooms/**", lambda route: route.abort("connectionreset"))
    room_page.choose(small_photos[0])
    for pause_s in (2, 5, 11):
        expect(room_page.card(0)).to_have_attribute("data-state", "queued")
        page.clock.fast_forward(pause_s * 1000)
    expect(room_page.card(0)).to_have_attribute("data-state", "failed")
    assert room_page.text(NETWORK_ERROR) in room_page.error_lines()[0]
    come_back(room_page)
    expect(room_page.card(0)).to_have_attribute("data-state", "failed")

    page.unroute("**/rooms/**")
    page.clock.fast_forward(45_000)

    room_page.wait_ready(1)
    expect(room_page.errors).to_have_count(0)
    assert room.images.count() == 1


def test_answers_that_come_out_of_order_do_not_change_the_order(
    room_page: GalleryPage, room: Room, small_photos: list[Path]
) -> None:
    held: list[Route] = []
    room_page.page.route(UPLOAD, lambda route: held.append(route))
    room_page.choose(*small_photos[:3])
    expect(room_page.cards).to_have_count(3)
    room_page.page.wait_for_function("document.querySelectorAll('[data-state=uploading]').length === 3")
    while len(held) < 3:
        room_page.page.wait_for_timeout(20)
    for number in (2, 0, 1):
        held[number].continue_()
        expect(room_page.card(number)).to_have_attribute("data-state", "ready")
    room_page.wait_until_saved()
    ids = room_page.ids()
    assert [photo.pk for photo in room.images.all()] == ids
    assert ids[2] == min(ids)  # the last one chosen came first


def test_leaving_asks_while_a_photo_that_failed_would_be_lost(
    room_page: GalleryPage, small_photos: list[Path]
) -> None:
    asked: list[str] = []
    room_page.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    room_page.page.route(UPLOAD, refuse(507, "storage_full"))
    room_page.choose(small_photos[0])
    expect(room_page.card(0)).to_have_attribute("data-state", "failed")
    room_page.page.reload()
    assert asked == ["beforeunload"]

    room_page.page.route(UPLOAD, refuse(415, "unsupported_type"))
    room_page.choose(small_photos[0])
    expect(room_page.card(0)).to_have_attribute("data-state", "failed")
    room_page.page.reload()
    assert asked == ["beforeunload"]  # nothing this page could still do for that one


LIST = (
    "fetch(JSON.parse(document.getElementById('gallery-config').textContent).urls.list).then(r => r.json())"
)


def test_a_late_answer_about_the_order_takes_no_photo_away(
    room_page: GalleryPage, room: Room, small_photos: list[Path]
) -> None:
    """A photo has come in while the server wrote that the order does not fit."""
    room_page.choose(*small_photos[:2])
    room_page.wait_ready(2)
    room_page.wait_until_saved()
    late: list[Route] = []
    room_page.page.route(REORDER, lambda route: late.append(route), times=1)
    room_page.press("move-later", 0)
    while not late:
        room_page.page.wait_for_timeout(20)
    before = room_page.page.evaluate(LIST)["images"]
    room_page.choose(small_photos[2])
    room_page.wait_ready(3)
    refusal = {"success": False, "code": "stale_order", "error": "x", "images": before}
    late[0].fulfill(status=409, json=refusal)
    room_page.wait_until_saved()
    expect(room_page.cards).to_have_count(3)
    assert room_page.ids() == [photo.pk for photo in room.images.all()]


@pytest.mark.parametrize("change", ["gone", "longer"])
def test_a_file_that_can_no_longer_be_read_is_told_as_that_and_given_up(
    room_page: GalleryPage, room: Room, small_photos: list[Path], tmp_path: Path, line: Line, change: str
) -> None:
    """Chosen while there was no connection; when there is one again, the device does not have it any more."""
    path = tmp_path / "IMG_7.jpg"
    path.write_bytes(small_photos[0].read_bytes())
    line.be(offline=True)
    room_page.choose(path, small_photos[1])
    expect(room_page.cards).to_have_count(2)
    expect(room_page.card(0)).to_contain_text(room_page.text("Waiting for the connection"))
    if change == "gone":
        path.unlink()
    else:
        path.write_bytes(small_photos[0].read_bytes() + bytes(100))
        os.utime(path, (0, 0))  # browsers tell by the time, to the second

    line.be(offline=False)

    room_page.wait_ready(1)
    expect(room_page.errors).to_have_count(1)
    [said] = room_page.error_lines()
    assert "IMG_7.jpg" in said
    assert room_page.text("This file can no longer be read. Choose it again.") in said
    expect(room_page.cards).to_have_count(1)
    room_page.wait_until_saved()
    assert room.images.count() == 1


def test_a_lost_line_is_not_taken_for_a_lost_file(room_page: GalleryPage, small_photos: list[Path]) -> None:
    room_page.page.route(UPLOAD, lambda route: route.abort("connectionreset"))
    room_page.page.clock.install()
    room_page.choose(small_photos[0])
    for pause_ms in (1000, 4000, 10_000):
        expect(room_page.card(0)).to_contain_text(room_page.text("Trying again…"))
        room_page.page.clock.run_for(pause_ms)
    expect(room_page.errors).to_have_count(1)
    assert room_page.text(NETWORK_ERROR) in room_page.error_lines()[0]
