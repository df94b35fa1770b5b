"""The photos of an import on their way: a line that is cut, a session that ends, a person who stops."""

import time
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from playwright.sync_api import expect

from rooms.models import Establishment, RoomImage, UploadFailure
from rooms.tests.browser.conftest import enter
from rooms.tests.browser.import_page import (
    DONE,
    Line,
    Open,
    forty_photos,
    heavy,
    row,
    send,
)
from rooms.tests.transfer import contents, gallery_of, pack, photo


def test_line_that_is_slow_and_cut_doubles_and_loses_nothing(
    open_hotel: Open, hotel: Establishment, tmp_path: Path
) -> None:
    files = {name: heavy(number) for number, name in enumerate(forty_photos())}
    page = open_hotel()
    page.set_input_files("[data-import-zip]", pack(tmp_path / "hotel.zip", files))
    row(page, "Étoile").locator("select").select_option("new")
    line = Line(page)
    line.slow()
    page.click("[data-action=import]")
    while RoomImage.objects.count() < 10:
        page.wait_for_timeout(100)
    line.cut()
    page.wait_for_timeout(3000)
    assert RoomImage.objects.count() < 40, "the line was not cut in the middle"
    line.slow()
    page.wait_for_selector(DONE, timeout=120_000)
    expect(page.locator("[data-errors] li")).to_have_count(0)
    for folder, size in (("101", 8), ("102", 6), ("103", 6), ("104", 6), ("105", 6)):
        numbers = [number for number, name in enumerate(files) if f"/{folder}/" in name]
        photos = gallery_of(hotel, number=folder)
        assert len(photos) == len(numbers) == size
        assert [one.order for one in photos] == list(range(1, size + 1))
    assert RoomImage.all_objects.count() == 40


def test_each_room_says_how_many_of_its_photos_are_in(
    open_hotel: Open, hotel: Establishment, tmp_path: Path
) -> None:
    files = {f"{room}/{number}.jpg": photo(number) for room in (101, 102) for number in (1, 2)}
    page = open_hotel()
    page.set_input_files(
        "[data-import-zip]", pack(tmp_path / "hotel.zip", files | {"Étoile/1.jpg": photo(3)})
    )
    expect(page.locator("[data-action=import]")).to_have_text("Importer 4 photos")
    expect(row(page, "102").locator("[data-import-count]")).to_have_text("2 photos")
    send(page)
    for folder in ("101", "102"):
        expect(row(page, folder).locator("[data-import-count]")).to_have_text("2 sur 2 arrivées")
    expect(row(page, "Étoile").locator("[data-import-count]")).to_have_text("1 photo")
    expect(page.locator("[data-import] progress")).to_be_hidden()


def test_import_is_stopped_and_gone_on_with(open_hotel: Open, hotel: Establishment, tmp_path: Path) -> None:
    page = open_hotel()
    Line(page).slow()
    files = {f"101/{number}.jpg": heavy(number) for number in range(9)}
    page.set_input_files("[data-import-zip]", pack(tmp_path / "hotel.zip", files))
    page.click("[data-action=import]")
    expect(page.locator("[data-import-zip]")).to_be_disabled()
    while RoomImage.objects.count() < 2:
        page.wait_for_timeout(50)
    page.click("[data-action=stop-import]")
    page.wait_for_selector(DONE)
    expect(page.locator("[data-errors]")).to_contain_text("vous l’avez arrêté")
    expect(page.locator("[data-import-zip]")).to_be_enabled()
    there = RoomImage.objects.count()
    assert 2 <= there < 9
    page.wait_for_timeout(1500)
    assert RoomImage.objects.count() - there <= 3, "what was under way may arrive, nothing else"
    page.click("[data-import] [data-action=retry-all]")
    expect(page.locator("[data-status]")).to_contain_text("9 photos sont dans leurs chambres")
    photos = gallery_of(hotel, number="101")
    assert contents(photos) == list(files.values())
    assert [one.order for one in photos] == list(range(1, 10))


