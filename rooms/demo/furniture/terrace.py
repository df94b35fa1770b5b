"""What furnishes terraces and gardens: bistro sets, loungers, hedges, flower beds."""

from math import cos, pi, sin

from rooms.demo.furniture.bedding import paint_pillow
from rooms.demo.furniture.tables import round_table
from rooms.demo.furniture.tableware import cup, glass
from rooms.demo.palette import Color, mix, shade, tint
from rooms.demo.perspective import Vec
from rooms.demo.shapes import Outline, ellipse, stroke
from rooms.demo.stage import Stage


def bistro(stage: Stage, at: Vec, color: Color, cushion: Color) -> None:
    """A round table and two folding chairs, cups and a glass."""
    x, y, z = at
    metal_chair(stage, (x - 0.95, y, z + 0.10), color, cushion, 1)
    metal_chair(stage, (x + 0.55, y, z + 0.10), color, cushion, -1)
    round_table(stage, (x, y, z), 0.36, 0.72, color)
    cup(stage, (x - 0.12, y + 0.72, z - 0.08), size=0.05)
    cup(stage, (x + 0.16, y + 0.72, z + 0.04), size=0.05)
    glass(stage, (x + 0.0, y + 0.72, z + 0.16), tint("e9a24a"), 0.16, 0.04)


def metal_chair(stage: Stage, at: Vec, color: Color, cushion: Color, way: int) -> None:
    """A garden chair in profile; `way` is 1 when it looks right."""
    x, y, z = at
    w, d = 0.42, 0.42
    u = max(1.0, 0.022 * stage.camera.scale(at))
    stage.footprint((x, y, z), (x + w, y, z + d), grow=0.04, blur=13, opacity=0.4)
    back = x if way > 0 else x + w
    tone = stage.color_at(color, at, (0.0, 0.3, -0.9))
    for dz in (d, 0.0):
        legs = stage.outline(
            (x, y + 0.45, z + dz), (x + w, y, z + dz), (x + w, y + 0.45, z + dz), (x, y, z + dz)
        )
        stage.canvas.fill(
            stroke(legs[0], legs[1], u), stroke(legs[2], legs[3], u), paint=shade(tone, 0.75 if dz else 1.0)
        )
        post = stage.outline((back, y + 0.45, z + dz), (back - 0.10 * way, y + 0.92, z + dz))
        stage.canvas.fill(stroke(post[0], post[1], u), paint=tone)
    for h in (0.60, 0.72, 0.84):
        lean = back - 0.10 * way * (h - 0.45) / 0.47
        slat = stage.outline(
            (lean, y + h, z), (lean, y + h, z + d), (lean, y + h + 0.07, z + d), (lean, y + h + 0.07, z)
        )
        stage.canvas.fill(slat, paint=(tone, shade(tone, 0.9)))
    stage.block((x, y + 0.43, z), (x + w, y + 0.50, z + d), cushion, 0.03, 8)


def lounger(stage: Stage, x: float, z: float, color: Color, towel: Color) -> None:
    """A sunbed pointing to the eye, its back raised at the far end."""
    w, length = 0.68, 1.9
    wood = mix(stage.palette.wood, (230, 206, 170), 0.25)
    stage.footprint((x, 0.0, z), (x + w, 0.0, z + length), grow=0.08, blur=14, opacity=0.42)
    for leg_z in (z + length - 0.2, z + 0.1):
        for leg_x in (x + 0.02, x + w - 0.07):
            stage.box((leg_x, 0.0, leg_z), (leg_x + 0.05, 0.26, leg_z + 0.05), shade(wood, 0.8))
    stage.box((x, 0.24, z), (x + w, 0.31, z + length), wood)
    hinge = z + length * 0.62
    top: Vec = (x + 0.03, 0.88, z + length + 0.05)
    stage.face(top, (w - 0.06, 0, 0), (0, -0.5, hinge - top[2]), color, detail=(3, 4))
    stage.block((x + 0.03, 0.30, z + 0.02), (x + w - 0.03, 0.40, hinge + 0.03), color, 0.04, 8)
    stage.face((x + 0.10, 0.405, z + 0.65), (w - 0.2, 0, 0), (0, 0, -0.55), towel)
    paint_pillow(stage, (x + w / 2, 0.62, hinge + 0.46), 0.48, 0.22, towel)


