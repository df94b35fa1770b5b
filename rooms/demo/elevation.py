"""The front of a building drawn flat: wall, windows, shutters, door. `scenes/facade.py` stands it up."""

from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops

from rooms.demo.canvas import Canvas
from rooms.demo.palette import WHITE, Color, Hour, mix, shade, tint
from rooms.demo.shapes import ellipse, rectangle
from rooms.demo.texture import noise, plank_wall, stone, tiles
from rooms.demo.views import Place

SCALE = 90  # pixels per metre


@dataclass(frozen=True)
class Style:
    """What changes from a region to another."""

    wall: Color
    trim: Color
    shutter: Color
    roof: Color


STYLES: dict[Place, tuple[Style, ...]] = {
    Place.SEA: (
        Style(tint("f0e6d6"), tint("fffaf0"), tint("5f86a0"), tint("56606e")),
        Style(tint("d9b29a"), tint("fff4e6"), tint("f2ede2"), tint("4f5866")),
    ),
    Place.HILLS: (
        Style(tint("efd2a2"), tint("f7e6c8"), tint("7f9db0"), tint("c9794f")),
        Style(tint("f2dcc0"), tint("fbefdc"), tint("8aa07c"), tint("c4704a")),
    ),
    Place.LAKE: (
        Style(tint("b98556"), tint("f3e7d2"), tint("8c3f34"), tint("6d5a50")),
        Style(tint("a8744a"), tint("efe2cc"), tint("4c6b52"), tint("5f5450")),
    ),
}


def elevation(
    place: Place, style: Style, hour: Hour, rng: Random, width: float, floors: int, *, door: bool = True
) -> Image.Image:
    """One side of the house, `width` metres wide, three metres per floor."""
    w, h = int(width * SCALE), floors * 3 * SCALE
    canvas = Canvas((w, h), style.wall)
    canvas.image = ImageChops.multiply(canvas.image, _matter(place, rng, (w, h)))
    if place is Place.LAKE:  # the ground floor of a chalet is rendered in white
        canvas.fill(rectangle(0, h - 2.9 * SCALE, w, h), paint=(tint("f4ecdf"), tint("dccfbb")))
    bays = max(1, round(width / 2.3))
    for floor in range(floors):
        for bay in range(bays):
            x, low = w * (bay + 0.5) / bays, h - (floor * 3 + 0.95) * SCALE
            if door and floor == 0 and bay == bays // 2:
                _door(canvas, style, hour, x, h)
            else:
                _window(canvas, style, hour, rng, (x, low), place)
    for floor in range(1, floors):
        y = h - floor * 3 * SCALE
        canvas.fill(rectangle(0, y - 6, w, y + 6), paint=style.trim, opacity=0.7)
    canvas.shadow(rectangle(0, -40, w, 34), blur=26, opacity=0.45)  # under the eaves
    canvas.shadow(rectangle(0, h - 14, w, h + 20), blur=18, color=tint("6d7a4a"), opacity=0.35)
    return canvas.image


