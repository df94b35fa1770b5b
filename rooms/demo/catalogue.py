"""The data of the demonstration: owners, establishments, rooms, and the photos of each.

Plain data, no Django. `hotel.py`, `mas.py` and `chalet.py` each hold one
establishment and its rooms.
"""

from rooms.demo.chalet import CHALET
from rooms.demo.hotel import HOTEL
from rooms.demo.mas import MAS
from rooms.demo.records import Establishment, Photo, Room

OWNERS: tuple[str, ...] = ("claire", "marc")
STAFF = "equipe"
PASSWORD = "demo-chambres"  # noqa: S105  # printed for everyone who runs the demonstration

ESTABLISHMENTS: tuple[Establishment, ...] = (HOTEL, MAS, CHALET)


def every_room() -> list[Room]:
    return [room for establishment in ESTABLISHMENTS for room in establishment.rooms]


def every_photo() -> list[Photo]:
    return [photo for room in every_room() for photo in room.photos]
