"""What is seen outside: the sea of Étretat, the hills of Provence, the lake of Annecy."""

from enum import StrEnum
from random import Random

from rooms.demo.canvas import Canvas
from rooms.demo.palette import Hour
from rooms.demo.views import hills, lake, sea


class Place(StrEnum):
    """Where the establishment stands: it decides the view and the architecture."""

    SEA = "sea"
    HILLS = "hills"
    LAKE = "lake"


def paint_view(canvas: Canvas, place: Place, hour: Hour, rng: Random, horizon: float = 0.45) -> None:
    """Fill the whole canvas with the view; `horizon` is the share of the height above the eye level."""
    painters = {Place.SEA: sea.paint, Place.HILLS: hills.paint, Place.LAKE: lake.paint}
    painters[place](canvas, hour, rng, horizon)
