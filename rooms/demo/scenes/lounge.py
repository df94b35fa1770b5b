"""The lounge: a sofa facing the eye, a low table, a window on the left."""

from random import Random

from rooms.demo.art import hang_row
from rooms.demo.cloth import rug
from rooms.demo.furniture.lamps import declare_lamp, floor_lamp, pendant
from rooms.demo.furniture.plants import bouquet, leafy, palm
from rooms.demo.furniture.seats import Footprint, armchair, pouf, sofa
from rooms.demo.furniture.storage import bookcase, fireplace
from rooms.demo.furniture.tables import books, round_table
from rooms.demo.interior import Room, back_texture, open_stage, paint_shell
from rooms.demo.palette import HOURS, PALETTES, mix, shade
from rooms.demo.stage import Stage
from rooms.demo.views import Place
from rooms.demo.window import Opening, light_from, paint_curtains, paint_window, sun_patch


def paint_lounge(size: tuple[int, int], rng: Random, place: Place) -> Stage:
    palette, hour = rng.choice(PALETTES), rng.choice(HOURS)
    room = Room(rng.uniform(5.3, 5.7), 2.7, 5.0)
    stage = open_stage(
        size,
        palette,
        hour,
        rng,
        room,
        eye=(0.52, 1.45),
        focal=0.90,
        level=0.42,
        yaw=rng.uniform(-0.07, -0.03),
    )
    opening = Opening(True, room.depth - 2.5, room.depth - 0.7, 0.2, 2.3)
    light_from(stage, room, opening)
    declare_lamp(stage, (room.width * 0.28, 1.6, room.depth - 0.6), 0.6)
    declare_lamp(stage, (room.width / 2, 1.9, room.depth - 1.9), 0.7)
    texture = back_texture(place, rng)
    feature = rng.choice((palette.wall, palette.feature, mix(palette.feature, palette.wall, 0.5)))
    if texture:
        feature = mix(palette.wood if place is Place.LAKE else palette.wall, palette.wall, 0.3)
    paint_shell(stage, room, feature=feature, back=texture)
    paint_window(stage, room, opening, place)
    paint_curtains(stage, room, opening)
    _back(stage, room)
    _front(stage, room, opening)
    return stage


def _back(stage: Stage, room: Room) -> None:
    """Along the wall: sofa and pictures, then the fireplace or the bookcase."""
    rng, palette = stage.rng, stage.palette
    x0 = room.width * 0.16
    x1 = x0 + 2.1
    hang_row(
        stage,
        ((x0 + x1) / 2, 1.62, room.depth),
        *rng.choice(((2, 0.55, 0.72), (3, 0.46, 0.60), (1, 1.3, 0.75))),
    )
    if rng.random() < 0.5:
        fireplace(stage, x1 + 0.55, room.depth, mix(palette.wall, (255, 255, 255), 0.4))
        hang_row(stage, (x1 + 1.30, 1.70, room.depth), 1, 0.7, 0.7)
    else:
        bookcase(stage, x1 + 0.60, room.depth, 1.35, 2.1)
    floor_lamp(stage, (x0 - 0.32, 0.0, room.depth - 0.42))
    color = rng.choice((palette.second, palette.textile, mix(palette.accent, palette.textile, 0.25)))
    sofa(
        stage,
        Footprint(x0, room.depth - 1.05, x1, room.depth - 0.12),
        color,
        (palette.accent, palette.wall, palette.second),
    )


def _front(stage: Stage, room: Room, opening: Opening) -> None:
    rng, palette = stage.rng, stage.palette
    middle, z = room.width * 0.16 + 1.25, room.depth - 1.85
    cloth = rug(rng, mix(palette.textile, (255, 255, 255), 0.35), palette.accent, palette.second)
    stage.footprint((middle - 1.5, 0, z - 0.9), (middle + 1.5, 0, z + 0.75), grow=0.02, blur=6, opacity=0.3)
    stage.face(
        (middle - 1.5, 0.005, z + 0.75),
        (3.0, 0, 0),
        (0, 0, -1.65),
        (255, 255, 255),
        texture=cloth,
        detail=(6, 5),
    )
    sun_patch(stage, room, opening)
    grow = rng.choice((palm, leafy))
    grow(
        stage, (room.width - 0.42, 0, room.depth - 0.62), 1.25, rng.choice(((226, 216, 200), (190, 120, 86)))
    )
    armchair(
        stage, room.width - 1.55, room.depth - 2.15, mix(palette.accent, palette.textile, 0.2), side=True
    )
    pouf(stage, (middle - 1.05, 0, z - 0.15), 0.26, shade(palette.accent, 0.95))
    round_table(stage, (middle, 0, z), 0.46, 0.38, palette.wood)
    books(stage, (middle - 0.14, 0.38, z - 0.05), (palette.second, palette.textile, palette.accent), 0.26)
    bouquet(stage, (middle + 0.18, 0.38, z + 0.03), palette.wall, (palette.accent, (250, 240, 226)), 0.9)
    pendant(
        stage,
        (room.width * 0.47, 2.15, room.depth - 1.9),
        room.height,
        palette.second,
        0.22,
        rng.randrange(3),
    )
