"""The garden: a lawn, a table under a tree, flowers, the view beyond the hedge."""

from random import Random

from rooms.demo.furniture.terrace import bistro, flowers, hedge
from rooms.demo.outdoors import ground, lights_string, open_terrace
from rooms.demo.palette import HOURS, PALETTES, WHITE, mix, shade, tint
from rooms.demo.stage import Stage
from rooms.demo.texture import noise, weave
from rooms.demo.views import Place
from rooms.demo.views.ridge import bushy, cypress, leaf_dabs, pine


def paint_garden(size: tuple[int, int], rng: Random, place: Place) -> Stage:
    palette, hour = rng.choice(PALETTES), rng.choice(HOURS)
    stage = open_terrace(size, palette, hour, rng, place, level=0.42, height=1.65, focal=0.92)
    grass = tint("a9b06a") if place is Place.HILLS else tint("86ab5c")
    cloth = weave(
        noise((360, 300), 9, 0.8).convert("RGB").point([222 + v * 33 // 255 for v in range(256)] * 3), 26
    )
    ground(stage, -16, 16, 14.0, grass, cloth)
    hedge(stage, -16, 16, 14.0, 0.9, tint("5f8a54"))
    _trees(stage, place)
    petals = (palette.accent, tint("f6efe2"), tint("8d79b8") if place is Place.HILLS else tint("e38ba2"))
    flowers(stage, -7.0, -2.4, 9.0, petals, 0.7)
    flowers(stage, 3.2, 8.0, 8.5, petals, 0.7)
    side = rng.choice((-1, 1))
    _stones(stage, side)
    bistro(
        stage,
        (side * 0.75, 0.0, 4.6),
        rng.choice((mix(palette.second, WHITE, 0.15), (240, 236, 228))),
        palette.accent,
    )
    if hour.lamps:
        lights_string(stage, (-4.6, 3.0, 5.6), (4.6, 3.1, 6.2), 0.5, 15)
    flowers(stage, -4.2, -1.35, 2.75, petals, 0.55)
    flowers(stage, 1.5, 4.2, 2.7, petals, 0.55)
    return stage


def _trees(stage: Stage, place: Place) -> None:
    rng = stage.rng
    for x, z, height in ((-6.2, 11.5, 4.2), (6.6, 11.0, 4.6), (-3.9, 7.0, 3.3)):
        at = (x + rng.uniform(-0.5, 0.5), 0.0, z)
        foot, size = stage.camera.project(at), height * stage.camera.scale(at)
        green = stage.color_at(tint("628a58"), at, (0.0, 0.5, -0.85))
        if place is Place.LAKE and z > 8:
            pine(stage.canvas, foot, size * 1.2, shade(green, 0.8))
        elif place is Place.HILLS and z > 8:
            cypress(stage.canvas, foot, size * 1.1, shade(green, 0.72))
        else:
            bushy(
                stage.canvas,
                rng,
                foot,
                size * 0.38,
                mix(green, tint("9aa878"), 0.5 if place is Place.HILLS else 0.0),
            )


def _stones(stage: Stage, side: int) -> None:
    """Stepping stones that lead to the table, and tufts of grass."""
    low = stage.camera.project((0, 0, 9.0))[1]
    green = stage.color_at(tint("7ea056"), (0, 0, 4), (0.0, 1.0, 0.0))
    leaf_dabs(stage.canvas, stage.rng, (0, low, stage.canvas.width, stage.canvas.height), green, 520)
    tone = stage.color_at(tint("ddd3c0"), (0, 0, 4), (0.0, 1.0, 0.0))
    for i in range(5):
        z, x = 4.15 - i * 0.52, side * (0.62 - 0.22 * i) + 0.10 * (-1) ** i
        slab = stage.circle((x, 0.01, z), 0.21, 24)
        stage.canvas.shadow([(px, py + 5 * stage.canvas.unit) for px, py in slab], blur=5, opacity=0.4)
        stage.canvas.fill(slab, paint=(shade(tone, 0.92), tone))
