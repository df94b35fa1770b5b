"""What lies on a bed: duvet, throw, pillows. The bed itself is in `beds.py`."""

from dataclasses import dataclass

from rooms.demo.palette import WHITE, Color, mix, shade
from rooms.demo.perspective import Vec
from rooms.demo.shapes import rounded, smooth
from rooms.demo.stage import Stage


@dataclass(frozen=True)
class Bed:
    """Where a bed stands: left side, width, the wall at its head, and its length towards the eye."""

    x: float
    width: float
    wall: float
    length: float = 2.05
    top: float = 0.56

    @property
    def foot(self) -> float:
        return self.wall - self.length

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


def paint_duvet(stage: Stage, bed: Bed, linen: Color) -> None:
    """A padded cover that hangs a little on three sides, with a turned-down sheet."""
    x0, x1 = bed.x - 0.05, bed.x + bed.width + 0.05
    head = bed.wall - 0.62
    stage.block((x0, 0.27, bed.foot - 0.05), (x1, bed.top + 0.05, head), linen, 0.10, 16)
    fold = mix(stage.palette.textile, linen, 0.35)
    band = [
        (x0 + 0.01, bed.top + 0.065, head),
        (x1 - 0.01, bed.top + 0.065, head),
        (x1 - 0.01, bed.top + 0.065, head - 0.26),
        (x0 + 0.01, bed.top + 0.065, head - 0.26),
    ]
    outline = rounded(stage.outline(*band), 8 * stage.canvas.unit)
    tone = stage.color_at(fold, (bed.middle, bed.top, head), (0.0, 1.0, 0.0))
    stage.canvas.shadow([(x, y + 6 * stage.canvas.unit) for x, y in outline], blur=8, opacity=0.25)
    stage.canvas.volume(outline, tone, shade(tone, 0.75), WHITE, 6, strength=0.5)
    _creases(stage, bed, x0, x1)


def _creases(stage: Stage, bed: Bed, x0: float, x1: float) -> None:
    """Soft folds on the cover and where it hangs."""
    y, front = bed.top + 0.05, bed.foot - 0.05
    for i in range(5):
        x = x0 + (x1 - x0) * (i + 0.6 + stage.rng.uniform(-0.25, 0.25)) / 5
        fall = stage.outline(
            (x - 0.02, y - 0.05, front),
            (x + 0.02, y - 0.05, front),
            (x + 0.05, 0.28, front),
            (x - 0.05, 0.28, front),
        )
        stage.canvas.shadow(fall, blur=9, color=(90, 84, 92), opacity=0.10)
    for i in range(3):
        z = front + 0.25 + 0.36 * i + stage.rng.uniform(-0.1, 0.1)
        a, b = x0 + (x1 - x0) * stage.rng.uniform(0.05, 0.3), x0 + (x1 - x0) * stage.rng.uniform(0.6, 0.95)
        lean = stage.rng.uniform(-0.15, 0.15)
        crease = smooth(
            stage.outline(
                (a, y, z), ((a + b) / 2, y, z + 0.05 + lean), (b, y, z + lean), ((a + b) / 2, y, z + lean)
            )
        )
        stage.canvas.shadow(crease, blur=10, color=(96, 90, 104), opacity=0.24)


def paint_throw(stage: Stage, bed: Bed, color: Color) -> None:
    """A blanket across the foot of the bed."""
    x0, x1, front = bed.x - 0.07, bed.x + bed.width + 0.07, bed.foot - 0.07
    low, high = (x0, 0.30, front + 0.22), (x1, bed.top + 0.075, front + 0.68)
    stage.block(low, high, color, 0.05, 9)
    tone = stage.color_at(shade(color, 0.8), (bed.middle, high[1], front), (0.0, 1.0, 0.0))
    y = high[1]
    for z in (low[2] + 0.10, high[2] - 0.10):
        stage.canvas.fill(
            stage.outline(
                (x0 + 0.02, y, z), (x1 - 0.02, y, z), (x1 - 0.02, y, z + 0.03), (x0 + 0.02, y, z + 0.03)
            ),
            paint=tone,
            opacity=0.7,
        )


def paint_pillows(stage: Stage, bed: Bed, linen: Color, accent: Color, count: int) -> None:
    step = bed.width / count
    size = min(0.74, step * 0.92)
    for i in range(count):
        x = bed.x + step * (i + 0.5)
        paint_pillow(stage, (x, bed.top, bed.wall - 0.22), size, 0.50, stage.palette.textile)
    for i in range(count):
        x = bed.x + step * (i + 0.5)
        paint_pillow(stage, (x, bed.top, bed.wall - 0.38), size * 0.94, 0.40, linen)
    if count > 1:
        paint_pillow(stage, (bed.middle, bed.top + 0.02, bed.wall - 0.52), 0.50, 0.30, accent)


def paint_pillow(stage: Stage, at: Vec, width: float, height: float, color: Color) -> None:
    """A pillow leaning on what is behind it: pinched corners, full belly."""
    x, y, z = at
    w, h, lean = width / 2, height, 0.12
    knots = [
        (-1, 0.05),
        (-0.55, -0.03),
        (0, -0.05),
        (0.55, -0.03),
        (1, 0.05),
        (0.93, 0.5),
        (0.98, 1.0),
        (0.5, 0.955),
        (0, 0.95),
        (-0.5, 0.955),
        (-0.98, 1.0),
        (-0.93, 0.5),
    ]
    points = [(x + a * w, y + max(0.0, b) * h, z + lean * b) for a, b in knots]
    outline = smooth(stage.outline(*points), steps=5)
    tone = stage.color_at(color, (x, y + h / 2, z), (0.0, 0.45, -0.89))
    lower = [(px, py + 5 * stage.canvas.unit) for px, py in outline]
    stage.canvas.shadow(lower, blur=13, opacity=0.30)
    depth = 0.075 * stage.camera.scale(at) / stage.canvas.unit
    toward = (-0.55, -0.75)
    stage.canvas.volume(
        outline, (shade(tone, 1.03), shade(tone, 0.93)), shade(tone, 0.60), WHITE, depth, toward, 0.62
    )
