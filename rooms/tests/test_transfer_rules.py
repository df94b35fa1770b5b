"""Names of folders and files, `photos.csv`, and which folder is meant for which room.

The script that reads folders in the browser keeps to the same table of cases (`js/transfer.test.js`).
"""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from rooms.errors import InvalidRequest
from rooms.models import Room
from rooms.services.transfer import layout
from rooms.services.transfer.importing import make_upload_id
from rooms.services.transfer.layout import (
    RoomFinder,
    find_room_keys,
    innermost_folder,
    is_passed_over,
    make_key,
    natural_order,
    photo_name,
    safe_name,
    unique_name,
)

CASES: dict[str, Any] = json.loads(Path(__file__).with_name("transfer_cases.json").read_text())


@pytest.mark.parametrize(("one", "other"), CASES["same"])
def test_case_accents_blanks_and_dashes_do_not_count(one: str, other: str) -> None:
    assert make_key(one) == make_key(other) != ""


@pytest.mark.parametrize(("one", "other"), CASES["different"])
def test_all_else_counts(one: str, other: str) -> None:
    assert make_key(one) != make_key(other)


@pytest.mark.parametrize("case", CASES["matches"], ids=lambda case: case["folder"])
def test_folder_matches_number_then_name(case: dict[str, Any]) -> None:
    rooms = [Room(number=number, name=name) for number, name in case["rooms"]]
    found = RoomFinder(rooms).find(case["folder"])
    assert [next(place for place, room in enumerate(rooms) if room is one) for one in found] == case["found"]
    keys = map(find_room_keys, rooms)
    assert [[sorted(key.numbers), sorted(key.names)] for key in keys] == case["keys"]  # what a page is given


@pytest.mark.parametrize(("path", "folder"), CASES["innermost"])
def test_innermost_folder_counts(path: str, folder: str) -> None:
    assert innermost_folder(path) == folder


def test_two_comes_before_ten() -> None:
    mixed, sorted_ = CASES["order"]
    assert sorted(mixed, key=natural_order) == sorted_


@pytest.mark.parametrize(("path", "is_so"), CASES["passed_over"])
def test_files_of_systems_are_passed_over(path: str, is_so: bool) -> None:
    assert is_passed_over(path) is is_so


@pytest.mark.parametrize("case", CASES["tables"], ids=lambda case: case["text"][:12])
def test_table_is_read(case: dict[str, Any]) -> None:
    rows = layout.read_table(case["text"].encode(), case["folder"])
    assert {path: {"room": row.room, "order": row.order} | row.texts for path, row in rows.items()} == case[
        "rows"
    ]


@pytest.mark.parametrize("case", CASES["upload_ids"], ids=lambda case: str(case["occurrence"]))
def test_photo_is_told_again_by_room_and_content(case: dict[str, Any]) -> None:
    made = make_upload_id(Room(pk=case["room"]), case["content"].encode(), case["occurrence"])
    assert made == uuid.UUID(case["id"])


# --- names --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Chambre 12", "Chambre 12"),
        ("A/B: C?", "A-B- C-"),
        ("con", "con_"),
        ("LPT1.old", "LPT1_.old"),
        ("Suite. . ", "Suite"),
        ("...", "_"),
        (".git", "_.git"),
        ("__MACOSX", "___MACOSX"),
        ("a\x00b\tc", "a-b-c"),
        ("e\u0301toile", "étoile"),
    ],
)
def test_written_names_are_legal_on_windows(text: str, name: str) -> None:
    assert safe_name(text) == name


def test_written_names_have_at_most_255_bytes() -> None:
    taken: set[str] = set()
    names = [unique_name(safe_name("é🏨" * 60), taken) for _number in range(12)]
    assert len(set(names)) == 12
    assert max(len(name.encode()) for name in names) <= 255
    assert len(photo_name(12, "é" * 200, "", ".jpg").encode()) <= 255


def test_written_names_are_unique_without_regard_to_case() -> None:
    taken = {"photos.csv"}
    names = [unique_name(name, taken) for name in ("Suite", "SUITE", "suite", "Photos.csv")]
    assert names == ["Suite", "SUITE (2)", "suite (3)", "Photos.csv (2)"]


@pytest.mark.parametrize(
    ("caption", "shown", "name"),
    [
        ("Salle de bain", "Lit", "01-salle-de-bain.jpg"),
        ("", "Salle de bain", "01-salle-de-bain.jpg"),
        ("Vue d’été : cœur", "", "01-vue-d-ete-coeur.jpg"),
        ("客室", "Chambre", "01-chambre.jpg"),
        ("", "", "01.jpg"),
    ],
)
def test_words_of_a_file_come_from_the_caption_else_from_the_kind(
    caption: str, shown: str, name: str
) -> None:
    assert photo_name(1, caption, shown, ".jpg") == name


# --- the table ----------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["=1+1", "+33", "-5", "@x", "\tx", "\rx", "'=x", "''-", "'plain", "a=b", ""])
def test_no_cell_is_a_formula_and_each_comes_back(text: str) -> None:
    data = layout.write_table([("101", "101/a.jpg", 1, text, text, "bed", 4, 3, 13, 6)])
    cell = data.decode().split("101/a.jpg,1,")[1].lstrip('"')[:1]
    assert cell not in ("=", "+", "-", "@", "\t", "\r")
    assert layout.read_table(data)["101/a.jpg"].texts == {
        "caption": text,
        "alternative_text": text,
        "kind": "bed",
    }


def test_table_has_the_columns_in_their_order() -> None:
    first = layout.write_table([]).decode().splitlines()[0]
    assert first == "room,file,order,caption,alternative_text,kind,width,height,booking_code,ota_code"


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"a,b\n1,2\n", b'file\n"' + b"x" * 200_000 + b'"\n'])
def test_what_is_no_table_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidRequest):
        layout.read_table(data)
