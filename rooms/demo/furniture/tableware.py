"""What is laid on a table: cups, plates, croissants, bread, fruit, glasses, a laptop."""

from math import sin

from rooms.demo.palette import WHITE, Color, mix, shade, tint
from rooms.demo.perspective import Vec
from rooms.demo.shapes import ellipse, smooth, stroke
from rooms.demo.stage import Stage
from rooms.demo.surface import UP

CHINA: Color = (250, 247, 240)
COFFEE = tint("5b3722")
CRUST = tint("d8964a")


def drop_shadow(stage: Stage, at: Vec, radius: float, blur: float = 10) -> None:
    x, y, z = at
    ring = stage.circle((x + radius * 0.25, y, z - radius * 0.1), radius * 1.02, 24)
    stage.canvas.shadow(ring, blur=blur, opacity=0.42)


def plate(stage: Stage, at: Vec, radius: float, color: Color = CHINA) -> None:
    """A plate with its well."""
    x, y, z = at
    drop_shadow(stage, at, radius)
    tone = stage.color_at(color, at, UP)
    stage.canvas.fill(stage.circle((x, y + 0.004, z), radius * 0.98), paint=shade(tone, 0.72))
    stage.canvas.fill(
        stage.circle((x, y + 0.018, z), radius), paint=(mix(tone, WHITE, 0.4), shade(tone, 0.95))
    )
    stage.canvas.fill(
        stage.circle((x, y + 0.016, z), radius * 0.70), paint=(shade(tone, 0.86), shade(tone, 0.98))
    )


def cup(stage: Stage, at: Vec, color: Color = CHINA, drink: Color = COFFEE, size: float = 0.045) -> None:
    """A cup on its saucer, with a little steam."""
    x, y, z = at
    plate(stage, at, size * 1.9, color)
    ear = stage.camera.project((x + size * 1.2, y + size, z))
    r = size * 0.48 * stage.camera.scale(at)
    handle = ellipse(ear[0], ear[1], r, r * 0.95)
    stage.canvas.fill(handle, paint=shade(color, 0.85), holes=[ellipse(ear[0], ear[1], r * 0.62, r * 0.6)])
    body = [
        (0.0, size * 0.5),
        (size * 0.3, size * 0.78),
        (size * 0.9, size * 0.96),
        (size * 1.5, size),
        (size * 1.6, size),
    ]
    stage.turned((x, y + 0.018, z), body, color, top=mix(color, WHITE, 0.3))
    stage.canvas.fill(
        stage.circle((x, y + 0.014 + size * 1.6, z), size * 0.86), paint=(shade(drink, 0.75), drink)
    )
    _steam(stage, (x, y + size * 1.9, z), size)


def _steam(stage: Stage, at: Vec, size: float) -> None:
    x, y = stage.camera.project(at)
    r = size * stage.camera.scale(at)
    for side in (-0.35, 0.3):
        knots = [(x + r * (side + 0.30 * sin(k * 1.1 + side * 9)), y - r * 0.75 * k) for k in range(6)]
        line = smooth(knots, closed=False)
        wisp = [*line, *[(px + r * 0.22, py) for px, py in line[::-1]]]
        stage.canvas.shadow(wisp, blur=5, color=WHITE, opacity=0.34)


def glass(stage: Stage, at: Vec, drink: Color, height: float = 0.12, radius: float = 0.034) -> None:
    """A glass of juice."""
    x, y, z = at
    drop_shadow(stage, at, radius * 1.3)
    stage.turned(
        (x, y, z), [(0.0, radius * 0.8), (height * 0.78, radius * 0.96)], drink, top=mix(drink, WHITE, 0.25)
    )
    left, right = (
        stage.camera.project((x - radius, y + height, z)),
        stage.camera.project((x + radius, y + height, z)),
    )
    low_l, low_r = (
        stage.camera.project((x - radius * 0.85, y, z)),
        stage.camera.project((x + radius * 0.85, y, z)),
    )
    stage.canvas.fill([left, right, low_r, low_l], paint=(236, 246, 250), opacity=0.28)
    shine = stroke(
        (left[0] + (right[0] - left[0]) * 0.22, left[1] + 6),
        (low_l[0] + (low_r[0] - low_l[0]) * 0.25, low_l[1] - 8),
        5 * stage.canvas.unit,
    )
    stage.canvas.fill(shine, paint=WHITE, opacity=0.55)


def laptop(stage: Stage, x: float, y: float, z: float, width: float = 0.36) -> None:
    """Open, its screen to the eye."""
    stage.footprint((x, y, z), (x + width, y, z + 0.24), grow=0.01, blur=8, opacity=0.4)
    body: Color = (196, 198, 202)
    stage.face((x + 0.005, y + 0.25, z + 0.30), (width - 0.01, 0, 0), (0, -0.24, -0.06), (58, 60, 66))
    screen = mix(stage.palette.second, (236, 242, 246), 0.55)
    stage.face((x + 0.02, y + 0.24, z + 0.298), (width - 0.04, 0, 0), (0, -0.215, -0.054), screen)
    stage.box((x, y, z), (x + width, y + 0.015, z + 0.24), body)
    stage.face((x + 0.03, y + 0.016, z + 0.21), (width - 0.06, 0, 0), (0, 0, -0.10), (96, 98, 104))
