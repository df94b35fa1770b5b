"""What stands or hangs along the walls: shelves and what they carry, the fireplace."""

from rooms.demo.furniture.lamps import GLOW
from rooms.demo.palette import Color, mix, shade, tint
from rooms.demo.shapes import rectangle, smooth
from rooms.demo.stage import Stage


def shelf(stage: Stage, x: float, y: float, wall: float, width: float) -> None:
    """A wall board with books, a vase and a bowl."""
    low = (x, y, wall - 0.24)
    stage.contact(
        (x, y - 0.22, wall),
        (x + width + 0.08, y - 0.22, wall),
        (x + width + 0.08, y, wall),
        (x, y, wall),
        blur=14,
        opacity=0.35,
    )
    cursor = x + 0.06
    tones = (
        stage.palette.accent,
        stage.palette.second,
        stage.palette.textile,
        shade(stage.palette.feature, 0.8),
        (232, 222, 204),
    )
    while cursor < x + width * 0.62:
        thick, tall = stage.rng.uniform(0.03, 0.055), stage.rng.uniform(0.19, 0.28)
        stage.box((cursor, y, wall - 0.20), (cursor + thick, y + tall, wall - 0.03), stage.rng.choice(tones))
        cursor += thick + 0.004
    vase = [(0.0, 0.045), (0.04, 0.075), (0.11, 0.08), (0.18, 0.03), (0.24, 0.035)]
    stage.turned((x + width * 0.82, y, wall - 0.12), vase, stage.rng.choice(tones), top=(60, 50, 46))
    stage.box((x, y - 0.035, low[2]), (x + width, y, wall), stage.palette.wood)


def bookcase(stage: Stage, x: float, wall: float, width: float, height: float, levels: int = 5) -> None:
    """An open case, full of books, against the back wall."""
    deep = wall - 0.32
    stage.footprint((x, 0, deep), (x + width, 0, wall), blur=20, opacity=0.4)
    stage.box(
        (x, 0, deep), (x + width, height, wall), stage.palette.wood, front=shade(stage.palette.wood, 0.42)
    )
    step = height / levels
    tones = (
        stage.palette.accent,
        stage.palette.second,
        stage.palette.textile,
        stage.palette.feature,
        (228, 216, 196),
    )
    for level in range(levels):
        y, cursor = level * step + 0.03, x + 0.05
        while cursor < x + width - 0.09:
            thick, tall = stage.rng.uniform(0.025, 0.055), step * stage.rng.uniform(0.55, 0.80)
            if stage.rng.random() < 0.12:
                cursor += 0.12
                continue
            color = stage.color_at(stage.rng.choice(tones), (cursor, y, deep), (0.0, 0.0, -1.0))
            spine = stage.outline(
                (cursor, y, deep),
                (cursor + thick, y, deep),
                (cursor + thick, y + tall, deep),
                (cursor, y + tall, deep),
            )
            stage.canvas.fill(spine, paint=(shade(color, 0.95), shade(color, 0.78)))
            cursor += thick + 0.003
        stage.box((x, y - 0.03, deep - 0.01), (x + width, y, deep + 0.02), stage.palette.wood)
    for side in (x, x + width - 0.03):
        stage.box((side, 0, deep - 0.01), (side + 0.03, height, deep + 0.02), stage.palette.wood)


def fireplace(stage: Stage, x: float, wall: float, color: Color, width: float = 1.5) -> None:
    """A mantel, a dark hearth, a fire when the day falls."""
    z = wall - 0.30
    stage.footprint((x, 0, z), (x + width, 0, wall), blur=18, opacity=0.4)
    stage.box((x, 0, z), (x + width, 1.10, wall), color)
    stage.box((x - 0.08, 1.10, z - 0.07), (x + width + 0.08, 1.17, wall), stage.palette.wood)
    hearth = stage.outline(
        (x + 0.28, 0.75, z), (x + width - 0.28, 0.75, z), (x + width - 0.28, 0.04, z), (x + 0.28, 0.04, z)
    )
    stage.canvas.fill(hearth, paint=((34, 28, 28), (64, 46, 40)))
    left, right, low = hearth[3][0], hearth[2][0], hearth[2][1]
    span = right - left
    logs = [
        rectangle(left + span * a, low - span * 0.10, left + span * b, low - span * 0.02)
        for a, b in ((0.15, 0.6), (0.4, 0.86))
    ]
    stage.canvas.fill(*logs, paint=(tint("7a5236"), tint("4a3022")))
    if stage.hour.lamps:
        _fire(stage, (left + right) / 2, low - span * 0.06, span)


def _fire(stage: Stage, x: float, y: float, span: float) -> None:
    for size, color in ((1.0, (232, 106, 44)), (0.7, (250, 170, 60)), (0.4, (255, 236, 160))):
        w, h = span * 0.26 * size, span * 0.52 * size
        flame = smooth(
            [
                (x, y - h),
                (x + w * 0.45, y - h * 0.5),
                (x + w, y - h * 0.55),
                (x + w * 0.8, y),
                (x - w * 0.8, y),
                (x - w, y - h * 0.42),
                (x - w * 0.35, y - h * 0.45),
            ]
        )
        stage.canvas.shadow(flame, blur=5, color=color, opacity=0.95)
    stage.canvas.shadow(
        rectangle(x - span * 0.4, y - span * 0.5, x + span * 0.4, y),
        blur=50,
        color=mix(GLOW, (255, 140, 60), 0.4),
        opacity=0.5,
    )
