"""Seats: armchairs, sofas, chairs, stools, poufs, benches. Always square to the walls."""

from dataclasses import dataclass

from rooms.demo.furniture.bedding import paint_pillow
from rooms.demo.palette import Color, mix, shade
from rooms.demo.perspective import Vec
from rooms.demo.stage import Stage


@dataclass(frozen=True)
class Footprint:
    """Where a seat stands on the floor."""

    x0: float
    z0: float
    x1: float
    z1: float


def sofa(stage: Stage, foot: Footprint, color: Color, accents: tuple[Color, ...], places: int = 3) -> None:
    """Facing the eye: back, arms, one cushion per place, scatter cushions."""
    low, high = (foot.x0, 0.0, foot.z0), (foot.x1, 0.4, foot.z1)
    stage.footprint(low, high, grow=0.08, blur=24, opacity=0.5)
    for x in (foot.x0 + 0.06, foot.x1 - 0.11):
        stage.box((x, 0.0, foot.z0 + 0.05), (x + 0.05, 0.13, foot.z0 + 0.10), shade(stage.palette.wood, 0.7))
    arm = 0.17
    step = (foot.x1 - foot.x0 - 2 * arm) / places
    stage.block((foot.x0, 0.12, foot.z1 - 0.24), (foot.x1, 0.82, foot.z1), shade(color, 0.94), 0.10, 16)
    for i in range(places):
        x = foot.x0 + arm + i * step
        stage.block((x, 0.40, foot.z1 - 0.36), (x + step, 0.80, foot.z1 - 0.16), color, 0.10, 22)
    stage.block(
        (foot.x0 + 0.04, 0.12, foot.z0 + 0.02),
        (foot.x1 - 0.04, 0.30, foot.z1 - 0.1),
        shade(color, 0.88),
        0.04,
    )
    for i in range(places):
        x = foot.x0 + arm + i * step
        stage.block((x, 0.28, foot.z0), (x + step, 0.46, foot.z1 - 0.30), shade(color, 1.03), 0.07, 18)
    _scatter(stage, foot, arm, accents)
    for x in (foot.x0, foot.x1 - arm):
        stage.block((x, 0.12, foot.z0 - 0.01), (x + arm, 0.60, foot.z1 - 0.05), color, 0.08, 16)


def _scatter(stage: Stage, foot: Footprint, arm: float, accents: tuple[Color, ...]) -> None:
    spots = (foot.x0 + arm + 0.24, foot.x1 - arm - 0.24, foot.x0 + arm + 0.55)
    for x, color in zip(spots, accents, strict=False):
        paint_pillow(stage, (x, 0.45, foot.z1 - 0.48), 0.46, 0.38, color)


def armchair(stage: Stage, x: float, z: float, color: Color, side: bool = False, width: float = 0.78) -> None:
    """A padded armchair; with `side` its back is to the right wall and it looks left."""
    foot = Footprint(x, z, x + width, z + width)
    stage.footprint((foot.x0, 0.0, foot.z0), (foot.x1, 0.4, foot.z1), grow=0.05, blur=20, opacity=0.5)
    for leg_x, leg_z in (
        (x + 0.06, z + width - 0.1),
        (x + width - 0.1, z + width - 0.1),
        (x + 0.06, z + 0.05),
        (x + width - 0.1, z + 0.05),
    ):
        stage.box((leg_x, 0.0, leg_z), (leg_x + 0.04, 0.2, leg_z + 0.04), shade(stage.palette.wood, 0.7))
    if side:
        stage.block((x + 0.05, 0.18, foot.z1 - 0.15), (foot.x1, 0.58, foot.z1), color, 0.08, 14)
        stage.block((foot.x1 - 0.2, 0.18, z), (foot.x1, 0.86, foot.z1), shade(color, 0.95), 0.10, 16)
        stage.block((x, 0.20, z + 0.1), (foot.x1 - 0.16, 0.44, foot.z1 - 0.12), shade(color, 1.04), 0.07, 16)
        stage.block((x + 0.05, 0.18, z), (foot.x1, 0.58, z + 0.15), color, 0.08, 14)
    else:
        stage.block((x, 0.18, foot.z1 - 0.2), (foot.x1, 0.86, foot.z1), shade(color, 0.95), 0.10, 16)
        stage.block((x + 0.12, 0.20, z), (foot.x1 - 0.12, 0.44, foot.z1 - 0.16), shade(color, 1.04), 0.07, 16)
        for arm in (x, foot.x1 - 0.15):
            stage.block((arm, 0.18, z + 0.02), (arm + 0.15, 0.58, foot.z1 - 0.04), color, 0.08, 14)


def chair(stage: Stage, x: float, z: float, seat: Color, toward: bool = True, width: float = 0.44) -> None:
    """A wooden chair: `toward` the eye, its back is behind the seat; else it is seen from behind."""
    wood = shade(stage.palette.wood, 0.85)
    stage.footprint((x, 0.0, z), (x + width, 0.0, z + width), grow=0.03, blur=16, opacity=0.35)
    if toward:
        _chair_back(stage, x, z + width - 0.03, width, wood)
    for leg_z in (z + width - 0.04, z):
        for leg_x in (x, x + width - 0.035):
            stage.box((leg_x, 0.0, leg_z), (leg_x + 0.035, 0.44, leg_z + 0.035), wood)
    stage.block((x - 0.01, 0.43, z - 0.01), (x + width + 0.01, 0.485, z + width), seat, 0.03, 8)
    if not toward:
        _chair_back(stage, x, z, width, wood)


def _chair_back(stage: Stage, x: float, z: float, width: float, wood: Color) -> None:
    for post in (x, x + width - 0.035):
        stage.box((post, 0.44, z), (post + 0.035, 0.90, z + 0.03), wood)
    for y in (0.60, 0.72, 0.84):
        stage.box(
            (x + 0.03, y, z + 0.005),
            (x + width - 0.03, y + 0.055, z + 0.025),
            mix(wood, (255, 240, 220), 0.08),
        )


def pouf(stage: Stage, at: Vec, radius: float, color: Color) -> None:
    """A low round cushion on the floor."""
    x, y, z = at
    ring = [(x + radius * a, y, z + radius * b) for a, b in ((-1.1, 0), (0, -1.1), (1.2, 0), (0, 0.8))]
    stage.contact(*ring, blur=16, opacity=0.45)
    stage.turned(
        at,
        [
            (0.0, radius * 0.82),
            (0.06, radius * 0.97),
            (0.16, radius),
            (0.26, radius * 0.97),
            (0.33, radius * 0.80),
        ],
        color,
        top=mix(color, (255, 255, 255), 0.1),
    )


def bench(stage: Stage, low: Vec, high: Vec, color: Color) -> None:
    """A padded bench on thin legs, for the foot of a bed."""
    (x0, _, z0), (x1, y1, z1) = low, high
    stage.footprint((x0, 0.0, z0), (x1, 0.0, z1), blur=16, opacity=0.4)
    for z in (z1 - 0.08, z0 + 0.03):
        for x in (x0 + 0.06, x1 - 0.10):
            stage.box((x, 0.0, z), (x + 0.04, y1 - 0.1, z + 0.04), shade(stage.palette.wood, 0.75))
    stage.block((x0, y1 - 0.13, z0), (x1, y1, z1), color, 0.05, 12)
