"""The pool: water in front of the view, loungers, a parasol."""

from random import Random

from PIL import Image, ImageChops

from rooms.demo.furniture.plants import leafy, palm
from rooms.demo.furniture.terrace import hedge, lounger
from rooms.demo.outdoors import ground, lights_string, open_terrace, parasol
from rooms.demo.palette import HOURS, PALETTES, WHITE, mix, shade, tint
from rooms.demo.stage import Stage
from rooms.demo.texture import noise, tiles
from rooms.demo.views import Place


def paint_pool(size: tuple[int, int], rng: Random, place: Place) -> Stage:
    palette, hour = rng.choice(PALETTES), rng.choice(HOURS)
    stage = open_terrace(
        size, palette, hour, rng, place, level=0.38, height=1.9, focal=0.90, yaw=rng.uniform(-0.08, 0.08)
    )
    far = 11.0
    paving = mix(palette.wall, tint("e6cfa8"), 0.55)
    ground(stage, -14, 14, far, paving, tiles(rng, 34, 16, (900, 480), joint=0.88, vary=18))
    if place is Place.LAKE:
        hedge(stage, -14, 14, far, 0.6, tint("5a7f52"))
    else:
        hedge(stage, -14, 14, far, 0.75, tint("7a8f5a"))
    _water(stage, -5.2, 1.6, 4.2, 9.6)
    _deck(stage)
    return stage


def _deck(stage: Stage) -> None:
    rng, palette = stage.rng, stage.palette
    cushion = rng.choice((mix(palette.second, WHITE, 0.25), (246, 240, 230)))
    for x in (3.6, 2.35):
        lounger(stage, x, 6.6, cushion, palette.accent)
    parasol(stage, (3.35, 0.0, 6.2), 1.5, palette.accent, (250, 244, 232), 2.5)
    palm(stage, (-3.35, 0.0, 3.6), 1.35, (190, 120, 86), 0.5)
    leafy(stage, (4.4, 0.0, 4.9), 0.9, (226, 216, 200), 0.4)
    if stage.hour.lamps:
        lights_string(stage, (-5.5, 3.0, 6.0), (5.5, 3.2, 6.5), 0.6, 17)


def _water(stage: Stage, x0: float, x1: float, z0: float, z1: float) -> None:
    """The basin: its coping, the wall under water, the surface and its net of light."""
    coping = mix(stage.palette.wall, WHITE, 0.55)
    stage.footprint((x0 - 0.3, 0, z0 - 0.3), (x1 + 0.3, 0, z1 + 0.3), grow=0.04, blur=5, opacity=0.3)
    stage.face((x0 - 0.3, 0.03, z1 + 0.3), (x1 - x0 + 0.6, 0, 0), (0, 0, z0 - z1 - 0.6), coping)
    shallow, deep = (
        mix(tint("8fdcd6"), stage.hour.horizon, 0.15),
        mix(tint("2b9bb0"), stage.hour.zenith, 0.25),
    )
    basin = stage.outline((x0, 0.03, z1), (x1, 0.03, z1), (x1, 0.03, z0), (x0, 0.03, z0))
    stage.canvas.fill(basin, paint=(mix(deep, stage.hour.horizon, 0.35), deep, shallow))
    stage.face(
        (x0, 0.03, z1), (x1 - x0, 0, 0), (0, 0, z0 - z1), (255, 255, 255), texture=_net(), opacity=0.45
    )
    lip = stage.outline((x0, 0.03, z1), (x1, 0.03, z1), (x1, -0.12, z1), (x0, -0.12, z1))
    stage.canvas.fill(lip, paint=shade(deep, 0.75), opacity=0.7)
    shore = stage.outline((x0, 0.03, z1), (x0 + 0.5, 0.03, z1), (x0 + 0.5, 0.03, z0), (x0, 0.03, z0))
    stage.canvas.shadow(shore, blur=14, color=shade(deep, 0.5), opacity=0.4, within=[basin])


def _net() -> Image.Image:
    """The net of light on the bottom: where two soft noises cross their middle."""
    size = (420, 420)
    lines = []
    for seed in (11, 12):
        soft = noise((26, 26), seed, 0.8).resize(size, Image.Resampling.BICUBIC)
        lines.append(soft.point([max(0, 255 - abs(v - 128) * 22) for v in range(256)]))
    net = ImageChops.lighter(lines[0], lines[1])
    image = Image.new("RGBA", size, (255, 255, 255, 0))
    image.putalpha(net)
    return image