def _matter(place: Place, rng: Random, size: tuple[int, int]) -> Image.Image:
    if place is Place.LAKE:
        return plank_wall(rng, 22, (480, 320)).resize(size)
    if place is Place.HILLS:
        return Image.blend(stone(rng, 16).resize(size), Image.new("RGB", size, WHITE), 0.35)
    grey = noise((size[0] // 3, size[1] // 3), 4, 1.0).resize(size)
    return Image.merge("RGB", [grey.point([238 + v * 17 // 255 for v in range(256)])] * 3)


def _window(
    canvas: Canvas, style: Style, hour: Hour, rng: Random, foot: tuple[float, float], place: Place
) -> None:
    x, low = foot
    half, high = 0.46 * SCALE, low - 1.45 * SCALE
    canvas.fill(rectangle(x - half - 9, high - 12, x + half + 9, low + 4), paint=style.trim)
    awake = hour.lamps == 1 and rng.random() < 0.7
    glass: tuple[Color, ...] = (tint("6f8ea6"), mix(tint("a8c4d4"), hour.horizon, 0.4))
    canvas.fill(
        rectangle(x - half, high, x + half, low), paint=(tint("ffdf9a"), tint("f5b563")) if awake else glass
    )
    canvas.shadow(rectangle(x - half, high, x + half, high + 14), blur=6, opacity=0.45)
    drape = [rectangle(x - half, high, x - half * 0.55, low), rectangle(x + half * 0.55, high, x + half, low)]
    canvas.fill(*drape, paint=WHITE, opacity=0.5)
    bars = [
        rectangle(x - 3, high, x + 3, low),
        rectangle(x - half, high + 40, x + half, high + 45),
        rectangle(x - half, high + 84, x + half, high + 89),
    ]
    canvas.fill(*bars, paint=style.trim)
    for side in (-1, 1):
        _shutter(canvas, style.shutter, x + side * half * 1.56, high, low, half * 0.98)
    canvas.fill(rectangle(x - half - 14, low, x + half + 14, low + 9), paint=shade(style.trim, 0.9))
    if place is not Place.SEA or rng.random() < 0.5:
        _flower_box(canvas, rng, x, low + 4, half)


def _shutter(canvas: Canvas, color: Color, x: float, high: float, low: float, width: float) -> None:
    left, right = x - width / 2, x + width / 2
    canvas.shadow(rectangle(left + 5, high + 6, right + 7, low + 8), blur=6, opacity=0.35)
    canvas.fill(rectangle(left, high - 2, right, low + 2), paint=(mix(color, WHITE, 0.1), shade(color, 0.9)))
    slats = [
        rectangle(left + 5, high + 8 + k * 9, right - 5, high + 11 + k * 9)
        for k in range(int((low - high - 16) / 9))
    ]
    canvas.fill(*slats, paint=shade(color, 0.72))


def _flower_box(canvas: Canvas, rng: Random, x: float, y: float, half: float) -> None:
    canvas.fill(rectangle(x - half, y - 4, x + half, y + 14), paint=tint("8a5a3c"))
    for color, count, size in ((tint("4c7a46"), 16, 8), (tint("d6453f"), 14, 5), (tint("f2a0a8"), 9, 4)):
        dots = [
            ellipse(x + rng.uniform(-half, half), y - rng.uniform(0, 16), size, size, 12)
            for _ in range(count)
        ]
        canvas.fill(*dots, paint=color)


def _door(canvas: Canvas, style: Style, hour: Hour, x: float, base: float) -> None:
    half, top = 0.62 * SCALE, base - 2.35 * SCALE
    canvas.fill(rectangle(x - half - 14, top - 16, x + half + 14, base), paint=style.trim)
    canvas.fill(
        rectangle(x - half, top, x + half, base),
        paint=(shade(style.shutter, 0.8), shade(style.shutter, 0.62)),
    )
    lit = (tint("ffe2a4"), tint("f0b266")) if hour.lamps else (tint("7f9cb0"), tint("b4c8d2"))
    panes = [
        rectangle(x + a * half, top + 16, x + b * half, top + 120) for a, b in ((-0.86, -0.10), (0.10, 0.86))
    ]
    canvas.fill(*panes, paint=lit)
    canvas.fill(rectangle(x - 2, top, x + 2, base), paint=shade(style.shutter, 0.5))
    canvas.fill(rectangle(x - half - 26, base - 12, x + half + 26, base), paint=tint("d9d2c4"))
    for side in (-1, 1):
        at = (x + side * (half + 34), top + 46)
        if hour.lamps:
            canvas.shadow(ellipse(at[0], at[1], 46, 46), blur=34, color=tint("ffd38a"), opacity=0.8)
        canvas.fill(
            rectangle(at[0] - 6, at[1] - 11, at[0] + 6, at[1] + 11),
            paint=tint("fff0c8") if hour.lamps else tint("5a5a58"),
        )


def roof_tiles(rng: Random) -> Image.Image:
    """Rows of tiles or slates for a slope."""
    return tiles(rng, 44, 22, (880, 400), joint=0.74, vary=46, shift=True)
