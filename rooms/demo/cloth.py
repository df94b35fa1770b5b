"""Cloths, as small flat pictures: folds of a curtain, rugs, the grain of a weave."""

from math import pi, sin
from random import Random

from PIL import Image, ImageDraw

from rooms.demo.mask import ramp
from rooms.demo.palette import Color
from rooms.demo.texture import grey, weave


def folds(rng: Random, count: int = 7, width: int = 256, depth: float = 0.24) -> Image.Image:
    """The vertical folds of a curtain."""
    turn, drift = rng.random() * 6, rng.uniform(0.6, 1.4)
    tones = []
    for i in range(width):
        s = i / width * 2 * pi * count
        wave = 0.5 + 0.5 * sin(s + turn + 0.9 * sin(s * 0.37 * drift))
        tones.append(grey(255 * (1 - depth + depth * wave**0.7)))
    return ramp(tones, across=True).resize((width, 48))


def rug(
    rng: Random, ground: Color, line: Color, note: Color, size: tuple[int, int] = (480, 360)
) -> Image.Image:
    """A woven rug: stripes, lozenges or plain with a border."""
    image = Image.new("RGB", size, ground)
    pen = ImageDraw.Draw(image)
    w, h = size
    kind = rng.randrange(3)
    if kind == 0:
        for i in range(1, 12):
            pen.rectangle(
                (0, h * i / 12 - 5, w, h * i / 12 + (7 if i % 3 else 14) - 5), fill=line if i % 2 else note
            )
    elif kind == 1:
        for i in range(-1, 9):
            for j in range(-1, 7):
                _lozenge(pen, i * w / 8 + (w / 16 if j % 2 else 0), j * h / 6, w / 18, h / 13, line)
    else:
        pen.rectangle((18, 18, w - 19, h - 19), outline=line, width=9)
        pen.rectangle((38, 38, w - 39, h - 39), outline=note, width=3)
    return weave(image)


def _lozenge(pen: ImageDraw.ImageDraw, x: float, y: float, rx: float, ry: float, color: Color) -> None:
    for share, width in ((1.0, 3), (0.5, 2)):
        points = [(x, y - ry * share), (x + rx * share, y), (x, y + ry * share), (x - rx * share, y)]
        pen.line([*points, points[0]], fill=color, width=width)
