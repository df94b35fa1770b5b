"""An establishment's page takes a whole hotel in: as a ZIP, as a folder, dropped; and doubles nothing."""

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from rooms.models import Establishment, Room, RoomImage
from rooms.tests.browser.conftest import enter
from rooms.tests.conftest import add_photos
from rooms.tests.transfer import Files, contents, gallery_of, lay, pack, photo, run

DONE = "[data-import][data-done]"
TABLE = """room,file,order,caption,alternative_text,kind
101,101/3.jpg,1,'=Lit,Un lit,bed
101,101/2.jpg,2,,,
"""
FOUR_MBIT_A_SECOND = 500_000  # in bytes
type Open = Callable[..., Page]


@pytest.fixture
def hotel(establishment: Establishment, room: Room) -> Establishment:
    Room.objects.filter(pk=room.pk).update(name="Suite Océane", number="101")
    for number in range(102, 106):
        Room.objects.create(establishment=establishment, name=f"Chambre {number}", number=str(number))
    Room.objects.create(establishment=establishment, name="Grenier")
    return establishment


@pytest.fixture
def open_hotel(
    new_context: Callable[..., BrowserContext], live_server: Any, hotel: Establishment, alice: User
) -> Open:
    def open_page(user: User = alice) -> Page:
        context = new_context()
        enter(context, user, live_server.url)
        page = context.new_page()
        page.goto(f"{live_server.url}/admin/rooms/establishment/{hotel.pk}/change/")
        page.wait_for_selector("[data-import][data-live]")
        return page

    return open_page


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


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflated"])
def test_zip_of_forty_photos_goes_to_six_rooms(
    open_hotel: Open, hotel: Establishment, tmp_path: Path, method: int
) -> None:
    files = forty_photos() | {"Hôtel/photos.csv": TABLE.encode(), "__MACOSX/Hôtel/101/._1.jpg": b"x"}
    page = open_hotel()
    page.set_input_files("[data-import-zip]", pack(tmp_path / "hotel.zip", files, method))
    expect(page.locator("[data-import-room]")).to_have_count(7)
    expect(page.locator("[data-import-room][data-state=matched]")).to_have_count(6)
    expect(row(page, "Étoile")).to_have_attribute("data-state", "unmatched")
    assert not RoomImage.objects.exists()
    row(page, "Étoile").locator("select").select_option("new")
    expect(row(page, "Étoile")).to_have_attribute("data-state", "new")
    send(page)
    assert RoomImage.objects.count() == 40
    first = gallery_of(hotel, number="101")
    assert contents(first) == [photo(number) for number in (3, 2, 1, 4, 5, 6, 7, 8)]
    assert (first[0].caption, first[0].alternative_text, first[0].kind) == ("=Lit", "Un lit", "bed")
    assert contents(gallery_of(hotel, name="Étoile")) == [photo(60 + number) for number in range(1, 5)]
    assert [one.order for one in first] == list(range(1, 9))


def heavy(number: int) -> bytes:
    """About a hundred kilobytes, unlike those of other numbers."""
    image = Image.frombytes("L", (400, 300), random.Random(number).randbytes(400 * 300))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def test_line_that_is_slow_and_cut_doubles_and_loses_nothing(
    open_hotel: Open, hotel: Establishment, tmp_path: Path
) -> None:
    files = {name: heavy(number) for number, name in enumerate(forty_photos())}
    page = open_hotel()
    page.set_input_files("[data-import-zip]", pack(tmp_path / "hotel.zip", files))
    row(page, "Étoile").locator("select").select_option("new")
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    line = {"latency": 40, "downloadThroughput": -1, "uploadThroughput": FOUR_MBIT_A_SECOND}
    wire.send("Network.emulateNetworkConditions", {"offline": False, **line})
    page.click("[data-action=import]")
    while RoomImage.objects.count() < 10:
        page.wait_for_timeout(100)
    wire.send("Network.emulateNetworkConditions", {"offline": True, **line})
    page.wait_for_timeout(3000)
    assert RoomImage.objects.count() < 40, "the line was not cut in the middle"
    wire.send("Network.emulateNetworkConditions", {"offline": False, **line})
    page.wait_for_selector(DONE, timeout=120_000)
    expect(page.locator("[data-errors] li")).to_have_count(0)
    for folder, size in (("101", 8), ("102", 6), ("103", 6), ("104", 6), ("105", 6)):
        numbers = [number for number, name in enumerate(files) if f"/{folder}/" in name]
        photos = gallery_of(hotel, number=folder)
        assert len(photos) == len(numbers) == size
        assert [one.order for one in photos] == list(range(1, size + 1))
    assert RoomImage.all_objects.count() == 40


def test_the_same_again_doubles_nothing(
    open_hotel: Open, hotel: Establishment, tmp_path: Path, capsys: Any
) -> None:
    files = {f"101/{number}.jpg": photo(number) for number in (1, 2)} | {"101/twin.jpg": photo(1)}
    source = pack(tmp_path / "hotel.zip", files)
    for _time in range(2):
        page = open_hotel()
        page.set_input_files("[data-import-zip]", source)
        send(page)
        assert contents(gallery_of(hotel, number="101")) == [photo(1), photo(2), photo(1)]


