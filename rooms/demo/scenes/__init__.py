"""The scenes, by name: what is drawn (`bedroom`, `pool`...) and where (`sea`, `hills`, `lake`)."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from rooms.demo.scenes.balcony import paint_balcony
from rooms.demo.scenes.bathroom import paint_bathroom
from rooms.demo.scenes.bedroom import paint_bedroom, paint_single, paint_twin
from rooms.demo.scenes.breakfast import paint_breakfast
from rooms.demo.scenes.desk import paint_desk
from rooms.demo.scenes.facade import paint_facade
from rooms.demo.scenes.garden import paint_garden
from rooms.demo.scenes.lounge import paint_lounge
from rooms.demo.scenes.pool import paint_pool
from rooms.demo.stage import Stage
from rooms.demo.views import Place

Painter = Callable[[tuple[int, int], Random, Place], Stage]


@dataclass(frozen=True)
class Scene:
    """How to paint a scene, and whether it may be seen in a mirror."""

    paint: Painter
    place: Place
    reversible: bool


PAINTERS: dict[str, tuple[Painter, bool]] = {
    "bedroom": (paint_bedroom, True),
    "single": (paint_single, True),
    "twin": (paint_twin, True),
    "bathroom": (paint_bathroom, True),
    "desk": (paint_desk, True),
    "lounge": (paint_lounge, True),
    "breakfast": (paint_breakfast, False),
    "balcony": (paint_balcony, False),
    "facade": (paint_facade, False),
    "garden": (paint_garden, False),
    "pool": (paint_pool, False),
}

SCENES: dict[str, Scene] = {
    f"{name}-{place}": Scene(paint, place, reversible)
    for name, (paint, reversible) in PAINTERS.items()
    for place in Place
}
