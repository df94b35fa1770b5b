"""Colours of the demo pictures: palettes of the rooms, hours of the day, and the arithmetic on colours.

Nothing here draws: no Pillow, no geometry.
"""

from dataclasses import dataclass

Color = tuple[int, int, int]

WHITE: Color = (255, 255, 255)
LINEN: Color = (246, 241, 232)
BRASS: Color = (196, 152, 86)
CHARCOAL: Color = (52, 50, 52)


def tint(code: str) -> Color:
    """The colour written as six hexadecimal digits."""
    return int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16)


def clamp(value: float) -> int:
    return 0 if value < 0 else 255 if value > 255 else int(value)


def mix(one: Color, other: Color, share: float) -> Color:
    """`one` moved towards `other` by `share` (0 to 1)."""
    return (
        clamp(one[0] + (other[0] - one[0]) * share),
        clamp(one[1] + (other[1] - one[1]) * share),
        clamp(one[2] + (other[2] - one[2]) * share),
    )


def shade(color: Color, factor: float) -> Color:
    """`color` made darker (factor below 1) or lighter (above 1)."""
    return clamp(color[0] * factor), clamp(color[1] * factor), clamp(color[2] * factor)


@dataclass(frozen=True)
class Palette:
    """The colours of one room, chosen to sit well together."""

    wall: Color
    feature: Color  # the wall behind the bed, the panelling, the tiles
    floor: Color
    wood: Color
    textile: Color  # curtains, armchairs
    accent: Color  # throw, cushions
    second: Color  # the other note, in art and small objects


@dataclass(frozen=True)
class Hour:
    """A time of day: the colours of the sky and the strength of the light."""

    zenith: Color
    horizon: Color
    sun: Color
    ambient: tuple[float, float, float]
    daylight: float
    beam: float  # strength of the sun patches
    lamps: float  # how much the lamps are lit


PALETTES: tuple[Palette, ...] = (
    Palette(
        tint("efe6d8"),
        tint("8fa39a"),
        tint("b98a5e"),
        tint("a8764a"),
        tint("dcd3c2"),
        tint("c7694a"),
        tint("2f5d62"),
    ),
    Palette(
        tint("f1ece4"),
        tint("35566b"),
        tint("c49c70"),
        tint("b07f52"),
        tint("cfd8dc"),
        tint("d9a441"),
        tint("7fa3b5"),
    ),
    Palette(
        tint("f3e5d6"),
        tint("c9826b"),
        tint("a9805c"),
        tint("8a5f41"),
        tint("ead9c6"),
        tint("7c8b6f"),
        tint("d9b08c"),
    ),
    Palette(
        tint("ebe9e1"),
        tint("6c7f5f"),
        tint("b4906a"),
        tint("96704a"),
        tint("d8d4c3"),
        tint("e0b15e"),
        tint("a65a3f"),
    ),
    Palette(
        tint("f0e8e4"),
        tint("b08a8f"),
        tint("bf9a78"),
        tint("a27b5a"),
        tint("e6d6d0"),
        tint("5b6f86"),
        tint("d8a48f"),
    ),
    Palette(
        tint("ece7dc"),
        tint("4a5d54"),
        tint("9b7450"),
        tint("7d5a3c"),
        tint("d3c6ae"),
        tint("b5523b"),
        tint("d6b26a"),
    ),
)

MORNING = Hour(tint("8fc1e3"), tint("fdeedb"), tint("ffeccb"), (0.70, 0.70, 0.72), 2.0, 0.50, 0.0)
NOON = Hour(tint("4f9fd8"), tint("d9eefa"), tint("fff8e8"), (0.74, 0.73, 0.72), 2.0, 0.46, 0.0)
GOLDEN = Hour(tint("6f9fc8"), tint("ffd6a0"), tint("ffc98a"), (0.66, 0.60, 0.56), 1.8, 0.62, 0.35)
DUSK = Hour(tint("34497f"), tint("f3a98c"), tint("c9b4e0"), (0.48, 0.45, 0.50), 0.8, 0.0, 1.0)

HOURS: tuple[Hour, ...] = (MORNING, NOON, GOLDEN, DUSK)
