"""Pictures on the walls: small framed prints, abstract or landscapes, in the colours of the room."""

from math import cos, pi, sin
from random import Random

from PIL import Image

from rooms.demo.canvas import Canvas
from rooms.demo.palette import LINEN, Color, Palette, mix, shade
from rooms.demo.perspective import Vec, add
from rooms.demo.shapes import Outline, ellipse, rectangle, smooth, stroke
from rooms.demo.stage import Stage
from rooms.demo.texture import weave

from .views.ridge import ground, rolling


def print_of(rng: Random, palette: Palette, size: tuple[int, int] = (200, 260)) -> Image.Image:
    """One print, its mount included."""
    sheet = Canvas(size, LINEN)
    makers = (_arches, _hills, _branch, _stones)
    makers[rng.randrange(len(makers))](sheet, rng, palette)
    return weave(sheet.image, 16)


def _arches(sheet: Canvas, rng: Random, palette: Palette) -> None:
    w, h = sheet.width, sheet.height
    for i, color in enumerate((palette.accent, mix(palette.accent, LINEN, 0.55), palette.second)):
        r = w * (0.34 - 0.095 * i)
        dome = [(w / 2 + r * cos(pi + pi * k / 24), h * 0.5 + r * sin(pi + pi * k / 24)) for k in range(25)]
        sheet.fill([*dome, (w / 2 + r, h * 0.84), (w / 2 - r, h * 0.84)], paint=color)
    sheet.fill(ellipse(w * 0.72, h * 0.18, w * 0.08, w * 0.08), paint=palette.second)


def _hills(sheet: Canvas, rng: Random, palette: Palette) -> None:
    w, h = sheet.width, sheet.height
    sheet.fill(
        rectangle(w * 0.12, h * 0.12, w * 0.88, h * 0.88), paint=mix(palette.wall, palette.accent, 0.18)
    )
    sheet.fill(ellipse(w * rng.uniform(0.35, 0.65), h * 0.36, w * 0.13, w * 0.13), paint=palette.accent)
    for i, color in enumerate((mix(palette.second, LINEN, 0.5), palette.second, shade(palette.second, 0.7))):
        land = ground(rolling(rng, w, h * (0.56 + 0.12 * i), h * 0.12), h)
        inside = [(min(max(x, w * 0.12), w * 0.88), min(y, h * 0.88)) for x, y in land]
        sheet.fill(inside, paint=color)


def _branch(sheet: Canvas, rng: Random, palette: Palette) -> None:
    w, h = sheet.width, sheet.height
    green = mix(palette.second, (92, 120, 84), 0.6)
    sheet.fill(stroke((w * 0.42, h * 0.88), (w * 0.55, h * 0.16), 4, 2), paint=shade(green, 0.7))
    for i in range(7):
        t, side = i / 7, -1 if i % 2 else 1
        x, y = w * (0.42 + 0.13 * t), h * (0.80 - 0.62 * t)
        reach = w * 0.30 * (1 - 0.45 * t)
        tip = (x + side * reach, y - h * 0.10)
        leaf: Outline = smooth(
            [(x, y), (x + side * reach * 0.55, y - h * 0.10), tip, (x + side * reach * 0.5, y - h * 0.01)]
        )
        sheet.fill(leaf, paint=mix(green, LINEN, 0.10 + 0.3 * (i % 3) / 2))


def _stones(sheet: Canvas, rng: Random, palette: Palette) -> None:
    w, h = sheet.width, sheet.height
    y = h * 0.82
    for i, color in enumerate(
        (
            shade(palette.second, 0.8),
            palette.accent,
            mix(palette.textile, palette.accent, 0.3),
            palette.second,
        )
    ):
        rx, ry = w * (0.34 - 0.055 * i), h * (0.085 - 0.006 * i)
        sheet.fill(ellipse(w * (0.5 + rng.uniform(-0.05, 0.05)), y - ry, rx, ry), paint=color)
        y -= ry * 1.9


def hang(stage: Stage, corner: Vec, u: Vec, height: float, frame: Color, picture: Image.Image) -> None:
    """Hang a framed picture whose outer top left corner is `corner`; it casts a shadow on its wall."""
    width = (u[0] ** 2 + u[1] ** 2 + u[2] ** 2) ** 0.5
    down: Vec = (0.0, -height, 0.0)
    points = [add(corner, (0.03, -0.05, 0.0)), add(add(corner, u), (0.05, -0.05, 0.0))]
    stage.contact(*points, add(points[1], down), add(points[0], down), blur=12, opacity=0.38)
    stage.face(corner, u, down, frame)
    rim = 0.035
    inner = add(add(corner, u, rim / width), (0.0, -rim, 0.0))
    scale = (width - 2 * rim) / width
    stage.face(
        inner,
        (u[0] * scale, u[1] * scale, u[2] * scale),
        (0.0, 2 * rim - height, 0.0),
        (255, 255, 255),
        texture=picture,
    )


def hang_row(stage: Stage, centre: Vec, count: int, width: float, height: float, gap: float = 0.12) -> None:
    """A row of pictures on the back wall, centred."""
    frame = stage.rng.choice((shade(stage.palette.wood, 0.8), (44, 42, 44), LINEN))
    x = centre[0] - (count * width + (count - 1) * gap) / 2
    for _ in range(count):
        size = (240, max(80, int(240 * height / width)))
        picture = print_of(stage.rng, stage.palette, size)
        hang(stage, (x, centre[1] + height / 2, centre[2] - 0.02), (width, 0.0, 0.0), height, frame, picture)
        x += width + gap
