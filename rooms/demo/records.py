"""The shape of the demonstration data: establishment, room, photo. No value here, see `catalogue.py`."""

from dataclasses import dataclass
from decimal import Decimal

UPRIGHT = (1200, 1800)
WIDE = (1800, 1200)


@dataclass(frozen=True)
class Photo:
    """A picture to draw: what `draw` wants, and the caption it gets."""

    scene: str
    seed: int
    caption: str
    upright: bool = False

    @property
    def size(self) -> tuple[int, int]:
        return UPRIGHT if self.upright else WIDE


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
