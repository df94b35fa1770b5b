"""Tables and storage: bedside tables, chests, desks, round tables, benches, and what lies on them."""

from rooms.demo.palette import Color, mix, shade
from rooms.demo.perspective import Vec
from rooms.demo.stage import Stage


def bedside(
    stage: Stage, x: float, wall: float, pedestal: bool, width: float = 0.46, height: float = 0.52
) -> Vec:
    """A small chest with a drawer, or a round top on a foot; returns the middle of its top."""
    low, high = (x, 0.0, wall - 0.42), (x + width, height, wall - 0.03)
    wood = stage.palette.wood
    stage.footprint(low, high, blur=14)
    if pedestal:
        centre = (x + width / 2, 0.0, wall - 0.24)
        stage.turned(
            centre, [(0.0, 0.15), (0.03, 0.15), (0.05, 0.03), (height - 0.04, 0.03)], shade(wood, 0.8)
        )
        stage.turned((centre[0], height - 0.04, centre[2]), [(0.0, width / 2), (0.04, width / 2)], wood)
    else:
        chest(stage, (x, 0.14, low[2]), high, 1, wood)
        for leg in (x + 0.03, x + width - 0.06):
            stage.box((leg, 0.0, low[2] + 0.02), (leg + 0.03, 0.14, low[2] + 0.05), shade(wood, 0.7))
    return x + width / 2, height, wall - 0.22


def chest(stage: Stage, low: Vec, high: Vec, drawers: int, color: Color) -> None:
    """A body and its drawers, seen from the front."""
    stage.box(low, high, color)
    step = (high[1] - low[1] - 0.05) / drawers
    for i in range(drawers):
        y = low[1] + 0.025 + i * step
        face = shade(color, 1.07)
        stage.contact(
            (low[0] + 0.02, y, low[2]),
            (high[0] - 0.02, y, low[2]),
            (high[0] - 0.02, y + step - 0.02, low[2]),
            (low[0] + 0.02, y + step - 0.02, low[2]),
            blur=3,
            opacity=0.5,
        )
        stage.face(
            (low[0] + 0.025, y + step - 0.015, low[2]),
            (high[0] - low[0] - 0.05, 0.0, 0.0),
            (0.0, 0.03 - step, 0.0),
            face,
        )
        middle = (low[0] + high[0]) / 2
        knob = stage.outline(
            (middle - 0.05, y + step * 0.6, low[2]),
            (middle + 0.05, y + step * 0.6, low[2]),
            (middle + 0.05, y + step * 0.6 - 0.014, low[2]),
            (middle - 0.05, y + step * 0.6 - 0.014, low[2]),
        )
        stage.canvas.fill(knob, paint=shade(color, 0.45))


def legged_table(
    stage: Stage, low: Vec, high: Vec, color: Color, thick: float = 0.04, leg: float = 0.05
) -> None:
    """A board on four square legs."""
    (x0, y0, z0), (x1, y1, z1) = low, high
    stage.footprint(low, high, grow=0.02, blur=24, opacity=0.35)
    dark = mix(color, (40, 30, 26), 0.25)
    for z in (z1 - leg, z0):
        for x in (x0, x1 - leg):
            stage.box((x, y0, z), (x + leg, y1 - thick, z + leg), dark)
    stage.box((x0 - 0.02, y1 - thick, z0 - 0.02), (x1 + 0.02, y1, z1 + 0.02), color)


def round_table(stage: Stage, at: Vec, radius: float, height: float, color: Color) -> None:
    """A round top on a turned foot."""
    x, y, z = at
    ring = [
        (x + radius * 0.9 * a, y, z + radius * 0.9 * b)
        for a, b in ((-1, -0.5), (0, -1), (1, -0.5), (1, 0.5), (0, 1), (-1, 0.5))
    ]
    stage.contact(*ring, blur=22, opacity=0.40)
    foot = [(0.0, radius * 0.55), (0.03, radius * 0.5), (0.06, 0.05), (height - 0.05, 0.04)]
    stage.turned(at, foot, shade(color, 0.7))
    stage.turned((x, y + height - 0.04, z), [(0.0, radius), (0.04, radius)], color)


def books(stage: Stage, at: Vec, colors: tuple[Color, ...], size: float = 0.2) -> None:
    """A small pile, each book a little askew."""
    x, y, z = at
    for i, color in enumerate(colors):
        w = size * (1 - 0.12 * i)
        shift = 0.02 * (-1) ** i
        stage.box((x - w / 2 + shift, y, z - w * 0.38), (x + w / 2 + shift, y + 0.032, z + w * 0.38), color)
        y += 0.032
