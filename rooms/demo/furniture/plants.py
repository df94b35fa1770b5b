"""Green things indoors and on terraces: pots, leafy plants, palms, bouquets, small trees."""

import itertools
from math import atan2, cos, pi, sin

from rooms.demo.palette import Color, mix, shade, tint
from rooms.demo.perspective import Vec, add
from rooms.demo.shapes import Outline, Point, smooth, stroke
from rooms.demo.stage import Stage

GREENS: tuple[Color, ...] = (tint("3f6b4f"), tint("54815a"), tint("6f9468"), tint("2f5542"))


def pot(stage: Stage, at: Vec, size: float, color: Color) -> Point:
    """A round pot; returns where the plant comes out, on the picture."""
    x, y, z = at
    ring = [
        (x + size * a, y, z + size * b)
        for a, b in ((-0.7, -0.4), (0, -0.8), (0.9, -0.4), (0.9, 0.4), (-0.7, 0.5))
    ]
    stage.contact(*ring, blur=14, opacity=0.45)
    stage.turned(at, [(0.0, size * 0.36), (size * 0.95, size * 0.5)], color, top=shade(color, 0.45))
    return stage.camera.project((x, y + size * 0.93, z))


def leaf(root: Point, tip: Point, width: float) -> tuple[Outline, Outline]:
    """A leaf and its darker half, from root to tip."""
    (ax, ay), (bx, by) = root, tip
    nx, ny = (ay - by) * width, (bx - ax) * width
    one = (ax + (bx - ax) * 0.45 + nx, ay + (by - ay) * 0.45 + ny)
    two = (ax + (bx - ax) * 0.45 - nx, ay + (by - ay) * 0.45 - ny)
    return smooth([root, one, tip, two], steps=5), smooth(
        [root, two, tip, ((ax + bx) / 2, (ay + by) / 2)], steps=5
    )


def leafy(stage: Stage, at: Vec, height: float, color: Color, size: float = 0.34) -> None:
    """A large-leaved plant in its pot: stems fan out, the leaves at the back are darker."""
    root = pot(stage, at, size, color)
    reach = height * stage.camera.scale(at)
    rng = stage.rng
    stems = [(rng.uniform(-1.0, 1.0), rng.uniform(0.55, 1.0)) for _ in range(15)]
    for rank, (lean, tall) in enumerate(stems):
        green = stage.color_at(GREENS[rank % 4], add(at, (0.0, height, 0.0)), (0.0, 0.3, -0.95))
        green = mix(shade(green, 0.66), shade(green, 1.15), rank / 14)
        joint = (root[0] + lean * reach * 0.28, root[1] - reach * tall * 0.62)
        tip = (joint[0] + lean * reach * 0.34, joint[1] - reach * (0.36 - 0.34 * abs(lean)))
        stage.canvas.fill(
            stroke(root, joint, 3 * stage.canvas.unit, 2 * stage.canvas.unit), paint=shade(green, 0.7)
        )
        whole, half = leaf(joint, tip, 0.24)
        stage.canvas.fill(whole, paint=(mix(green, (255, 250, 200), 0.14), green))
        stage.canvas.fill(half, paint=shade(green, 0.84))


def palm(stage: Stage, at: Vec, height: float, color: Color, size: float = 0.34) -> None:
    """A palm: arched fronds with long leaflets, the ones behind darker."""
    root = pot(stage, at, size, color)
    reach = height * stage.camera.scale(at)
    for rank in range(11):
        angle = -pi / 2 + (rank * 7 % 11 - 5) * 0.23
        green = stage.color_at(GREENS[rank % 3], add(at, (0.0, height, 0.0)), (0.0, 0.3, -0.95))
        spine = [_along(root, angle, reach, k / 14) for k in range(15)]
        frond: list[Outline] = [stroke(a, b, 4 * stage.canvas.unit) for a, b in itertools.pairwise(spine)]
        for k in range(4, 15):
            span = reach * 0.30 * sin(pi * min(0.96, k / 14 * 0.8 + 0.16))
            way = atan2(spine[k][1] - spine[k - 1][1], spine[k][0] - spine[k - 1][0])
            for side in (-0.62, 0.62):
                tip = (
                    spine[k][0] + cos(way + side) * span,
                    spine[k][1] + sin(way + side) * span + span * 0.15,
                )
                frond.append(leaf(spine[k], tip, 0.085)[0])
        stage.canvas.fill(
            *frond, paint=(mix(green, (240, 250, 190), 0.10), shade(green, 0.62 + 0.045 * rank))
        )


def _along(root: Point, angle: float, reach: float, t: float) -> Point:
    """A point of an arched frond: it leaves straight and falls by its weight."""
    fall = 0.40 * reach * t * t * abs(cos(angle))
    return root[0] + cos(angle) * reach * t * 0.8, root[1] + sin(angle) * reach * t * 0.95 + fall


def bouquet(stage: Stage, at: Vec, vase: Color, petals: tuple[Color, ...], size: float = 1.0) -> None:
    """A vase with a few stems."""
    x, y, z = at
    stage.contact(
        (x - 0.06, y, z - 0.04),
        (x + 0.12, y, z - 0.04),
        (x + 0.12, y, z + 0.05),
        (x - 0.06, y, z + 0.05),
        blur=7,
    )
    reach = 0.34 * size * stage.camera.scale(at)
    root = stage.camera.project((x, y + 0.18 * size, z))
    for rank in range(13):
        angle = -pi / 2 + (rank * 5 % 13 - 6) * 0.15
        length = reach * stage.rng.uniform(0.65, 1.0)
        tip = (root[0] + cos(angle) * length, root[1] + sin(angle) * length)
        stage.canvas.fill(stroke(root, tip, 2.5 * stage.canvas.unit), paint=GREENS[rank % 4])
        whole, _ = leaf(
            ((root[0] + tip[0]) / 2, (root[1] + tip[1]) / 2),
            (tip[0] + reach * 0.08 * cos(rank), tip[1] + reach * 0.12),
            0.22,
        )
        stage.canvas.fill(whole, paint=GREENS[rank % 4])
        _flower(stage, tip, reach * stage.rng.uniform(0.07, 0.13), petals[rank % len(petals)])
    body = [(0.0, 0.045), (0.03, 0.065), (0.09, 0.075), (0.15, 0.045), (0.19, 0.04)]
    stage.turned(at, [(h * size, r * size) for h, r in body], vase, top=shade(vase, 0.6))


def _flower(stage: Stage, at: Point, radius: float, color: Color) -> None:
    petals = []
    for k in range(6):
        angle = k * pi / 3
        tip = (at[0] + cos(angle) * radius, at[1] + sin(angle) * radius)
        petals.append(leaf(at, tip, 0.38)[0])
    stage.canvas.fill(*petals, paint=(mix(color, (255, 255, 255), 0.25), shade(color, 0.9)))
