"""Lamps: on a table, hanging, standing. A lit lamp also lights the room, so it is declared first."""

from rooms.demo.light import Lamp
from rooms.demo.palette import BRASS, LINEN, Color, mix, shade
from rooms.demo.perspective import Vec
from rooms.demo.shapes import ellipse, stroke
from rooms.demo.stage import Stage

GLOW: Color = (255, 208, 140)


def declare_lamp(stage: Stage, at: Vec, power: float = 0.34) -> None:
    """Let the lamp light what is painted from now on."""
    if stage.hour.lamps > 0:
        stage.light.lamps.append(Lamp(at, GLOW, power * stage.hour.lamps))


def halo(stage: Stage, at: Vec, radius: float, opacity: float = 0.42) -> None:
    """The air glows around a lit lamp."""
    if stage.hour.lamps <= 0:
        return
    x, y = stage.camera.project(at)
    r = radius * stage.camera.scale(at)
    stage.canvas.shadow(
        ellipse(x, y, r, r), blur=r * 0.6 / stage.canvas.unit, color=GLOW, opacity=opacity * stage.hour.lamps
    )


def table_lamp(stage: Stage, at: Vec, color: Color, size: float = 1.0) -> None:
    """A turned foot and a cloth shade."""
    x, y, z = at
    halo(stage, (x, y + 0.36 * size, z), 0.42 * size)
    foot = [
        (0.0, 0.075),
        (0.02, 0.08),
        (0.05, 0.06),
        (0.12, 0.09),
        (0.19, 0.06),
        (0.22, 0.018),
        (0.27, 0.014),
    ]
    stage.turned(at, [(h * size, r * size) for h, r in foot], color)
    shade_at = (x, y + 0.25 * size, z)
    stage.turned(
        shade_at,
        [(0.0, 0.155 * size), (0.21 * size, 0.105 * size)],
        mix(LINEN, (255, 255, 255), 0.3),
        glow=0.25 + 0.7 * stage.hour.lamps,
    )
    halo(stage, (x, y + 0.33 * size, z), 0.13 * size, 0.5)


def pendant(
    stage: Stage, at: Vec, ceiling: float, color: Color, radius: float = 0.22, style: int = 0
) -> None:
    """A lamp hanging from the ceiling: dome, globe or wicker bell."""
    x, y, z = at
    cord = stage.outline((x, ceiling, z), (x, y + radius, z))
    stage.canvas.fill(stroke(cord[0], cord[1], 2.2 * stage.canvas.unit), paint=(60, 54, 52))
    halo(stage, (x, y - 0.05, z), radius * 2.2, 0.40)
    glow = 0.55 * stage.hour.lamps
    if style == 0:
        dome = [(0.0, 1.0), (0.25, 0.96), (0.5, 0.80), (0.75, 0.48), (0.86, 0.16), (1.05, 0.10)]
        stage.turned(at, [(h * radius, r * radius) for h, r in dome], color)
        mouth = stage.circle((x, y, z), radius * 0.97)
        stage.canvas.fill(mouth, paint=mix(shade(color, 0.6), (255, 232, 186), 0.25 + 0.7 * stage.hour.lamps))
    elif style == 1:
        globe = [(-0.9, 0.3), (-0.6, 0.78), (-0.2, 0.98), (0.2, 0.98), (0.6, 0.78), (0.9, 0.3), (1.0, 0.12)]
        stage.turned(at, [(h * radius, r * radius) for h, r in globe], (250, 244, 232), glow=0.3 + glow)
    else:
        bell = [(-0.6, 1.1), (-0.2, 1.0), (0.25, 0.82), (0.7, 0.5), (0.95, 0.2)]
        stage.turned(at, [(h * radius, r * radius) for h, r in bell], (206, 170, 118), glow=glow)
        for h, r in bell[:-1]:
            ring = stage.circle((x, y + h * radius, z), radius * r)
            low = max(p[1] for p in ring)
            xs = [p[0] for p in ring]
            stage.canvas.fill(
                stroke((min(xs), low - 2), (max(xs), low - 2), 2 * stage.canvas.unit),
                paint=(140, 104, 62),
                opacity=0.5,
            )


def floor_lamp(stage: Stage, at: Vec, color: Color = BRASS) -> None:
    """A thin stem on a disc, a cloth drum at the top."""
    x, y, z = at
    stage.contact(
        (x - 0.2, y, z - 0.1),
        (x + 0.25, y, z - 0.1),
        (x + 0.25, y, z + 0.15),
        (x - 0.2, y, z + 0.15),
        blur=10,
    )
    stage.turned(at, [(0.0, 0.15), (0.03, 0.15)], color)
    stage.turned((x, y + 0.03, z), [(0.0, 0.014), (1.35, 0.012)], color)
    halo(stage, (x, y + 1.45, z), 0.55)
    stage.turned(
        (x, y + 1.30, z),
        [(0.0, 0.22), (0.28, 0.17)],
        mix(LINEN, (255, 255, 255), 0.3),
        glow=0.2 + 0.75 * stage.hour.lamps,
    )
