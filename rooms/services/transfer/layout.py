"""The names of folders and files: as an export writes them, and which room an import finds by them.

Written names are legal on every system, and each only once. The page that reads folders in the browser keeps
to the same rules: `static/admin/rooms/matching.js`.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rooms.database import plain
from rooms.models import Room

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
