"""The layout of photos in folders: as an export writes them, and as an import finds rooms and texts in them.

Written names are legal on every system, and each only once. The page that reads folders in the browser
keeps to the same rules: `static/admin/rooms/matching.js`. `photos.csv` has the texts and the order of each
photo.
"""

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rooms.database import plain
from rooms.errors import InvalidRequest
from rooms.models import Room, RoomImage

TABLE_NAME: Final = "photos.csv"
REPORT_NAME: Final = "report.txt"
# A file system takes 255; what makes a name unique has to find room.
NAME_MAX_BYTES: Final = 240
WORDS_MAX_CHARS: Final = 60
# What programs leave in folders; such a name would not come back.
PASSED_OVER: Final = ("__macosx", "thumbs.db", "desktop.ini")
_ILLEGAL: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u2028\u2029]')
_RESERVED: Final = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|\Z)", re.IGNORECASE
)
_UNCOUNTED: Final = re.compile(r"[\s\u00ad\u2010-\u2015\u2212-]+")
COLUMNS: Final = (
    "room", "file", "order", "caption", "alternative_text", "kind", "width", "height",
    "booking_code", "ota_code",
)  # fmt: skip
TEXTS: Final = ("caption", "alternative_text", "kind")
TABLE_MAX_BYTES: Final = 16 * 2**20
# By kind: the number in Booking's list of image tags, and in OpenTravel's list of picture categories.
KIND_CODES: Final[dict[str, tuple[int, int]]] = {
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


def safe_name(text: str) -> str:
    """`text` as the name of a folder, on Windows too: at most 240 bytes, never empty nor passed over."""
    name = _ILLEGAL.sub("-", unicodedata.normalize("NFC", text)).strip(" ")
    name = name.encode()[:NAME_MAX_BYTES].decode(errors="ignore").rstrip(" .")
    if not name or is_passed_over(name):
        return f"_{name}"
    if reserved := _RESERVED.match(name):
        end = len(reserved[0].rstrip("."))
        return f"{name[:end]}_{name[end:]}"
    return name


def photo_name(place: int, caption: str, shown: str, extension: str) -> str:
    """Such as `01-salle-de-bain.jpg`: its place, and the words of the caption, else of what is `shown`."""
    words = _words(caption) or _words(shown)
    return f"{place:02}{f'-{words}' if words else ''}{extension}"


def unique_name(name: str, taken: set[str]) -> str:
    """`name`, with a number behind it where it is `taken` already, and takes it; case does not count."""
    stem, number = name, 1
    while _folded(name) in taken:
        number += 1
        name = f"{stem} ({number})"
    taken.add(_folded(name))
    return name


def is_passed_over(path: str) -> bool:
    """Whether a path inside a source is a system's own: `.DS_Store`, `__MACOSX`, `Thumbs.db` and the like."""
    return any(part.startswith(".") or part.lower() in PASSED_OVER for part in path.split("/"))


def _words(text: str) -> str:
    words = "-".join(re.findall(r"[a-z0-9]+", plain(text)))
    return words[:WORDS_MAX_CHARS].rstrip("-")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


# --- which room a folder is meant for, and in which order its files come ---


@dataclass(frozen=True)
class RoomKeys:
    """The keys under which folders find a room."""

    numbers: frozenset[str]
    names: frozenset[str]


class RoomFinder:
    """The rooms of one establishment, by what folders are called."""

    def __init__(self, rooms: Iterable[Room]) -> None:
        self._by_number: dict[str, list[Room]] = defaultdict(list)
        self._by_name: dict[str, list[Room]] = defaultdict(list)
        for room in rooms:
            self.add(room)

    def add(self, room: Room) -> None:
        keys = find_room_keys(room)
        for key in keys.numbers:
            self._by_number[key].append(room)
        for key in keys.names:
            self._by_name[key].append(room)

    def find(self, folder: str) -> list[Room]:
        """The rooms it fits: a number wins over a name. More than one means that it goes to neither."""
        key = make_key(folder)
        return self._by_number.get(key) or self._by_name.get(key) or []


def find_room_keys(room: Room) -> RoomKeys:
    """Of its number and its name, each as it is and as an export writes it."""
    return RoomKeys(_keys(room.number), _keys(room.name))


def make_key(text: str) -> str:
    """What is left where case, accents, blanks and dashes do not count."""
    return _UNCOUNTED.sub("", plain(text))


def innermost_folder(path: str) -> str:
    """The name of the folder that a file lies in; empty at the top."""
    return path.rpartition("/")[0].rpartition("/")[2]


def natural_order(path: str) -> tuple[list[tuple[int, int, str]], str]:
    """Sorts as people count: 2 before 10. Case and accents only decide between names that are else equal."""
    parts = re.findall(r"[0-9]+|[^0-9]+", plain(path))
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts], path


def _keys(text: str) -> frozenset[str]:
    return frozenset(filter(None, (make_key(text), make_key(safe_name(text))))) if text else frozenset()


@dataclass(frozen=True)
class Row:
    """The row of one file; `order` is None where it is empty or no number."""

    room: str
    order: int | None
    texts: dict[str, str]


def write_table(rows: Iterable[Iterable[object]]) -> bytes:
    """The file, with its line of titles."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([_guard(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def read_table(data: bytes, folder: str = "") -> dict[str, Row]:
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
