"""The balcony: a table for two, plants, the view over the railing."""

from random import Random

from rooms.demo.cloth import folds
from rooms.demo.furniture.plants import leafy, palm
from rooms.demo.furniture.terrace import bistro
from rooms.demo.outdoors import ground, lights_string, open_terrace, railing
from rooms.demo.palette import HOURS, PALETTES, WHITE, mix, shade
from rooms.demo.stage import Stage
from rooms.demo.texture import boards, tiles
from rooms.demo.views import Place


def paint_balcony(size: tuple[int, int], rng: Random, place: Place) -> Stage:
    palette, hour = rng.choice(PALETTES), rng.choice(HOURS)
    stage = open_terrace(size, palette, hour, rng, place, level=0.44, height=1.55, focal=0.88)
    far = 4.0
    if place is Place.LAKE:
        ground(stage, -4, 4, far, mix(palette.wood, (226, 206, 178), 0.3), boards(rng, 26))
    else:
        tile = mix((222, 180, 146), palette.wall, 0.35) if place is Place.HILLS else (226, 220, 210)
        ground(stage, -4, 4, far, tile, tiles(rng, 16, 7, joint=0.84, vary=22))
    railing(stage, -4, 4, far, place)
    side = rng.choice((-1, 1))
    pots = ((226, 216, 200), (190, 120, 86), palette.second)
    (palm if rng.random() < 0.4 else leafy)(stage, (side * 2.05, 0, far - 0.55), 1.15, rng.choice(pots), 0.36)
    leafy(stage, (side * 1.5, 0, far - 0.40), 0.55, rng.choice(pots), 0.24)
    metal = rng.choice(((70, 78, 84), mix(palette.second, WHITE, 0.1), (236, 232, 224)))
    bistro(stage, (-side * 0.35, 0.0, far - 0.95), metal, palette.accent)
    _doorway(stage, -side)
    if hour.lamps:
        lights_string(stage, (-2.6, 2.75, 2.2), (2.6, 2.65, 2.4))
    return stage


def _doorway(stage: Stage, side: int) -> None:
    """The edge of the open door on one side, its curtain moving."""
    wall = mix(stage.palette.wall, WHITE, 0.2)
    x, near, far = side * 1.72, 1.0, 2.15
    if stage.canvas.height > stage.canvas.width:
        return  # a portrait is too narrow to show it
    stage.contact(
        (x, 0, near),
        (x - side * 0.35, 0, near),
        (x - side * 0.35, 0, far),
        (x, 0, far),
        blur=22,
        opacity=0.45,
    )
    stage.face((x, 3.2, far), (0, 0, near - far), (0, -3.2, 0), wall, detail=(4, 6))
    stage.box((min(x, x + side * 3), 0, far), (max(x, x + side * 3), 3.2, far + 0.02), shade(wall, 0.9))
    stage.face(
        (x - side * 0.03, 2.7, far - 0.10),
        (0, 0, -0.5),
        (0, -2.65, 0),
        (250, 247, 240),
        texture=folds(stage.rng, 5),
        opacity=0.92,
    )
