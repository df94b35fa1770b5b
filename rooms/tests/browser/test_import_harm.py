"""ZIPs that are damaged, odd, or built to do harm: a sentence, and the page goes on."""

import struct
from pathlib import Path

import pytest
from playwright.sync_api import expect

from rooms.models import Establishment
from rooms.tests.browser.import_page import Open, send
from rooms.tests.test_import_hostile import MAKERS
from rooms.tests.transfer import contents, gallery_of, pack, photo

REFUSALS = {
    "leads out": "hors de son dossier",
    "absolute": "hors de son dossier",
    "drive": "hors de son dossier",
    "backslashes": "hors de son dossier",
    "link": "est un lien",
    "password": "mot de passe",
    "bomb": "plus grand",
    "overlapping": "plus grand",
    "twice": "deux fois",
    "truncated": "abîmé",
    "no ZIP": "abîmé",
    "too many": "plus de 20000 fichiers",
    "too many for its own list": "plus de 20000 fichiers",
    "with a longer list": "trop grand pour cette page",
}


def make_crowd(path: Path, count: int) -> Path:
    """So many empty files, each in a folder of its own; from 65,536 on only a newer list counts them."""
    return pack(path, {f"{number}/1.jpg": b"" for number in range(count)})


def make_crowd_of_an_old_program(path: Path) -> Path:
    """70,000 entries, of which the two bytes of the list's end say 4,464."""
    data = bytearray(make_crowd(path, 70_000).read_bytes())
    end, newer = data.rindex(b"PK\x05\x06"), data.rindex(b"PK\x06\x06")
    size, offset = struct.unpack_from("<QQ", data, newer + 40)
    del data[newer:end]
    struct.pack_into("<HHII", data, len(data) - 14, 4464, 4464, size, offset)
    path.write_bytes(data)
    return path


CROWDS = {
    "too many": lambda path: make_crowd(path, 20_001),
    "too many for its own list": make_crowd_of_an_old_program,
    "with a longer list": lambda path: make_crowd(path, 70_000),
}


@pytest.mark.parametrize("kind", REFUSALS)
def test_harmful_zip_is_refused_whole(
    open_hotel: Open, hotel: Establishment, tmp_path: Path, kind: str
) -> None:
    page = open_hotel()
    page.set_input_files("[data-import-zip]", (MAKERS | CROWDS)[kind](tmp_path / "bad.zip"))
    expect(page.locator("[data-errors] li")).to_have_count(1)
    expect(page.locator("[data-errors]")).to_contain_text(REFUSALS[kind])
    expect(page.locator("[data-action=import]")).to_be_hidden()
    page.set_input_files("[data-import-zip]", pack(tmp_path / "good.zip", {"101/1.jpg": photo(1)}))
    expect(page.locator("[data-errors] li")).to_have_count(0)
    send(page)
    assert contents(gallery_of(hotel, number="101")) == [photo(1)]


def test_folders_by_the_thousand_are_listed_without_a_halt(
    open_hotel: Open, hotel: Establishment, tmp_path: Path
) -> None:
    page = open_hotel()
    page.set_input_files("[data-import-zip]", make_crowd(tmp_path / "wide.zip", 3000))
    expect(page.locator("[data-import-room]")).to_have_count(3000, timeout=15_000)


def test_file_that_is_damaged_in_the_zip_is_named_and_the_others_come_in(
    open_hotel: Open, hotel: Establishment, tmp_path: Path
) -> None:
    files = {f"101/{number}.jpg": photo(number) for number in (1, 2, 3)}
    source = pack(tmp_path / "hotel.zip", files)
    data = bytearray(source.read_bytes())
    data[data.rindex(photo(2)) + 300] ^= 0xFF
    source.write_bytes(data)
    page = open_hotel()
    page.set_input_files("[data-import-zip]", source)
    send(page)
    expect(page.locator("[data-errors] li")).to_have_count(1)
    expect(page.locator("[data-errors]")).to_contain_text("101/2.jpg : Ce fichier est abîmé dans le ZIP")
    assert contents(gallery_of(hotel, number="101")) == [photo(1), photo(3)]


def test_files_that_are_no_photos_are_told_together_and_a_zip_in_a_zip_by_itself(
    open_hotel: Open, hotel: Establishment, tmp_path: Path
) -> None:
    inner = pack(tmp_path / "inner.zip", {"101/3.jpg": photo(3)}).read_bytes()
    files = {"101/1.jpg": photo(1), "101/a.txt": b"Bonjour", "101/b.txt": b"Salut", "101/inner.zip": inner}
    page = open_hotel()
    page.set_input_files("[data-import-zip]", pack(tmp_path / "hotel.zip", files))
    send(page)
    expect(page.locator("[data-errors] li")).to_have_count(2)
    expect(page.locator("[data-errors]")).to_contain_text("2 fichiers (a.txt, b.txt) : Ce fichier n’est pas")
    expect(page.locator("[data-errors]")).to_contain_text("101/inner.zip : Un ZIP dans un dossier")
    assert contents(gallery_of(hotel, number="101")) == [photo(1)]


def test_names_of_an_old_windows_come_as_they_can_and_go_where_the_person_says(
    open_hotel: Open, hotel: Establishment, tmp_path: Path
) -> None:
    source = pack(tmp_path / "hotel.zip", {"Suite Oc_ane/1.jpg": photo(1)})
    source.write_bytes(source.read_bytes().replace(b"Oc_ane", "Océane".encode("cp1252")))
    page = open_hotel()
    page.set_input_files("[data-import-zip]", source)
    line = page.locator("[data-import-room]")
    expect(line).to_have_attribute("data-state", "unmatched")
    expect(line.locator("[data-import-note]")).to_contain_text("Aucune chambre ne porte ce nom")
    line.locator("select").select_option(label="Suite Océane · 101")
    send(page)
    assert contents(gallery_of(hotel, number="101")) == [photo(1)]
