"""The sea under the chalk cliffs: arch, needle, sparkles."""

from random import Random

from rooms.demo.canvas import Canvas
from rooms.demo.palette import Color, Hour, mix, shade, tint
from rooms.demo.shapes import Outline, Point, ellipse, rectangle, smooth
from rooms.demo.views.sky import paint_sky

CHALK = tint("f2ece0")
GRASS = tint("7f9a5b")


def paint(canvas: Canvas, hour: Hour, rng: Random, horizon: float) -> None:
    paint_sky(canvas, hour, rng, horizon, sun_at=0.24)
    paint_water(canvas, hour, rng, canvas.height * horizon, 0.24)
    _cliff(canvas, hour, rng, canvas.height * horizon)
    _sails(canvas, rng, canvas.height * horizon)


def paint_water(canvas: Canvas, hour: Hour, rng: Random, top: float, sun_at: float) -> None:
    deep = mix(tint("1f6f8b"), hour.zenith, 0.35)
    far, near = mix(deep, hour.horizon, 0.50), mix(tint("3fa9a5"), hour.zenith, 0.25)
    canvas.fill(rectangle(0, top, canvas.width, canvas.height), paint=(far, deep, mix(deep, near, 0.7), near))
    path = [
        (canvas.width * (sun_at - 0.08), top),
        (canvas.width * (sun_at + 0.08), top),
        (canvas.width * (sun_at + 0.12), canvas.height),
        (canvas.width * (sun_at - 0.12), canvas.height),
    ]
    canvas.shadow(path, blur=150, color=hour.horizon, opacity=0.42)
    for color, count, opacity in (((255, 255, 255), 90, 0.34), (shade(deep, 0.8), 70, 0.25)):
        canvas.fill(*_glints(canvas, rng, top, count), paint=color, opacity=opacity)


def _glints(canvas: Canvas, rng: Random, top: float, count: int) -> list[Outline]:
    """Wavelets: short flat lenses, longer as they come nearer."""
    glints = []
    for _ in range(count):
        near = rng.random() ** 1.6
        y = top + 3 + (canvas.height - top) * near
        x, length = rng.random() * canvas.width, (8 + 90 * near) * canvas.unit * rng.uniform(0.4, 1)
        thick = (0.7 + 3.2 * near) * canvas.unit
        glints.append([(x - length, y), (x, y - thick), (x + length, y), (x, y + thick)])
    return glints


def _cliff(canvas: Canvas, hour: Hour, rng: Random, sea: float) -> None:
    """Chalk on the right, its arch stepping into the sea, the needle on its own beside it."""
    s, base = canvas.height * 0.30, canvas.width * 0.60
    light = mix(CHALK, hour.sun, 0.35)
    if hour.lamps == 1:
        light = mix(light, hour.zenith, 0.35)
    paint: tuple[Color, ...] = (light, mix(light, hour.zenith, 0.20), mix(light, tint("8f8a84"), 0.45))
    right = max(canvas.width, base + s * 1.2)

    def at(x: float, y: float) -> Point:
        return base + x * s, sea + s * (0.05 - y)

    crest = [at(0.0, 0.62), at(0.12, 0.70), at(0.35, 0.78), at(0.7, 0.86), (right, sea - s * 0.98)]
    front = [at(-0.20, 0.0), at(-0.16, 0.25), at(-0.10, 0.46)]
    body = [*front, *crest, (right, sea + s * 0.30), at(0.55, 0.0)]
    arch = smooth([at(0.0, -0.02), at(0.005, 0.24), at(0.09, 0.42), at(0.18, 0.26), at(0.20, -0.02)])
    needle = [at(-0.58, 0.0), at(-0.53, 0.32), at(-0.47, 0.58), at(-0.43, 0.35), at(-0.38, 0.0)]
    canvas.shadow(
        [at(-0.75, 0), (right, sea), (right, sea + s * 0.5), at(-0.4, -0.22)],
        blur=26,
        color=(30, 60, 74),
        opacity=0.35,
    )
    canvas.fill(body, needle, paint=paint, holes=[arch])
    _strata(canvas, rng, (base, sea, s, right))
    turf = [*crest, (right, sea - s * 0.84), at(0.75, 0.78), at(0.36, 0.72), at(0.13, 0.66)]
    canvas.fill(turf, paint=mix(GRASS, hour.sun, 0.25))
    canvas.shadow(
        [at(0.2, 0), at(0.24, 0.4), at(0.45, 0.5), at(0.6, 0)], blur=18, color=tint("6f7f90"), opacity=0.35
    )
    foam = [ellipse(*at(x, -0.01), s * w, s * 0.012) for x, w in ((-0.48, 0.13), (-0.1, 0.12), (0.4, 0.26))]
    canvas.fill(*foam, paint=(255, 255, 255), opacity=0.75)


def _strata(canvas: Canvas, rng: Random, frame: tuple[float, float, float, float]) -> None:
    base, sea, s, right = frame
    lines = []
    for level in range(5):
        y = sea - s * (0.02 + 0.105 * level)
        x = base + s * 0.24
        while x < right:
            length = s * rng.uniform(0.08, 0.4)
            lines.append(rectangle(x, y, x + length, y + max(1.0, s * 0.010)))
            x += length + s * rng.uniform(0.03, 0.2)
    canvas.fill(*lines, paint=tint("7d7770"), opacity=0.32)


def _sails(canvas: Canvas, rng: Random, sea: float) -> None:
    for _ in range(rng.randint(1, 2)):
        x, h = canvas.width * rng.uniform(0.06, 0.42), canvas.height * rng.uniform(0.035, 0.055)
        canvas.fill(
            [(x, sea - h), (x + h * 0.5, sea + h * 0.1), (x, sea + h * 0.1)],
            [(x - h * 0.06, sea - h * 0.8), (x - h * 0.34, sea + h * 0.1), (x - h * 0.06, sea + h * 0.1)],
            paint=(255, 253, 248),
        )
        canvas.fill(
            [
                (x - h * 0.4, sea + h * 0.14),
                (x + h * 0.55, sea + h * 0.14),
                (x + h * 0.4, sea + h * 0.26),
                (x - h * 0.3, sea + h * 0.26),
            ],
            paint=tint("a5483a"),
        )
