"""Bedrooms: one double bed, or two single ones, seen from their foot."""

from random import Random

from rooms.demo.art import hang_row
from rooms.demo.furniture.bedding import Bed
from rooms.demo.furniture.beds import paint_bed, paint_headboard
from rooms.demo.furniture.lamps import declare_lamp, pendant, table_lamp
from rooms.demo.furniture.seats import bench
from rooms.demo.furniture.tables import bedside, books
from rooms.demo.interior import Room, back_texture, open_stage, paint_shell
from rooms.demo.palette import HOURS, PALETTES, mix, shade
from rooms.demo.scenes.bedroom_decor import Plan, furnish_corner, lay_rug
from rooms.demo.stage import Stage
from rooms.demo.views import Place
from rooms.demo.window import Opening, light_from, paint_curtains, paint_window, sun_patch


def paint_bedroom(size: tuple[int, int], rng: Random, place: Place) -> Stage:
    """A double bed between two bedside tables, the window on the left."""
    room = Room(rng.uniform(4.7, 5.0), 2.6, rng.uniform(4.7, 5.0))
    return _paint(
        size, rng, place, room, (Bed(room.width * 0.50 - 0.85, rng.choice((1.6, 1.8)), room.depth),)
    )


def paint_single(size: tuple[int, int], rng: Random, place: Place) -> Stage:
    """A small bedroom, one bed for one."""
    room = Room(rng.uniform(4.1, 4.3), 2.6, rng.uniform(4.5, 4.7))
    return _paint(size, rng, place, room, (Bed(room.width * 0.50 - 0.55, 1.2, room.depth),))


def paint_twin(size: tuple[int, int], rng: Random, place: Place) -> Stage:
    """Two single beds with a bedside table between them."""
    room = Room(rng.uniform(4.7, 5.0), 2.6, rng.uniform(4.7, 5.0))
    left = room.width * 0.50 - 1.28
    return _paint(size, rng, place, room, (Bed(left, 0.92, room.depth), Bed(left + 1.64, 0.92, room.depth)))


def _paint(size: tuple[int, int], rng: Random, place: Place, room: Room, beds: tuple[Bed, ...]) -> Stage:
    palette, hour = rng.choice(PALETTES), rng.choice(HOURS)
    stage = open_stage(
        size,
        palette,
        hour,
        rng,
        room,
        eye=(rng.uniform(0.56, 0.62), 1.55),
        focal=0.92,
        level=0.40,
        yaw=rng.uniform(-0.11, -0.07),
    )
    opening = Opening(True, room.depth - 2.35, room.depth - 0.75, 0.25, 2.2)
    plan = Plan(room, opening, beds, place)
    light_from(stage, room, opening)
    for x in _bedside_places(plan):
        declare_lamp(stage, (x + 0.23, 0.95, room.depth - 0.35))
    declare_lamp(stage, (room.width / 2, 1.9, room.depth - 2.0), 0.7)
    texture = back_texture(place, rng)
    feature = palette.feature
    if texture:
        feature = mix(palette.wood if place is Place.LAKE else palette.wall, palette.wall, 0.3)
    paint_shell(stage, room, feature=feature, back=texture)
    _dress(stage, plan)
    _furnish(stage, plan)
    return stage


def _bedside_places(plan: Plan) -> list[float]:
    first = plan.beds[0]
    if len(plan.beds) == 2:
        return [first.x + first.width + 0.13]
    return [first.x - 0.66, first.x + first.width + 0.20]


def _dress(stage: Stage, plan: Plan) -> None:
    """What hangs on the walls and lies on the floor."""
    paint_window(stage, plan.room, plan.opening, plan.place)
    paint_curtains(stage, plan.room, plan.opening)
    lay_rug(stage, plan)
    centres = [bed.middle for bed in plan.beds]
    shapes = ((1, 1.15, 0.58), (2, 0.46, 0.60), (3, 0.40, 0.52)) if len(centres) == 1 else ((1, 0.5, 0.62),)
    shape = stage.rng.choice(shapes)
    for centre in centres:
        hang_row(stage, (centre, 1.78, plan.room.depth), *shape)


def _furnish(stage: Stage, plan: Plan) -> None:
    rng, palette, room = stage.rng, stage.palette, plan.room
    furnish_corner(stage, plan)
    style, pedestal = rng.randrange(3), rng.random() < 0.35
    for bed in plan.beds:
        paint_headboard(stage, bed, style, 0.12 if len(plan.beds) == 1 else 0.04)
    foot_color = rng.choice((palette.second, shade(palette.accent, 0.95), (236, 228, 214)))
    for x in _bedside_places(plan):
        top = bedside(stage, x, room.depth, pedestal)
        table_lamp(stage, top, foot_color)
        books(stage, (top[0] + 0.10, top[1], top[2] - 0.12), (palette.accent, palette.textile), 0.16)
    for bed in plan.beds:
        paint_bed(stage, bed, palette.accent, 2 if bed.width > 1.2 else 1)
        cover = stage.outline(
            (bed.x - 0.1, 0.6, bed.foot),
            (bed.x + bed.width, 0.6, bed.foot),
            (bed.x + bed.width, 0.6, bed.wall - 0.6),
            (bed.x - 0.1, 0.6, bed.wall - 0.6),
        )
        sun_patch(stage, room, plan.opening, level=0.6, within=[cover])
    if len(plan.beds) == 1 and rng.random() < 0.4:
        bed = plan.beds[0]
        bench(
            stage,
            (bed.x + 0.2, 0, bed.foot - 0.62),
            (bed.x + bed.width - 0.2, 0.42, bed.foot - 0.22),
            palette.second,
        )
    if stage.hour.lamps == 1 or rng.random() < 0.3:
        pendant(
            stage,
            (room.width / 2, 2.12, room.depth - 2.0),
            room.height,
            palette.second,
            0.19,
            rng.randrange(3),
        )