def hedge(stage: Stage, x0: float, x1: float, z: float, height: float, color: Color) -> None:
    """A clipped hedge along x: heaps of leaves in three tones."""
    base = stage.outline((x0, 0.0, z), (x1, 0.0, z))
    drop = 12 * stage.canvas.unit
    low = [base[0], base[1], (base[1][0], base[1][1] + drop), (base[0][0], base[0][1] + drop)]
    stage.canvas.shadow(low, blur=10, opacity=0.4)
    s = stage.camera.scale(((x0 + x1) / 2, 0.0, z))
    green = stage.color_at(color, (0.0, height, z), (0.0, 0.4, -0.9))
    for tone, bottom, top in ((0.62, 0.0, 0.85), (0.85, 0.25, 0.95), (1.1, 0.6, 1.0)):
        spots = _along(stage, base, max(6, int((x1 - x0) * 9)), s * height * bottom, s * height * top)
        heaps: list[Outline] = [ellipse(x, y, s * 0.14, s * 0.11, 14) for x, y in spots]
        if tone < 0.7:
            rise = s * height * 0.8
            heaps.append([base[0], base[1], (base[1][0], base[1][1] - rise), (base[0][0], base[0][1] - rise)])
        stage.canvas.fill(*heaps, paint=shade(green, tone))


def flowers(
    stage: Stage, x0: float, x1: float, z: float, petals: tuple[Color, ...], height: float = 0.4
) -> None:
    """A bed of flowers along x: a mound of leaves, then round heads."""
    s = stage.camera.scale(((x0 + x1) / 2, 0.0, z))
    base = stage.outline((x0, 0.0, z), (x1, 0.0, z))
    stage.canvas.shadow(stroke(base[0], base[1], s * 0.14), blur=s * 0.05 / stage.canvas.unit, opacity=0.4)
    green = stage.color_at(tint("587f4c"), (0.0, height, z), (0.0, 0.4, -0.9))
    for tone, top in ((0.66, 0.62), (0.9, 0.74), (1.15, 0.82)):
        spots = _along(stage, base, int((x1 - x0) * 22), -s * 0.02, s * height * top)
        leaves = [
            [
                (x - s * 0.02, y + s * 0.07),
                (x + stage.rng.uniform(-0.04, 0.04) * s, y - s * 0.09),
                (x + s * 0.03, y + s * 0.06),
            ]
            for x, y in spots
        ]
        mound = [ellipse(x, y, s * 0.055, s * 0.05, 10) for x, y in spots[::2]]
        stage.canvas.fill(*leaves, *mound, paint=shade(green, tone))
    for color in petals:
        spots = _along(stage, base, int((x1 - x0) * 15), s * height * 0.15, s * height)
        heads = [_head(x, y, s * stage.rng.uniform(0.018, 0.036)) for x, y in spots]
        tone = stage.color_at(color, (0.0, height, z), (0.0, 0.6, -0.8))
        stage.canvas.fill(*heads, paint=(mix(tone, (255, 255, 255), 0.22), tone))


def _along(stage: Stage, base: Outline, count: int, low: float, high: float) -> Outline:
    """Random points over a line seen in perspective, between two heights in pixels."""
    (ax, ay), (bx, by) = base
    spots = []
    for i in range(count):
        t = (i + stage.rng.random()) / count
        spots.append((ax + (bx - ax) * t, ay + (by - ay) * t - stage.rng.uniform(low, high)))
    return spots


def _head(x: float, y: float, r: float) -> Outline:
    return [
        (x + r * (1 + 0.22 * cos(k * pi / 2)) * cos(k * pi / 10), y + r * sin(k * pi / 10)) for k in range(20)
    ]
