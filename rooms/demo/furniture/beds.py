"""Beds: frame, mattress, duvet, pillows, throw, headboard. The head is against the back wall."""

from rooms.demo.furniture.bedding import Bed, paint_duvet, paint_pillows, paint_throw
from rooms.demo.palette import LINEN, WHITE, Color, mix, shade
from rooms.demo.stage import Stage


def paint_bed(stage: Stage, bed: Bed, throw: Color, pillows: int = 2) -> None:
    """The whole bed, back to front."""
    _frame(stage, bed)
    linen = mix(LINEN, WHITE, 0.55)
    stage.block(
        (bed.x, 0.30, bed.foot + 0.03), (bed.x + bed.width, bed.top - 0.04, bed.wall - 0.1), linen, 0.05
    )
    paint_duvet(stage, bed, linen)
    paint_throw(stage, bed, throw)
    paint_pillows(stage, bed, linen, throw, pillows)


def paint_headboard(stage: Stage, bed: Bed, style: int, margin: float = 0.12) -> None:
    """Padded and buttoned, boards, or round rods."""
    x0, x1, z = bed.x - margin, bed.x + bed.width + margin, bed.wall - 0.09
    stage.contact(
        (x0 - 0.06, 0, bed.wall),
        (x1 + 0.10, 0, bed.wall),
        (x1 + 0.10, 1.2, bed.wall),
        (x0 - 0.06, 1.2, bed.wall),
        blur=22,
        opacity=0.35,
    )
    if style == 0:
        count = max(2, round((x1 - x0) / 0.34))
        step = (x1 - x0) / count
        for i in range(count):
            stage.block(
                (x0 + i * step, 0.25, z),
                (x0 + (i + 1) * step, 1.28, bed.wall - 0.01),
                stage.palette.textile,
                0.05,
                12,
            )
    elif style == 1:
        wood = stage.palette.wood
        for i in range(4):
            stage.box(
                (x0, 0.30 + 0.22 * i, z),
                (x1, 0.505 + 0.22 * i, bed.wall - 0.02),
                shade(wood, 1.0 + 0.05 * (i % 2)),
            )
    else:
        stage.block(
            (x0, 0.25, z),
            (x1, 1.22, bed.wall - 0.01),
            mix(stage.palette.accent, stage.palette.textile, 0.35),
            0.16,
            14,
        )


def _frame(stage: Stage, bed: Bed) -> None:
    low, high = (bed.x - 0.03, 0.0, bed.foot - 0.02), (bed.x + bed.width + 0.03, 0.32, bed.wall - 0.05)
    stage.footprint(low, high, grow=0.10, blur=26, opacity=0.55)
    stage.footprint(low, high, grow=0.02, blur=8, opacity=0.45)
    for x in (low[0] + 0.04, high[0] - 0.10):
        stage.box((x, 0.0, low[2] + 0.05), (x + 0.06, 0.12, low[2] + 0.11), shade(stage.palette.wood, 0.6))
    stage.box((low[0], 0.11, low[2]), high, stage.palette.wood)
