"""Around the shower: its head, its glass, towels, small lamps."""

from rooms.demo.cloth import folds
from rooms.demo.palette import BRASS, WHITE, Color, mix, shade
from rooms.demo.perspective import Vec
from rooms.demo.shapes import ellipse, stroke
from rooms.demo.stage import Stage


def sconce(stage: Stage, at: Vec) -> None:
    """A small globe on the wall, always lit a little: a bathroom is."""
    x, y = stage.camera.project(at)
    r = 0.075 * stage.camera.scale(at)
    stage.canvas.fill(stroke((x, y + r * 2.2), (x, y), 7 * stage.canvas.unit), paint=BRASS)
    stage.canvas.shadow(
        ellipse(x, y, r * 3, r * 3), blur=r * 1.6 / stage.canvas.unit, color=(255, 220, 160), opacity=0.5
    )
    stage.canvas.fill(ellipse(x, y, r, r), paint=((255, 252, 240), (255, 232, 190)))


def towel(
    stage: Stage, x: float, top: float, wall: float, color: Color, width: float = 0.42, drop: float = 0.75
) -> None:
    """A towel on its bar."""
    bar = stage.outline((x - 0.08, top, wall - 0.06), (x + width + 0.08, top, wall - 0.06))
    stage.contact(
        (x, top - drop, wall),
        (x + width + 0.06, top - drop, wall),
        (x + width + 0.06, top, wall),
        (x, top, wall),
        blur=12,
        opacity=0.35,
    )
    stage.canvas.fill(stroke(bar[0], bar[1], 8 * stage.canvas.unit), paint=(mix(BRASS, WHITE, 0.3), BRASS))
    stage.face(
        (x, top + 0.02, wall - 0.07),
        (width, 0.0, 0.0),
        (0.0, -drop, 0.0),
        color,
        texture=folds(stage.rng, 3, 128, 0.14),
    )
    stage.face((x, top - drop + 0.16, wall - 0.071), (width, 0.0, 0.0), (0.0, -0.05, 0.0), shade(color, 0.85))


def shower(stage: Stage, x0: float, x1: float, wall: float) -> None:
    """A walk-in shower: a tray and a rain head; its glass is painted last."""
    front = wall - 1.0
    stage.face(
        (x0, 0.02, wall), (x1 - x0, 0, 0), (0, 0, front - wall), (226, 224, 220), detail=(5, 4), corner=0.2
    )
    u = stage.canvas.unit
    x = (x0 + x1) / 2
    low, high, over = stage.outline((x, 0.95, wall - 0.04), (x, 2.12, wall - 0.04), (x, 2.12, wall - 0.36))
    stage.canvas.fill(
        stroke(low, high, 8 * u), stroke(high, over, 8 * u), paint=(mix(BRASS, WHITE, 0.4), shade(BRASS, 0.8))
    )
    stage.canvas.fill(stage.circle((x, 2.10, wall - 0.36), 0.15), paint=shade(BRASS, 0.75))


def shower_glass(stage: Stage, x1: float, wall: float, height: float) -> None:
    """The sheet of glass that closes the shower on its right."""
    front, u = wall - 1.0, stage.canvas.unit
    pane = stage.outline(
        (x1, 0.02, wall), (x1, height - 0.5, wall), (x1, height - 0.5, front), (x1, 0.02, front)
    )
    stage.canvas.fill(pane, paint=((232, 246, 248), (196, 222, 226)), opacity=0.30)
    stage.canvas.fill(
        stroke(pane[2], pane[3], 7 * u), stroke(pane[1], pane[2], 5 * u), paint=shade(BRASS, 0.9)
    )
