"""The sky: its gradient, the sun, the clouds. Shared by every view."""

from random import Random

from rooms.demo.canvas import Canvas
from rooms.demo.palette import Hour, mix
from rooms.demo.shapes import ellipse, rectangle, smooth


def paint_sky(canvas: Canvas, hour: Hour, rng: Random, horizon: float, sun_at: float = 0.7) -> None:
    """From the top of the canvas to the horizon, given in share of the height."""
    width, low = canvas.width, canvas.height * horizon
    middle = mix(hour.zenith, hour.horizon, 0.55)
    canvas.fill(rectangle(0, 0, width, low + 2), paint=(hour.zenith, middle, hour.horizon))
    _sun(canvas, hour, width * sun_at, low)
    for _ in range(rng.randint(2, 4)):
        at = (rng.uniform(0.05, 0.95) * width, low * rng.uniform(0.2, 0.72))
        _cloud(canvas, hour, rng, at, canvas.height * rng.uniform(0.10, 0.22))


def _sun(canvas: Canvas, hour: Hour, x: float, low: float) -> None:
    if hour.lamps == 0:  # high in the sky: out of the frame, only its glow is seen
        glow = ellipse(x, low * 0.1, canvas.height * 0.30, canvas.height * 0.20)
        canvas.shadow(glow, blur=220, color=(255, 255, 246), opacity=0.40)
        return
    y, radius = low * 0.80, canvas.height * 0.034
    for size, opacity in ((7.0, 0.30), (3.0, 0.45)):
        halo = ellipse(x, y, radius * size, radius * size)
        canvas.shadow(halo, blur=radius * size / canvas.unit * 0.5, color=(255, 226, 168), opacity=opacity)
    canvas.fill(ellipse(x, y, radius, radius), paint=((255, 250, 226), (255, 232, 186)))


def _cloud(canvas: Canvas, hour: Hour, rng: Random, at: tuple[float, float], span: float) -> None:
    """A flat-bottomed heap of soft puffs."""
    x, y = at
    light = mix((255, 255, 255), hour.horizon, 0.25)
    crown = [
        (x + span * (i / 4 - 1), y - span * rng.uniform(0.06, 0.22) * (4.4 - abs(i - 4)) / 4)
        for i in range(9)
    ]
    outline = smooth([(x - span * 1.15, y), *crown, (x + span * 1.15, y), (x, y + span * 0.05)], steps=5)
    canvas.shadow(outline, blur=7, color=light, opacity=0.75)
    inner = [(px * 0.94 + x * 0.06, py - span * 0.02) for px, py in outline]
    canvas.shadow(inner, blur=14, color=(255, 255, 255), opacity=0.5)