def test_what_somebody_else_brought_in_is_not_doubled(
    open_hotel: Open, hotel: Establishment, tmp_path: Path, capsys: Any, sam: User
) -> None:
    source = pack(tmp_path / "hotel.zip", {f"101/{number}.jpg": photo(number) for number in (1, 2)})
    run("import_room_photos", capsys, source, "--establishment", hotel.pk)
    page = open_hotel(sam)
    page.set_input_files("[data-import-zip]", source)
    send(page)
    assert contents(gallery_of(hotel, number="101")) == [photo(1), photo(2)]


def test_folder_is_chosen(open_hotel: Open, hotel: Establishment, tmp_path: Path) -> None:
    page = open_hotel()
    page.set_input_files(
        "[webkitdirectory]", lay(tmp_path / "Hotel", {"102/10.jpg": photo(2), "102/9.jpg": photo(1)})
    )
    expect(row(page, "102")).to_have_attribute("data-state", "matched")
    send(page)
    assert contents(gallery_of(hotel, number="102")) == [photo(1), photo(2)]


def test_folder_is_dropped(open_hotel: Open, hotel: Establishment, tmp_path: Path) -> None:
    page = open_hotel()
    folder = lay(tmp_path / "Hotel", {f"102/{number}.jpg": photo(number) for number in range(3)})
    page.locator("[data-import]").scroll_into_view_if_needed()
    box = page.locator("[data-import]").bounding_box()
    assert box
    wire = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        data = {"items": [], "files": [str(folder)], "dragOperationsMask": 1}
        wire.send(
            "Input.dispatchDragEvent", {"type": kind, "data": data, "x": box["x"] + 40, "y": box["y"] + 40}
        )
    expect(row(page, "102")).to_have_attribute("data-state", "matched")
    send(page)
    assert len(gallery_of(hotel, number="102")) == 3


def test_person_corrects_what_goes_where(open_hotel: Open, hotel: Establishment, tmp_path: Path) -> None:
    page = open_hotel()
    files = {"Lit/1.jpg": photo(1), "101/1.jpg": photo(2), "top.jpg": photo(3)}
    page.set_input_files("[data-import-zip]", pack(tmp_path / "hotel.zip", files))
    expect(page.locator("[data-import-room][data-state=unmatched]")).to_have_count(2)
    row(page, "Lit").locator("select").select_option(label="Grenier")
    row(page, "101").locator("select").select_option("")
    expect(row(page, "Lit")).to_have_attribute("data-state", "matched")
    expect(row(page, "101")).to_have_attribute("data-state", "unmatched")
    send(page)
    assert contents(gallery_of(hotel, name="Grenier")) == [photo(1)]
    assert RoomImage.objects.count() == 1


def test_too_many_are_said_before_anything_is_sent(
    open_hotel: Open, hotel: Establishment, tmp_path: Path
) -> None:
    add_photos(Room.objects.get(number="101"), 8)
    page = open_hotel()
    files = {f"101/{number}.jpg": photo(number) for number in range(3)}
    page.set_input_files("[data-import-zip]", pack(tmp_path / "hotel.zip", files))
    expect(row(page, "101").locator("[data-import-note]")).to_contain_text("1 photo de trop")
    send(page)
    expect(page.locator("[data-errors] li")).to_have_count(1)
    expect(page.locator("[data-errors]")).to_contain_text("101 · 1 photo n’a pas été ajoutée")
    assert len(gallery_of(hotel, number="101")) == 10


def test_photo_that_was_removed_does_not_come_again(
    open_hotel: Open, hotel: Establishment, tmp_path: Path
) -> None:
    source = pack(tmp_path / "hotel.zip", {"101/1.jpg": photo(1), "101/2.jpg": photo(2)})
    page = open_hotel()
    page.set_input_files("[data-import-zip]", source)
    send(page)
    one = gallery_of(hotel, number="101")[0]
    one.removed_at = one.created_at
    one.save()
    page = open_hotel()
    page.set_input_files("[data-import-zip]", source)
    send(page)
    expect(page.locator("[data-errors]")).to_contain_text("101/1.jpg")
    assert contents(gallery_of(hotel, number="101")) == [photo(2)]


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


@pytest.mark.parametrize(
    ("files", "word"),
    [
        ({"../1.jpg": photo(1)}, "hors de son dossier"),
        ({"101/b.jpg": bytes(60_000_000)}, "plus grand"),
        (None, "abîmé"),
    ],
    ids=["leads out", "bomb", "damaged"],
)
def test_harmful_zip_is_refused_whole(
    open_hotel: Open, hotel: Establishment, tmp_path: Path, files: Files | None, word: str
) -> None:
    source = tmp_path / "bad.zip"
    if files is None:
        source.write_bytes(b"PK and no more")
    else:
        pack(source, {"101/1.jpg": photo(1)} | files, zipfile.ZIP_DEFLATED)
    page = open_hotel()
    page.set_input_files("[data-import-zip]", source)
    expect(page.locator("[data-errors]")).to_contain_text(word)
    expect(page.locator("[data-action=import]")).to_be_hidden()
    assert not RoomImage.objects.exists()
