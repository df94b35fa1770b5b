"""The lake between its mountains, and what the water gives back of them."""

import itertools
from random import Random

from PIL import Image, ImageFilter

from rooms.demo.canvas import Canvas
from rooms.demo.palette import Color, Hour, mix, shade, tint
from rooms.demo.shapes import Outline, rectangle, stroke
from rooms.demo.views.ridge import ground, height_at, jagged, pine, rolling
from rooms.demo.views.sky import paint_sky

SLATE = tint("4f6d8c")
FOREST = tint("2f5a4a")


def paint(canvas: Canvas, hour: Hour, rng: Random, horizon: float) -> None:
    shore = canvas.height * horizon
    paint_sky(canvas, hour, rng, horizon, sun_at=0.62)
    _mountains(canvas, hour, rng, shore)
    _water(canvas, hour, rng, shore)


def _mountains(canvas: Canvas, hour: Hour, rng: Random, shore: float) -> None:
    w, h = canvas.width, min(canvas.height, canvas.width * 1.2)
    for rank, (lift, haze) in enumerate(((0.33, 0.52), (0.22, 0.30))):
        peaks = [
            (-0.05 * w, shore - h * lift * rng.uniform(0.5, 0.8)),
            (w * rng.uniform(0.25, 0.38), shore - h * lift * (1.0 if rank == 0 else 0.45)),
            (w * rng.uniform(0.5, 0.6), shore - h * lift * 0.42),
            (w * rng.uniform(0.72, 0.85), shore - h * lift * (0.82 if rank == 0 else 0.9)),
            (w * 1.05, shore - h * lift * 0.55),
        ]
        line: Outline = []
        for start, end in itertools.pairwise(peaks):
            line += jagged(rng, start, end, 0.17, 5)
        base = mix(SLATE, FOREST, rank * 0.55)
        top = mix(base, hour.horizon, haze)
        canvas.fill(ground(line, shore + 1), paint=(top, mix(top, hour.horizon, 0.45)))
        if rank == 0:
            _snow(canvas, hour, rng, line, shore - h * lift * 0.60)
        _flanks(canvas, line, shore, shade(top, 0.75))
    near = rolling(rng, w, shore - h * 0.015, h * 0.06)
    wood = mix(FOREST, hour.horizon, 0.18)
    canvas.fill(ground(near, shore + 1), paint=(wood, shade(wood, 0.8)))
    for _ in range(26):
        x = rng.random() * w
        pine(
            canvas,
            (x, height_at(near, x) + h * 0.02),
            h * rng.uniform(0.03, 0.06),
            shade(wood, rng.uniform(0.75, 0.95)),
        )


def _snow(canvas: Canvas, hour: Hour, rng: Random, line: Outline, limit: float) -> None:
    """White above a ragged limit."""
    white = mix((255, 255, 255), hour.sun, 0.25)
    run: Outline = []
    for x, y in [*line, (line[-1][0], limit + 1)]:
        if y < limit:
            run.append((x, y))
        elif run:  # one polygon per summit: a single one would draw its limit across the valleys
            fringe = [(fx, min(limit, fy + (limit - fy) * rng.uniform(0.35, 1.0))) for fx, fy in run]
            canvas.fill([*run, *fringe[::-1]], paint=white, opacity=0.88)
            run = []


def _flanks(canvas: Canvas, line: Outline, shore: float, color: Color) -> None:
    """The side of each summit away from the sun, in shadow down to the valley."""
    land = ground(line, shore)
    for i in range(12, len(line) - 12, 4):
        if line[i][1] > min(point[1] for point in line[i - 12 : i + 13]):
            continue
        x, y = line[i]
        fall = shore - y
        side = [
            (x, y - 4),
            (x - fall * 0.9, y + fall * 0.35),
            (x - fall * 1.0, shore),
            (x - fall * 0.2, shore),
            (x + fall * 0.10, y + fall * 0.62),
            (x - fall * 0.08, y + fall * 0.40),
            (x + fall * 0.07, y + fall * 0.2),
        ]
        canvas.shadow(side, blur=9, color=color, opacity=0.24, within=[land])


def _water(canvas: Canvas, hour: Hour, rng: Random, shore: float) -> None:
    """The land upside down, stretched, blurred and blued."""
    top, depth = int(shore), canvas.height - int(shore)
    seen = min(top, depth)
    mirror = canvas.image.crop((0, top - seen, canvas.width, top)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    mirror = mirror.resize((canvas.width, depth)).filter(
        ImageFilter.BoxBlur((2 * canvas.unit, 7 * canvas.unit))
    )
    veil = Image.new("RGB", mirror.size, mix(tint("1f7d8c"), hour.zenith, 0.35))
    canvas.image.paste(Image.blend(mirror, veil, 0.42), (0, top))
    canvas.fill(
        rectangle(0, shore, canvas.width, shore + 2.5 * canvas.unit), paint=mix(hour.horizon, FOREST, 0.4)
    )
    lines = []
    for _ in range(70):
        near = rng.random() ** 1.5
        x, y = rng.random() * canvas.width, shore + depth * (0.03 + near)
        length = (20 + 160 * near) * canvas.unit
        lines.append(stroke((x, y), (x + length, y), (0.8 + 2.6 * near) * canvas.unit, 0.2))
    canvas.fill(*lines, paint=mix((255, 255, 255), hour.horizon, 0.3), opacity=0.28)
