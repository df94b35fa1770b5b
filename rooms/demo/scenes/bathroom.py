"""Bathrooms: a tub under the window or a walk-in shower, a basin, tiles."""

from dataclasses import replace
from random import Random

from PIL import Image

from rooms.demo.furniture.bath import PORCELAIN, bathtub, mirror, vanity
from rooms.demo.furniture.lamps import declare_lamp
from rooms.demo.furniture.plants import leafy, palm
from rooms.demo.furniture.shower import sconce, shower, shower_glass, towel
from rooms.demo.furniture.tables import legged_table, round_table
from rooms.demo.interior import Room, open_stage, paint_shell
from rooms.demo.light import Lamp
from rooms.demo.palette import HOURS, LINEN, PALETTES, WHITE, Color, mix, shade
from rooms.demo.stage import Stage
from rooms.demo.texture import checker, noise, tiles, weave
from rooms.demo.views import Place
from rooms.demo.window import Opening, light_from, paint_window


def paint_bathroom(size: tuple[int, int], rng: Random, place: Place) -> Stage:
    palette, hour = replace(rng.choice(PALETTES), floor=(232, 224, 212)), rng.choice(HOURS)
    room = Room(3.9, 2.6, 3.9)
    stage = open_stage(
        size, palette, hour, rng, room, eye=(0.50, 1.50), focal=0.94, level=0.44, yaw=rng.uniform(-0.06, 0.06)
    )
    opening = Opening(False, 0.45, 1.75, 0.95, 2.15)
    light_from(stage, room, opening)
    # The only window faces the eye: without this fill the room would be against the light.
    stage.light.lamps.append(Lamp((room.width * 0.4, 2.3, 0.6), mix(hour.sun, WHITE, 0.6), 1.3))
    declare_lamp(stage, (2.85, 1.9, room.depth - 0.5), 0.5)
    tiled = mix(palette.feature, WHITE, rng.choice((0.05, 0.45)))
    columns, rows, shift = rng.choice(((22, 16, False), (14, 22, True), (26, 9, False)))
    wall = tiles(rng, columns, rows, (780, 520), joint=0.90, shift=shift)
    paint_shell(stage, room, floor=_floor(rng, palette.feature), feature=tiled, back=wall)
    if rng.random() < 0.65:
        _with_tub(stage, room, opening, place)
    else:
        _with_shower(stage, room)
    _washing_place(stage, room)
    _mat(stage, room)
    return stage


def _floor(rng: Random, color: Color) -> Image.Image:
    pale = (244, 240, 232)
    if rng.random() < 0.5:
        return weave(checker(pale, mix(color, (120, 110, 104), 0.4), 14), 20)
    return tiles(rng, 9, 9, joint=0.82, vary=20)


def _with_tub(stage: Stage, room: Room, opening: Opening, place: Place) -> None:
    paint_window(stage, room, opening, place)
    pot_color = stage.rng.choice(((226, 216, 200), stage.palette.second, (190, 120, 86)))
    shell = stage.rng.choice((PORCELAIN, PORCELAIN, mix(stage.palette.second, WHITE, 0.1)))
    bathtub(stage, (1.12, 0.0, room.depth - 0.62), shell)
    (palm if stage.rng.random() < 0.5 else leafy)(
        stage, (0.30, 0.0, room.depth - 1.35), 0.95, pot_color, 0.28
    )
    at = (2.02, 0.0, room.depth - 1.25)
    round_table(stage, at, 0.17, 0.46, stage.palette.wood)
    for i, color in enumerate((LINEN, stage.palette.accent)):
        low = (at[0] - 0.13, 0.46 + 0.07 * i, at[2] - 0.10)
        stage.block(low, (low[0] + 0.26, low[1] + 0.07, low[2] + 0.2), color, 0.03, 6)


def _with_shower(stage: Stage, room: Room) -> None:
    shower(stage, 0.02, 1.45, room.depth)
    towel(stage, 1.62, 1.5, room.depth, stage.palette.accent, 0.36)
    legged_table(stage, (0.12, 0.02, room.depth - 0.45), (0.56, 0.44, room.depth - 0.08), stage.palette.wood)
    leafy(stage, (1.80, 0.0, room.depth - 0.30), 0.75, stage.palette.second, 0.24)
    shower_glass(stage, 1.45, room.depth, room.height)


def _washing_place(stage: Stage, room: Room) -> None:
    x, width = 2.32, 1.15
    centre = (x + width * 0.5, 1.62, room.depth)
    mirror(stage, centre, 0.40, stage.rng.random() < 0.5)
    for side in (-0.62, 0.62):
        sconce(stage, (centre[0] + side, 1.62, room.depth - 0.05))
    vanity(stage, x, room.depth, width)


def _mat(stage: Stage, room: Room) -> None:
    cloth = weave(
        noise((200, 120), 5, 2.0).convert("RGB").point([235 + v * 20 // 255 for v in range(256)] * 3), 40
    )
    z1 = room.depth - 0.72
    stage.footprint((2.4, 0.0, z1 - 0.55), (3.3, 0.0, z1), grow=0.01, blur=5, opacity=0.35)
    tone = mix(stage.palette.accent, WHITE, 0.25)
    stage.face((2.4, 0.01, z1), (0.9, 0, 0), (0, 0, -0.55), shade(tone, 1.0), texture=cloth)