def test_line_that_is_cut_is_told(open_hotel: Open, hotel: Establishment, tmp_path: Path) -> None:
    page = open_hotel()
    files = {f"101/{number}.jpg": heavy(number) for number in range(5)}
    page.set_input_files("[data-import-zip]", pack(tmp_path / "hotel.zip", files))
    line = Line(page)
    line.cut()
    page.click("[data-action=import]")
    expect(page.locator("[data-status]")).to_contain_text("hors ligne")
    page.wait_for_timeout(500)
    line.slow()
    page.wait_for_selector(DONE)
    expect(page.locator("[data-errors] li")).to_have_count(0)
    assert len(gallery_of(hotel, number="101")) == 5


def test_more_photos_than_ten_minutes_allow_go_on_by_themselves(
    open_hotel: Open, hotel: Establishment, tmp_path: Path
) -> None:
    page = open_hotel()
    refusal = {"success": False, "code": "rate_limited", "error": "Trop de photos."}
    page.route(
        "**/upload-image/",
        lambda route: route.fulfill(status=429, json=refusal, headers={"Retry-After": "63"}),
    )
    page.clock.install()
    files = {f"101/{number}.jpg": photo(number) for number in range(5)}
    page.set_input_files("[data-import-zip]", pack(tmp_path / "hotel.zip", files))
    page.click("[data-action=import]")
    expect(page.locator("[data-errors] li")).to_have_count(1)
    expect(page.locator("[data-errors]")).to_contain_text("La suite partira alors d’elle-même")
    expect(page.locator(DONE)).to_have_count(0)
    page.unroute("**/upload-image/")
    page.clock.run_for(64_000)
    page.wait_for_selector(DONE)
    expect(page.locator("[data-errors] li")).to_have_count(0)
    assert len(gallery_of(hotel, number="101")) == 5


def test_session_that_ends_is_told_once_and_after_signing_in_it_goes_on(
    open_hotel: Open, hotel: Establishment, tmp_path: Path, alice: User, live_server: Any
) -> None:
    page = open_hotel()
    files = {f"101/{number}.jpg": photo(number) for number in range(5)}
    page.set_input_files("[data-import-zip]", pack(tmp_path / "hotel.zip", files))
    page.context.clear_cookies(name="sessionid")
    page.click("[data-action=import]")
    page.wait_for_selector(DONE)
    expect(page.locator("[data-errors] li")).to_have_count(1)
    expect(page.locator("[data-import] [data-sign-in]")).to_be_visible()
    enter(page.context, alice, live_server.url)
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator("[data-status]")).to_contain_text("5 photos sont dans leurs chambres")
    expect(page.locator("[data-errors] li")).to_have_count(0)
    assert len(gallery_of(hotel, number="101")) == 5


def test_what_the_page_gives_up_is_told_to_staff(
    open_hotel: Open, hotel: Establishment, tmp_path: Path, alice: User
) -> None:
    page = open_hotel()
    page.route("**/upload-image/", lambda route: route.fulfill(status=413, body="<html>too large</html>"))
    page.set_input_files("[data-import-zip]", pack(tmp_path / "hotel.zip", {"101/1.jpg": photo(1)}))
    send(page)
    expect(page.locator("[data-errors]")).to_contain_text("c’est trop pour ce serveur")
    deadline = time.monotonic() + 10
    while not UploadFailure.objects.exists() and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    failure = UploadFailure.objects.get()
    assert (failure.user, failure.room.number, failure.code, failure.where) == (
        alice,
        "101",
        "proxy_too_large",
        "page",
    )


def test_what_failed_is_tried_again(open_hotel: Open, hotel: Establishment, tmp_path: Path) -> None:
    page = open_hotel()
    page.route(
        "**/upload-image/",
        lambda route: route.fulfill(
            status=403, json={"success": False, "code": "forbidden", "error": "Non."}
        ),
    )
    page.set_input_files("[data-import-zip]", pack(tmp_path / "hotel.zip", {"101/1.jpg": photo(1)}))
    send(page)
    expect(page.locator("[data-errors] li")).to_have_count(1)
    page.unroute("**/upload-image/")
    page.click("[data-import] [data-action=retry-all]")
    expect(page.locator("[data-errors] li")).to_have_count(0)
    expect(page.locator("[data-import]")).to_have_attribute("data-done", "1")
    assert len(gallery_of(hotel, number="101")) == 1
