"""The shape of the demonstration data: establishment, room, photo. No value here, see `catalogue.py`."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

PHOTOS: Final = Path(__file__).with_name("photos")


@dataclass(frozen=True)
class Photo:
    """A file in `photos/`, and the caption that its room's owner gives it."""

    file: str
    caption: str

    @property
    def path(self) -> Path:
        return PHOTOS / self.file


@dataclass(frozen=True)
class Room:
    """A room as its owner would describe it."""

    name: str
    number: str
    kind: str  # single, double, twin, family, suite, dormitory or apartment
    capacity: int
    beds: str
    surface_m2: int
    price_night: Decimal
    description: str
    published: bool
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True)
class Establishment:
    """A hotel or a guesthouse, and the username of its owner."""

    name: str
    city: str
    owner: str
    rooms: tuple[Room, ...]
