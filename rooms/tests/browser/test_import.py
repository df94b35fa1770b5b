"""An establishment's page takes a whole hotel in: as a ZIP, as a folder, dropped; and doubles nothing."""

import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from rooms.models import Establishment, Room, RoomImage
from rooms.tests.browser.import_page import Open, forty_photos, row, send
from rooms.tests.conftest import add_photos
from rooms.tests.transfer import contents, gallery_of, lay, pack, photo, run

TABLE = """room,file,order,caption,alternative_text,kind
101,101/3.jpg,1,'=Lit,Un lit,bed
101,101/2.jpg,2,,,
"""


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
