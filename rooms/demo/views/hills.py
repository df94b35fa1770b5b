"""The hills of Provence: blue ridges, rows of lavender, cypresses, olive trees, a village far away."""

from random import Random

from rooms.demo.canvas import Canvas
from rooms.demo.palette import Hour, mix, shade, tint
from rooms.demo.shapes import Outline, rectangle, stroke
from rooms.demo.views.ridge import bushy, cypress, ground, height_at, jagged, rolling
from rooms.demo.views.sky import paint_sky

OLIVE = tint("8a9464")
LAVENDER = tint("8d79b8")
WHEAT = tint("d9b86a")


def paint(canvas: Canvas, hour: Hour, rng: Random, horizon: float) -> None:
    paint_sky(canvas, hour, rng, horizon, sun_at=0.30)
    w, h, eye = canvas.width, canvas.height, canvas.height * horizon
    ridge = jagged(rng, (-10, eye - h * 0.07), (w + 10, eye - h * 0.12), 0.09, 6)
    canvas.fill(
        ground(ridge, h),
        paint=(mix(tint("7489ad"), hour.horizon, 0.38), mix(tint("7489ad"), hour.horizon, 0.7)),
    )
    far = rolling(rng, w, eye + h * 0.02, h * 0.07)
    canvas.fill(ground(far, h), paint=(mix(OLIVE, hour.horizon, 0.45), mix(OLIVE, hour.horizon, 0.25)))
    _village(canvas, hour, rng, w * rng.uniform(0.62, 0.78), far)
    middle = rolling(rng, w, eye + h * 0.085, h * 0.06)
    canvas.fill(ground(middle, h), paint=(mix(WHEAT, hour.horizon, 0.25), mix(OLIVE, WHEAT, 0.4)))
    for _ in range(7):
        x = rng.random() * w
        bushy(
            canvas,
            rng,
            (x, height_at(middle, x) + h * 0.01),
            h * rng.uniform(0.014, 0.022),
            shade(OLIVE, 0.8),
            False,
        )
    for _ in range(4):
        x = rng.random() * w
        cypress(canvas, (x, height_at(middle, x) + h * 0.01), h * rng.uniform(0.08, 0.14), tint("3f5a41"))
    _lavender(canvas, hour, rng, eye + h * 0.15)


def _lavender(canvas: Canvas, hour: Hour, rng: Random, top: float) -> None:
    """Rows that meet at a point under the horizon."""
    w, h = canvas.width, canvas.height
    field = rolling(rng, w, top, h * 0.02)
    canvas.fill(ground(field, h), paint=(mix(tint("b9a58a"), hour.horizon, 0.3), tint("a48f6c")))
    vanish, rows = w * rng.uniform(0.35, 0.65), 15
    for tone, shift, width in ((0.72, 0.012, 0.62), (1.0, 0.0, 0.50), (1.22, -0.010, 0.22)):
        strips: list[Outline] = []
        for i in range(-rows, rows + 1):
            foot, head = vanish + (i + shift * 8) * w * 0.13, vanish + (i + shift * 8) * w * 0.030
            strips.append(
                stroke((head, top - h * 0.005), (foot, h * 1.02), w * 0.030 * width, w * 0.13 * width)
            )
        color = mix(shade(LAVENDER, tone), hour.sun, 0.10)
        canvas.fill(*strips, paint=(mix(color, hour.horizon, 0.35), color))
    line = rectangle(0, top - h * 0.02, w, top + h * 0.004)
    canvas.shadow(line, blur=10, color=mix(OLIVE, hour.horizon, 0.3), opacity=0.6)


def _village(canvas: Canvas, hour: Hour, rng: Random, x: float, line: Outline) -> None:
    """A few houses and a bell tower on the hill."""
    y, s = height_at(line, x), canvas.height * 0.02
    wall, roof = mix(tint("e8cfa6"), hour.sun, 0.3), mix(tint("c0714d"), hour.horizon, 0.25)
    houses, roofs = [], []
    for i in range(-4, 5):
        left, size = x + i * s * 0.9, s * rng.uniform(0.7, 1.3)
        foot = y + abs(i) * s * 0.22
        houses.append(rectangle(left, foot - size, left + s, foot + s * 0.4))
        roofs.append(
            [
                (left - s * 0.1, foot - size),
                (left + s * 0.5, foot - size - s * 0.4),
                (left + s * 1.1, foot - size),
            ]
        )
    houses.append(rectangle(x + s * 0.2, y - s * 2.6, x + s * 0.8, y))
    roofs.append([(x + s * 0.1, y - s * 2.6), (x + s * 0.5, y - s * 3.4), (x + s * 0.9, y - s * 2.6)])
    canvas.fill(*houses, paint=(wall, shade(wall, 0.82)))
    canvas.fill(*roofs, paint=roof)
