"""Which room a folder is meant for, and in which order its files come.

The page that reads folders in the browser keeps to the same rules: `static/admin/rooms/matching.js`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rooms.models import Room
from rooms.search import plain
from rooms.services.transfer.layout import safe_name

_UNCOUNTED: Final = re.compile(r"[\s\u00ad\u2010-\u2015\u2212-]+")


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
