"""What goes wrong on the way up: bad files, weak Wi-Fi, a full disk, an ended session."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Route, expect

from rooms.models import Room
from rooms.tests.browser.bad_server import UPLOAD, UPLOAD_TEMPORARY, Sometimes, refuse
from rooms.tests.browser.gallery_page import GalleryPage
from rooms.tests.browser.photos import is_upright
from rooms.tests.browser.test_shrinking import SPY


def test_bad_files_do_not_stop_the_good_ones(
    room_page: GalleryPage, room: Room, small_photos: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("Pas une photo")
    (tmp_path / "<img src=x onerror=alert(1)>.jpg").write_bytes(b"\xff\xd8\xff not a photo either")
    (tmp_path / "huge.jpg").write_bytes(b"\xff\xd8\xff" + bytes(5_242_880))
    bad = ["notes.txt", "huge.jpg", "<img src=x onerror=alert(1)>.jpg"]

    room_page.choose(small_photos[0], *(tmp_path / name for name in bad), small_photos[1])

    room_page.wait_ready(2)
    expect(room_page.errors).to_have_count(3)
    lines = room_page.error_lines()
    assert all(name in line for name, line in zip(bad, lines, strict=True))
    assert "5 Mo" in lines[1].replace("\u202f", " ").replace("\xa0", " ")
    assert room_page.page.locator("[data-errors] img").count() == 0
    failed = room_page.page.locator("[data-photo][data-state=failed]")
    expect(failed).to_have_count(1)  # only the server could tell that one
    expect(failed.locator("[data-action=retry]")).to_be_hidden()
    failed.locator("[data-action=remove]").click()
    expect(room_page.errors).to_have_count(2)
    assert room.images.count() == 2


def test_gallery_takes_no_more_than_its_limit(
    room_page: GalleryPage, room: Room, small_photos: list[Path]
) -> None:
    room_page.choose(*small_photos[:12])
    room_page.wait_ready(10)
    expect(room_page.errors).to_have_count(1)
    assert room_page.error_lines()[0].startswith("2 photos")
    assert all(name in room_page.error_lines()[0] for name in ("10", "photo-10.jpg", "photo-11.jpg"))
    expect(room_page.page.locator("[data-photo-input]")).to_be_disabled()
    room_page.press("remove", 9)
    expect(room_page.page.locator("[data-photo-input]")).to_be_enabled()
    room_page.wait_until_saved()
    assert room.images.count() == 9


def test_a_full_disk_is_said_and_one_press_tries_again(
    room_page: GalleryPage, room: Room, small_photos: list[Path]
) -> None:
    requests = Sometimes(refuse(507, "storage_full"))
    room_page.page.route(UPLOAD, requests)
    room_page.choose(small_photos[0])
    expect(room_page.card(0)).to_have_attribute("data-state", "failed")
    assert "photo-0.jpg" in room_page.error_lines()[0]
    assert "storage_full" in room_page.error_lines()[0]

    room_page.press("retry", 0)

    room_page.wait_ready(1)
    expect(room_page.errors).to_have_count(0)
    assert len(set(requests.upload_ids)) == 1
    assert room.images.count() == 1


@pytest.mark.parametrize(
    "handler",
    [
        refuse(503, "storage_unavailable", **{"Retry-After": "1"}),
        lambda route: route.fulfill(status=500, body="<h1>Server Error (500)</h1>"),
        lambda route: route.abort("connectionreset"),
    ],
    ids=["503", "500", "network"],
)
def test_what_passes_is_tried_again_by_itself(
    room_page: GalleryPage, room: Room, small_photos: list[Path], handler: Callable[[Route], None]
) -> None:
    requests = Sometimes(handler)
    room_page.page.route(UPLOAD, requests)
    room_page.choose(small_photos[0])
    room_page.wait_ready(1)
    assert len(requests.upload_ids) == 2
    assert len(set(requests.upload_ids)) == 1
    expect(room_page.errors).to_have_count(0)


def test_a_lost_answer_makes_no_second_photo(
    room_page: GalleryPage, room: Room, small_photos: list[Path]
) -> None:
    def lose_answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    room_page.page.route(UPLOAD, Sometimes(lose_answer))
    room_page.choose(small_photos[0])
    room_page.wait_ready(1)
    assert room.images.count() == 1


def test_an_ended_session_keeps_the_photos(
    room_page: GalleryPage, room: Room, small_photos: list[Path], live_server: Any
) -> None:
    context = room_page.page.context
    session = next(cookie for cookie in context.cookies() if cookie["name"] == "sessionid")
    context.clear_cookies(name="sessionid")
    room_page.choose(*small_photos[:5])
    expect(room_page.page.locator("[data-state=failed]")).to_have_count(5)
    expect(room_page.errors).to_have_count(5)

    # Signed in again in another tab: with a new CSRF token, too.
    context.add_cookies([{"name": "sessionid", "value": session["value"], "url": live_server.url}])
    context.new_page().goto(f"{live_server.url}/admin/")
    room_page.page.locator("[data-action=retry-all]").click()

    room_page.wait_ready(5)
    expect(room_page.errors).to_have_count(0)


def test_save_tells_what_failed_before_it_goes_on_without(
    add_page: GalleryPage, small_photos: list[Path]
) -> None:
    add_page.page.route(UPLOAD_TEMPORARY, Sometimes(refuse(507, "storage_full")))
    add_page.page.fill("[name=name]", "Sans une")
    add_page.choose(*small_photos[:2])
    add_page.save()
    expect(add_page.status).to_contain_text("photo-0.jpg")
    assert not Room.objects.filter(name="Sans une").exists()

    add_page.save()

    add_page.page.wait_for_url("**/admin/rooms/room/")
    assert Room.objects.get(name="Sans une").images.count() == 1


def refuse_as_proxy(route: Route) -> None:
    """As one that takes no body of that size, in a page of its own."""
    route.fulfill(status=413, body="<h1>413 Request Entity Too Large</h1>")


def sent_sizes(gallery: GalleryPage) -> list[int]:
    return [size for size, _type, _name in gallery.page.evaluate("window.sent")]


def test_a_proxy_that_takes_a_megabyte_gets_a_smaller_photo(
    room_page: GalleryPage, room: Room, phone_photos: list[Path]
) -> None:
    room_page.page.evaluate(SPY)
    room_page.page.route(UPLOAD, Sometimes(refuse_as_proxy))
    room_page.choose(phone_photos[1])
    room_page.wait_ready(1)
    first, second = sent_sizes(room_page)
    assert first > 1_048_576
    assert second <= 1_000_000
    expect(room_page.errors).to_have_count(0)
    with Image.open(room.images.get().image.path) as master:
        assert max(master.size) == 1920
        assert is_upright(master)


def test_a_proxy_that_takes_hardly_anything_is_told_as_that_after_one_smaller_photo(
    room_page: GalleryPage, room: Room, phone_photos: list[Path], small_photos: list[Path]
) -> None:
    room_page.page.evaluate(SPY)
    requests = Sometimes(*[refuse_as_proxy] * 3)
    room_page.page.route(UPLOAD, requests)
    room_page.choose(phone_photos[1])
    expect(room_page.errors).to_have_count(1)
    [said] = room_page.error_lines()
    assert "IMG_2041.jpg" in said
    assert "trop pour ce serveur" in said
    assert len(requests.upload_ids) == 2
    expect(room_page.cards).to_have_count(0)
    room_page.wait_until_saved()
    assert room.images.count() == 0
