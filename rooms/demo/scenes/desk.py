"""The corner with a desk: near the window, a chair drawn up, a lamp, a shelf."""

from random import Random

from rooms.demo.art import hang_row
from rooms.demo.furniture.lamps import declare_lamp, table_lamp
from rooms.demo.furniture.plants import bouquet, leafy, palm
from rooms.demo.furniture.seats import chair
from rooms.demo.furniture.storage import shelf
from rooms.demo.furniture.tables import books, chest, legged_table
from rooms.demo.furniture.tableware import cup, laptop
from rooms.demo.interior import Room, back_texture, open_stage, paint_shell
from rooms.demo.light import Lamp
from rooms.demo.palette import HOURS, PALETTES, WHITE, mix
from rooms.demo.stage import Stage
from rooms.demo.views import Place
from rooms.demo.window import Opening, light_from, paint_curtains, paint_window, sun_patch


def paint_desk(size: tuple[int, int], rng: Random, place: Place) -> Stage:
    palette, hour = rng.choice(PALETTES), rng.choice(HOURS)
    room = Room(4.1, 2.6, 3.4)
    stage = open_stage(
        size, palette, hour, rng, room, eye=(0.50, 1.45), focal=0.95, level=0.42, yaw=rng.uniform(-0.05, 0.05)
    )
    opening = Opening(False, 0.50, 1.85, 0.55, 2.2)
    light_from(stage, room, opening)
    # The window faces the eye: a fill light, as a photographer would bring.
    stage.light.lamps.append(Lamp((room.width * 0.3, 2.2, 0.4), mix(hour.sun, WHITE, 0.6), 1.2))
    declare_lamp(stage, (2.45, 1.15, room.depth - 0.35), 0.4)
    texture = back_texture(place, rng)
    feature = mix(palette.feature, palette.wall, rng.choice((0.0, 0.4)))
    if texture:
        feature = mix(palette.wood if place is Place.LAKE else palette.wall, palette.wall, 0.3)
    paint_shell(stage, room, feature=feature, back=texture)
    paint_window(stage, room, opening, place)
    paint_curtains(stage, room, opening)
    sun_patch(stage, room, opening, drift=0.25)
    _furnish(stage, room)
    return stage


def _furnish(stage: Stage, room: Room) -> None:
    palette, rng, wall = stage.palette, stage.rng, room.depth
    if rng.random() < 0.5:
        shelf(stage, 2.35, 1.62, wall, 1.25)
    else:
        hang_row(stage, (2.95, 1.66, wall), *rng.choice(((2, 0.45, 0.58), (1, 0.95, 0.65))))
    (palm if rng.random() < 0.5 else leafy)(
        stage, (0.36, 0.0, wall - 0.45), 0.85, rng.choice(((226, 216, 200), (190, 120, 86)))
    )
    low, high = (2.05, 0.0, wall - 0.68), (3.65, 0.75, wall - 0.06)
    chest(stage, (3.20, 0.12, low[2] + 0.05), (3.60, 0.70, high[2]), 3, palette.wood)
    legged_table(stage, low, high, palette.wood)
    table_lamp(stage, (2.26, 0.75, wall - 0.26), palette.second, 1.05)
    laptop(stage, 2.62, 0.75, wall - 0.56)
    books(stage, (3.30, 0.75, wall - 0.28), (palette.accent, palette.textile, palette.second), 0.24)
    bouquet(stage, (3.48, 0.75, wall - 0.16), palette.wall, (palette.accent, (250, 240, 226)), 0.85)
    cup(stage, (2.42, 0.75, wall - 0.52), mix(palette.accent, WHITE, 0.3))
    chair(stage, 2.56, wall - 1.12, palette.accent, toward=False)
