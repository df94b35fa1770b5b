"""Outlines in the plane: ellipses, rounded corners, smooth curves, hulls. Everything drawn is a polygon.

Pure geometry: no colour, no image.
"""

from collections.abc import Sequence
from math import cos, hypot, pi, sin

Point = tuple[float, float]
Outline = list[Point]


def ellipse(cx: float, cy: float, rx: float, ry: float, count: int = 48) -> Outline:
    turn = 2 * pi / count
    return [(cx + rx * cos(i * turn), cy + ry * sin(i * turn)) for i in range(count)]


def rectangle(left: float, top: float, right: float, bottom: float) -> Outline:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def stroke(start: Point, end: Point, width: float, end_width: float | None = None) -> Outline:
    """A straight line as a thin quadrilateral, tapering to `end_width`."""
    (ax, ay), (bx, by) = start, end
    length = hypot(bx - ax, by - ay) or 1.0
    nx, ny = (ay - by) / length / 2, (bx - ax) / length / 2
    last = width if end_width is None else end_width
    return [
        (ax + nx * width, ay + ny * width),
        (bx + nx * last, by + ny * last),
        (bx - nx * last, by - ny * last),
        (ax - nx * width, ay - ny * width),
    ]


def rounded(points: Sequence[Point], radius: float, steps: int = 5) -> Outline:
    """The polygon with each corner replaced by a curve that starts `radius` before it."""
    result: Outline = []
    for index, corner in enumerate(points):
        before, after = points[index - 1], points[(index + 1) % len(points)]
        start, end = _towards(corner, before, radius), _towards(corner, after, radius)
        result.extend(_bend(start, corner, end, i / steps) for i in range(steps + 1))
    return result


def _towards(origin: Point, goal: Point, distance: float) -> Point:
    length = hypot(goal[0] - origin[0], goal[1] - origin[1]) or 1.0
    # Never past the middle of the side, or two neighbouring corners would cross.
    share = min(distance / length, 0.5)
    return origin[0] + (goal[0] - origin[0]) * share, origin[1] + (goal[1] - origin[1]) * share


def _bend(start: Point, control: Point, end: Point, t: float) -> Point:
    a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
    return (
        a * start[0] + b * control[0] + c * end[0],
        a * start[1] + b * control[1] + c * end[1],
    )


def smooth(points: Sequence[Point], closed: bool = True, steps: int = 6) -> Outline:
    """A Catmull-Rom curve through the points."""
    count = len(points)
    result: Outline = []
    for i in range(count if closed else count - 1):
        if closed:
            p0, p1, p2, p3 = (points[(i + k) % count] for k in (-1, 0, 1, 2))
        else:
            p0, p1, p2, p3 = (points[min(max(i + k, 0), count - 1)] for k in (-1, 0, 1, 2))
        result.extend(_catmull(p0, p1, p2, p3, s / steps) for s in range(steps))
    return result if closed else [*result, points[-1]]


def _catmull(p0: Point, p1: Point, p2: Point, p3: Point, t: float) -> Point:
    square, cube = t * t, t * t * t
    a, b = (-cube + 2 * square - t) / 2, (3 * cube - 5 * square + 2) / 2
    c, d = (-3 * cube + 4 * square + t) / 2, (cube - square) / 2
    return (
        a * p0[0] + b * p1[0] + c * p2[0] + d * p3[0],
        a * p0[1] + b * p1[1] + c * p2[1] + d * p3[1],
    )


def hull(points: Sequence[Point]) -> Outline:
    """The convex hull (monotone chain)."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    return _chain(ordered)[:-1] + _chain(ordered[::-1])[:-1]


def _chain(ordered: Sequence[Point]) -> Outline:
    chain: Outline = []
    for point in ordered:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
