"""Land against the sky: ridges, rolling hills, and the trees that stand on them."""

import itertools
from math import sin
from random import Random

from rooms.demo.canvas import Canvas
from rooms.demo.palette import Color, mix, shade
from rooms.demo.shapes import Outline, Point, ellipse, smooth


def jagged(rng: Random, start: Point, end: Point, rough: float, depth: int = 6) -> Outline:
    """A mountain line: midpoints displaced less and less."""
    line = [start, end]
    for _ in range(depth):
        longer = [line[0]]
        for (ax, ay), (bx, by) in itertools.pairwise(line):
            shift = rng.uniform(-rough, rough) * abs(bx - ax)
            longer += [((ax + bx) / 2, (ay + by) / 2 + shift), (bx, by)]
        line = longer
    return line


def rolling(rng: Random, width: float, base: float, swell: float) -> Outline:
    """A soft line of hills, left to right."""
    count = 7
    phase, pace = rng.random() * 6, rng.uniform(0.8, 1.3)
    knots = [
        (width * (i / (count - 1) * 1.1 - 0.05), base - swell * (0.5 + 0.5 * sin(phase + i * pace)))
        for i in range(count)
    ]
    return smooth(knots, closed=False, steps=10)


def ground(line: Outline, bottom: float) -> Outline:
    """The land under a line."""
    return [*line, (line[-1][0], bottom), (line[0][0], bottom)]


def height_at(line: Outline, x: float) -> float:
    return min(line, key=lambda point: abs(point[0] - x))[1]


def pine(canvas: Canvas, at: Point, height: float, color: Color) -> None:
    """A spruce: tiers that overlap, darker underneath."""
    x, y = at
    for i in range(5):
        top = y - height * (1 - i * 0.17)
        low = top + height * 0.36
        half = height * (0.085 + 0.043 * i)
        tier = smooth(
            [
                (x, top),
                (x + half * 0.45, top + height * 0.17),
                (x + half, low),
                (x, low - height * 0.03),
                (x - half, low),
                (x - half * 0.45, top + height * 0.17),
            ],
            steps=3,
        )
        canvas.fill(tier, paint=(shade(color, 1.12), shade(color, 0.78)), across=True)


def cypress(canvas: Canvas, at: Point, height: float, color: Color) -> None:
    x, y = at
    half = height * 0.105
    body = smooth(
        [
            (x, y - height),
            (x + half * 0.7, y - height * 0.62),
            (x + half, y - height * 0.28),
            (x + half * 0.4, y),
            (x - half * 0.4, y),
            (x - half, y - height * 0.28),
            (x - half * 0.7, y - height * 0.62),
        ]
    )
    canvas.shadow(ellipse(x + height * 0.12, y, height * 0.2, height * 0.025), blur=5, opacity=0.35)
    canvas.fill(body, paint=(mix(color, (255, 236, 170), 0.28), color, shade(color, 0.62)), across=True)


def bushy(canvas: Canvas, rng: Random, at: Point, radius: float, color: Color, trunk: bool = True) -> None:
    """A round tree, such as an olive: a cloud of leaves in three tones, lit from the top left."""
    x, y = at
    if trunk:
        bark: Color = (104, 88, 72)
        canvas.shadow(ellipse(x + radius * 0.3, y, radius * 1.0, radius * 0.14), blur=8, opacity=0.35)
        stem = smooth(
            [
                (x - radius * 0.12, y),
                (x - radius * 0.05, y - radius * 0.7),
                (x + radius * 0.2, y - radius),
                (x + radius * 0.1, y - radius * 0.5),
                (x + radius * 0.15, y),
            ]
        )
        canvas.fill(stem, paint=(bark, shade(bark, 0.7)))
        y -= radius * 1.35
    for tone, shift, size in (
        (0.66, 0.14, 0.40),
        (0.84, 0.06, 0.30),
        (1.02, -0.08, 0.20),
        (1.22, -0.20, 0.12),
    ):
        heads = []
        for _ in range(34):
            # A tree has an outline: no leaf strays far from the crown.
            dx, dy = max(-0.7, min(0.7, rng.gauss(0, 0.40))), max(-0.36, min(0.42, rng.gauss(0, 0.26)))
            r = radius * size * rng.uniform(0.55, 1.0)
            heads.append(ellipse(x + dx * radius + shift * radius, y + (dy + shift) * radius, r, r * 0.8, 18))
        canvas.fill(*heads, paint=shade(color, tone))


def leaf_dabs(
    canvas: Canvas, rng: Random, area: tuple[float, float, float, float], color: Color, count: int
) -> None:
    """Grass and leaves as a dust of short strokes over an area."""
    left, top, right, bottom = area
    for tone in (0.8, 1.18):
        dabs = []
        for _ in range(count):
            y = top + (bottom - top) * rng.random() ** 0.7
            x, size = rng.uniform(left, right), (4 + 10 * (y - top) / (bottom - top + 1)) * canvas.unit
            dabs.append(
                [(x - size * 0.15, y), (x + rng.uniform(-0.3, 0.5) * size, y - size), (x + size * 0.15, y)]
            )
        canvas.fill(*dabs, paint=shade(color, tone), opacity=0.6)
