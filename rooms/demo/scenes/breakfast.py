"""Breakfast on a table by the window: croissants, coffee, fruit, flowers."""

from random import Random

from rooms.demo.cloth import rug
from rooms.demo.furniture.food import bread_board, croissant, fruit_bowl
from rooms.demo.furniture.plants import bouquet
from rooms.demo.furniture.tableware import cup, glass, plate
from rooms.demo.interior import Room, open_stage, paint_shell
from rooms.demo.light import Lamp
from rooms.demo.palette import GOLDEN, LINEN, MORNING, NOON, PALETTES, WHITE, mix, tint
from rooms.demo.stage import Stage
from rooms.demo.texture import boards, weave
from rooms.demo.views import Place
from rooms.demo.window import Opening, light_from, paint_curtains, paint_window

TOP = 0.75


def paint_breakfast(size: tuple[int, int], rng: Random, place: Place) -> Stage:
    palette, hour = rng.choice(PALETTES), rng.choice((MORNING, NOON, GOLDEN))
    room = Room(3.6, 2.6, 2.6)
    tall = size[1] > size[0]
    stage = open_stage(
        size,
        palette,
        hour,
        rng,
        room,
        eye=(0.50, 1.42),
        focal=1.45 if not tall else 1.5,
        level=0.16 if not tall else 0.24,
    )
    opening = Opening(False, 0.95, 2.65, 0.72, 2.2, panes=3)
    light_from(stage, room, opening)
    # The meal is against the light: without this fill its near side would be dull.
    stage.light.lamps.append(Lamp((0.6, 2.3, 0.3), mix(hour.sun, WHITE, 0.6), 3.2))
    paint_shell(stage, room)
    paint_window(stage, room, opening, place)
    paint_curtains(stage, room, opening)
    _table(stage)
    _meal(stage, room.width / 2)
    return stage


def _table(stage: Stage) -> None:
    """The table top fills the foreground, a runner across it."""
    wood = mix(stage.palette.wood, LINEN, 0.18)
    stage.box((0.55, TOP - 0.05, 0.5), (3.05, TOP, 1.95), wood, texture=boards(stage.rng, 7, contrast=16))
    cloth = rug(stage.rng, mix(LINEN, WHITE, 0.3), stage.palette.accent, stage.palette.second, (420, 420))
    x0 = 1.8 - 0.36
    stage.face((x0, TOP + 0.002, 1.95), (0.72, 0, 0), (0, 0, -1.5), (255, 255, 255), texture=weave(cloth))
    # The light of the window slides on the table.
    sheen = stage.outline((1.2, TOP, 1.94), (2.4, TOP, 1.94), (2.25, TOP, 1.2), (1.35, TOP, 1.2))
    stage.canvas.shadow(sheen, blur=60, color=mix(stage.hour.sun, WHITE, 0.5), opacity=0.22)


def _meal(stage: Stage, middle: float) -> None:
    palette = stage.palette
    left = -1 if stage.rng.random() < 0.5 else 1
    china = mix(palette.second, WHITE, stage.rng.choice((0.88, 0.55)))
    bouquet(
        stage,
        (middle + left * 0.02, TOP, 1.72),
        mix(palette.second, WHITE, 0.2),
        (palette.accent, (250, 236, 214), mix(palette.accent, WHITE, 0.5)),
        1.0,
    )
    fruit_bowl(stage, (middle - left * 0.42, TOP, 1.58), palette.second)
    bread_board(stage, (middle + left * 0.47 - 0.21, TOP, 1.60))
    for dx, color in ((0.20, "b8433a"), (0.30, "e0a23c")):
        at = (middle + left * dx, TOP, 1.52)
        stage.turned(at, [(0.0, 0.033), (0.06, 0.034)], tint(color))
        stage.turned((at[0], TOP + 0.06, at[2]), [(0.0, 0.036), (0.014, 0.036)], mix(LINEN, WHITE, 0.4))
    glass(stage, (middle - left * 0.22, TOP, 1.52), tint("f0a63c"))
    glass(stage, (middle - left * 0.30, TOP, 1.46), tint("f0a63c"))
    plate(stage, (middle, TOP, 1.38), 0.165, china)
    for dx, dz in ((-0.062, 0.045), (0.068, 0.025), (-0.005, -0.055)):
        croissant(stage, (middle + dx, TOP + 0.02, 1.38 + dz), 0.080)
    cup(stage, (middle - left * 0.36, TOP, 1.36), china)
    cup(stage, (middle + left * 0.32, TOP, 1.30), china)
