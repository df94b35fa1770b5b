"""What furnishes a bathroom: tub, basin, mirror, towels, shower."""

from math import cos, pi, sin

from rooms.demo.furniture.tables import chest
from rooms.demo.palette import BRASS, LINEN, WHITE, Color, mix, shade
from rooms.demo.perspective import Vec
from rooms.demo.shapes import Outline, hull, stroke
from rooms.demo.stage import Stage

PORCELAIN: Color = (250, 249, 247)


def _oval(stage: Stage, centre: Vec, rx: float, rz: float) -> Outline:
    x, y, z = centre
    return stage.outline(*((x + rx * cos(i * pi / 32), y, z + rz * sin(i * pi / 32)) for i in range(64)))


def bathtub(
    stage: Stage, at: Vec, shell: Color, rx: float = 0.80, rz: float = 0.38, height: float = 0.58
) -> None:
    """A free-standing tub, `at` the middle of its foot."""
    x, y, z = at
    stage.canvas.shadow(_oval(stage, (x + 0.05, y, z - 0.03), rx * 0.95, rz * 1.05), blur=22, opacity=0.5)
    _tap(stage, (x + rx * 0.55, y, z + rz + 0.03))
    tone = stage.color_at(shell, (x, 0.4, z - rz), (0.0, 0.1, -0.99))
    body = hull(
        _oval(stage, (x, y + 0.02, z), rx * 0.74, rz * 0.72) + _oval(stage, (x, y + height, z), rx, rz)
    )
    stage.canvas.volume(body, (tone, shade(tone, 0.88)), shade(tone, 0.62), WHITE, 34, strength=0.7)
    rim = stage.color_at(PORCELAIN, (x, height, z), (0.0, 1.0, 0.0))
    stage.canvas.fill(_oval(stage, (x, y + height, z), rx, rz), paint=(shade(rim, 0.96), rim))
    inside = _oval(stage, (x, y + height, z), rx - 0.045, rz - 0.045)
    stage.canvas.fill(inside, paint=(shade(rim, 0.66), shade(rim, 0.90)))
    water = _oval(stage, (x, y + height - 0.10, z - 0.01), rx - 0.09, rz - 0.10)
    stage.canvas.shadow(water, blur=5, color=mix((150, 205, 214), rim, 0.35), opacity=0.8, within=[inside])


def _tap(stage: Stage, at: Vec) -> None:
    """A standing mixer beside the tub."""
    x, y, z = at
    u = stage.canvas.unit
    low, high, over = stage.outline((x, y, z), (x, y + 0.98, z), (x - 0.20, y + 0.98, z - 0.1))
    drop = (over[0], over[1] + 0.05 * stage.camera.scale(at))
    brass = stage.color_at(BRASS, at, (0.0, 0.2, -0.95))
    stage.canvas.fill(
        stroke(low, high, 9 * u),
        stroke(high, over, 9 * u),
        stroke(over, drop, 9 * u),
        paint=(mix(brass, WHITE, 0.35), shade(brass, 0.8)),
    )


def vanity(stage: Stage, x: float, wall: float, width: float = 1.15) -> None:
    """A chest, a stone top, a bowl and its tap."""
    low, high = (x, 0.30, wall - 0.48), (x + width, 0.80, wall - 0.01)
    stage.footprint((x, 0.0, wall - 0.48), (x + width, 0.0, wall), blur=26, opacity=0.5)
    chest(stage, low, high, 2, stage.palette.wood)
    stage.box((x - 0.02, 0.80, wall - 0.50), (x + width + 0.02, 0.84, wall - 0.01), mix(LINEN, WHITE, 0.5))
    middle: Vec = (x + width * 0.46, 0.84, wall - 0.25)
    stage.contact(
        (middle[0] - 0.2, 0.84, middle[2] - 0.16),
        (middle[0] + 0.24, 0.84, middle[2] - 0.16),
        (middle[0] + 0.24, 0.84, middle[2] + 0.1),
        (middle[0] - 0.2, 0.84, middle[2] + 0.1),
        blur=8,
        opacity=0.4,
    )
    _basin_tap(stage, middle)
    stage.turned(
        middle,
        [(0.0, 0.12), (0.04, 0.17), (0.10, 0.21), (0.13, 0.22), (0.14, 0.22)],
        PORCELAIN,
        top=(214, 214, 214),
    )
    for i, color in enumerate((stage.palette.accent, LINEN)):
        stage.turned(
            (x + width - 0.24 + 0.10 * i, 0.84, wall - 0.2), [(0.0, 0.035), (0.13 - 0.04 * i, 0.035)], color
        )


def _basin_tap(stage: Stage, at: Vec) -> None:
    x, y, z = at
    u = stage.canvas.unit
    foot, top, tip = stage.outline((x, y, z + 0.2), (x, y + 0.30, z + 0.2), (x, y + 0.28, z + 0.06))
    brass = stage.color_at(BRASS, at, (0.0, 0.2, -0.95))
    stage.canvas.fill(
        stroke(foot, top, 10 * u), stroke(top, tip, 9 * u), paint=(mix(brass, WHITE, 0.4), shade(brass, 0.75))
    )


def _mirror_ring(centre: Vec, radius: float, arched: bool) -> list[Vec]:
    """A circle, or an arch: half a circle on a straight foot."""
    x, y, z = centre
    turns = [i * pi / 30 for i in range(31 if arched else 60)]
    ring: list[Vec] = [(x + radius * cos(turn), y + radius * sin(turn), z - 0.02) for turn in turns]
    if arched:
        foot = y - radius * 1.35
        ring += [(x - radius, foot, z - 0.02), (x + radius, foot, z - 0.02)]
    return ring


def mirror(stage: Stage, centre: Vec, radius: float, arched: bool) -> None:
    """A round or arched mirror: the pale room it faces, a slanting shine."""
    x, y, z = centre
    u = stage.canvas.unit
    outline = stage.outline(*_mirror_ring(centre, radius, arched))
    px, py = stage.camera.project(centre)
    frame = [(qx + (qx - px) * 0.05, qy + (qy - py) * 0.05) for qx, qy in outline]
    stage.canvas.shadow([(qx + 9 * u, qy + 12 * u) for qx, qy in frame], blur=12, opacity=0.4)
    stage.canvas.fill(frame, paint=(mix(BRASS, WHITE, 0.3), shade(BRASS, 0.85)))
    glass = mix(stage.palette.wall, (205, 224, 232), 0.5)
    tone = stage.color_at(glass, (x, y, z - 0.8), (0.0, 0.0, -1.0))
    stage.canvas.fill(outline, paint=(mix(tone, WHITE, 0.25), shade(tone, 0.86)))
    r = radius * stage.camera.scale(centre)
    shine = [
        (px - r * 0.2, py - r * 2),
        (px + r * 0.25, py - r * 2),
        (px - r * 0.9, py + r * 2),
        (px - r * 1.35, py + r * 2),
    ]
    stage.canvas.shadow(shine, blur=3, color=WHITE, opacity=0.30, within=[outline])
