"""`photos.csv`: the texts and the order of each photo of an export, or of an import."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rooms.errors import InvalidRequest
from rooms.models import RoomImage

COLUMNS: Final = (
    "room", "file", "order", "caption", "alternative_text", "kind", "width", "height",
    "booking_code", "ota_code",
)  # fmt: skip
TEXTS: Final = ("caption", "alternative_text", "kind")
MAX_BYTES: Final = 16 * 2**20
# By kind: the number in Booking's list of image tags, and in OpenTravel's list of picture categories.
CODES: Final[dict[str, tuple[int, int]]] = {
    RoomImage.Kind.ROOM: (173, 6),
    RoomImage.Kind.BED: (13, 6),
    RoomImage.Kind.BATHROOM: (153, 6),
    RoomImage.Kind.VIEW: (156, 6),
    RoomImage.Kind.BALCONY: (157, 6),
    RoomImage.Kind.KITCHEN: (158, 6),
    RoomImage.Kind.LIVING: (159, 6),
    RoomImage.Kind.AMENITY: (155, 21),
    RoomImage.Kind.OUTSIDE: (10, 1),
    RoomImage.Kind.OTHER: (172, 20),
}
# A spreadsheet takes a cell that begins so for a formula. One that was guarded already is guarded again.
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
_GUARDED: Final = re.compile(r"'+[=+\-@\t\r]")


@dataclass(frozen=True)
class Row:
    """The row of one file; `order` is None where it is empty or no number."""

    room: str
    order: int | None
    texts: dict[str, str]


def write(rows: Iterable[Iterable[object]]) -> bytes:
    """The file, with its line of titles."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([_guard(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def read(data: bytes, folder: str = "") -> dict[str, Row]:
    """The rows by `path_key` of their file, which is relative to `folder`, where the table lies.

    Raises `InvalidRequest` for what is no table of this kind.
    """
    try:
        text = data.decode("utf-8-sig")
        # What a French spreadsheet writes.
        first = text.partition("\n")[0]
        delimiter = ";" if first.count(";") > first.count(",") else ","
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restval=""))
    except (UnicodeDecodeError, csv.Error):
        raise InvalidRequest from None
    if rows and "file" not in rows[0]:
        raise InvalidRequest
    return {path_key(f"{folder}/{_unguard(row['file'])}"): _read_row(row) for row in rows if row["file"]}


def path_key(path: str) -> str:
    """What two spellings of one path have in common: systems differ in accents, case and slashes."""
    parts = path.replace("\\", "/").split("/")
    return unicodedata.normalize("NFC", "/".join(part for part in parts if part not in ("", "."))).casefold()


def _read_row(row: dict[str, str]) -> Row:
    cells = {
        name: _unguard(cell) for name, cell in row.items() if isinstance(name, str) and isinstance(cell, str)
    }
    order = cells.get("order", "").strip()
    return Row(
        room=cells.get("room", "").strip(),
        order=int(order) if re.fullmatch(r"[0-9]{1,9}", order) else None,
        texts={name: cells[name] for name in TEXTS if name in cells},
    )


def _guard(cell: object) -> str:
    text = str(cell)
    return f"'{text}" if _FORMULA.match(text) else text


def _unguard(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell
