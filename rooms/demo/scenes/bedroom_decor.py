"""Around the beds: the rug, the corner with its plant or armchair."""

from dataclasses import dataclass

from rooms.demo.cloth import rug
from rooms.demo.furniture.bedding import Bed
from rooms.demo.furniture.lamps import floor_lamp
from rooms.demo.furniture.plants import leafy, palm
from rooms.demo.furniture.seats import armchair
from rooms.demo.interior import Room
from rooms.demo.palette import mix
from rooms.demo.stage import Stage
from rooms.demo.views import Place
from rooms.demo.window import Opening, sun_patch


@dataclass(frozen=True)
class Plan:
    """What was drawn by lot for one bedroom."""

    room: Room
    opening: Opening
    beds: tuple[Bed, ...]
    place: Place


def furnish_corner(stage: Stage, plan: Plan) -> None:
    """The corner on the right: a plant, an armchair, or both."""
    room, palette, choice = plan.room, stage.palette, stage.rng.randrange(3)
    right = plan.beds[-1].x + plan.beds[-1].width + 0.85
    pot_color = stage.rng.choice(((226, 216, 200), palette.second, (190, 120, 86)))
    if choice == 0:
        floor_lamp(stage, (room.width - 0.40, 0, room.depth - 0.45))
    else:
        grow = palm if choice == 1 else leafy
        grow(stage, (max(right, room.width - 0.5), 0, room.depth - 0.9), 1.15, pot_color)
    if choice != 1 and room.width - right > 0.2:
        armchair(
            stage, room.width - 0.82, room.depth - 2.3, mix(palette.second, palette.textile, 0.3), side=True
        )


def lay_rug(stage: Stage, plan: Plan) -> None:
    palette, first, last = stage.palette, plan.beds[0], plan.beds[-1]
    ground = mix(palette.textile, (255, 255, 255), 0.3)
    cloth = rug(stage.rng, ground, palette.accent, palette.second)
    x0, x1 = first.x - 0.5, last.x + last.width + 0.5
    z0, z1 = first.foot - 0.65, first.foot + 1.1
    stage.footprint((x0, 0.0, z0), (x1, 0.0, z1), grow=0.02, blur=6, opacity=0.30)
    stage.face(
        (x0, 0.005, z1),
        (x1 - x0, 0.0, 0.0),
        (0.0, 0.0, z0 - z1),
        (255, 255, 255),
        texture=cloth,
        detail=(6, 5),
    )
    sun_patch(stage, plan.room, plan.opening)
