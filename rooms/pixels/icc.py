"""Colour profiles as bytes: which ones are plain tables and curves, and how to write a small one.

A profile may also be a program of any length, which colour engines run thousands of times. So the engine
only gets profiles whose cost is known, and others are ignored. No Pillow here.
"""

import itertools
import math
import struct
from collections.abc import Sequence
from typing import Final

# Presses' profiles of finest tables have 3 MB; what cameras and screens write is far below 1.
MOST_BYTES: Final = 4_000_000
MOST_TAGS: Final = 200
# White, red, green and blue of sRGB as x and y, as a PNG's cHRM chunk has them.
SRGB_CHROMATICITY: Final = (0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
_HEAD_BYTES: Final = 128
_TAG: Final = struct.Struct(">4sII")
# Inputs and displays, outputs and colour spaces; not links, abstract profiles or lists of named colours.
_CLASSES: Final = (b"scnr", b"mntr", b"prtr", b"spac")
_CURVES: Final = (b"curv", b"para")
_TABLES: Final = (b"mft1", b"mft2", b"mAB ")
# By tag what the way from the file's colours to those of the eye may be made of.
_PLAIN_TYPES: Final = {
    **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC", b"kTRC"), _CURVES),
    **dict.fromkeys((b"rXYZ", b"gXYZ", b"bXYZ"), (b"XYZ ",)),
    **dict.fromkeys((b"A2B0", b"A2B1", b"A2B2"), _TABLES),
}
_MOST_CURVE_POINTS: Final = 65_530
_MOST_TABLE_POINTS: Final = 4_096
_PARAMETERS: Final = (1, 3, 4, 5, 7)
_WHITE_D50: Final = (0.96420, 1.0, 0.82491)
_BRADFORD: Final = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
_LEAST_GAMMA: Final = 0.1
_MOST_GAMMA: Final = 10.0
_GAMMA_TOLERANCE: Final = 0.05
_SRGB_CURVE: Final = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)

type _Vector = Sequence[float]


def colour_space(profile: bytes) -> str | None:
    """The space ("RGB", "GRAY", "CMYK", ...) of a profile that is plain; None for every other."""
    if not _HEAD_BYTES + 4 <= len(profile) <= MOST_BYTES or profile[36:40] != b"acsp":
        return None
    if profile[12:16] not in _CLASSES or not _is_plain(profile):
        return None
    return profile[16:20].decode("latin-1").strip()


def _is_plain(profile: bytes) -> bool:
    tags = _read_tags(profile)
    return tags is not None and all(_is_plain_tag(name, content) for name, content in tags)


def _read_tags(profile: bytes) -> list[tuple[bytes, bytes]] | None:
    """Name and content of each tag; None where they are too many, overlap or lie outside."""
    number = int.from_bytes(profile[_HEAD_BYTES : _HEAD_BYTES + 4])
    end_of_list = _HEAD_BYTES + 4 + number * _TAG.size
    if not 0 < number <= MOST_TAGS or end_of_list > len(profile):
        return None
    entries = list(_TAG.iter_unpack(profile[_HEAD_BYTES + 4 : end_of_list]))
    if len({name for name, _start, _size in entries}) < number:
        return None
    # Two tags may share all of their bytes (one curve for three colours), but not some.
    spans = sorted({(start, start + size) for _name, start, size in entries})
    if spans[0][0] < end_of_list or max(end for _start, end in spans) > len(profile):
        return None
    if any(one[1] > other[0] for one, other in itertools.pairwise(spans)):
        return None
    return [(name, profile[start : start + size]) for name, start, size in entries]


def _is_plain_tag(name: bytes, content: bytes) -> bool:
    kind = content[:4]
    if kind == b"mpet" or name[:3] in (b"D2B", b"B2D"):
        return False
    if name not in _PLAIN_TYPES:
        return True  # a name, a date, the way back: nothing that is calculated with
    if kind not in _PLAIN_TYPES[name]:
        return False
    if kind in _CURVES:
        return _curve_bytes(content) is not None
    return kind == b"XYZ " or (_is_plain_mab(content) if kind == b"mAB " else _is_plain_table(content))


def _curve_bytes(content: bytes) -> int | None:
    """How many bytes the curve takes that `content` begins with; None where it is none."""
    size = None
    if content[:4] == b"curv" and len(content) >= 12:
        points = int.from_bytes(content[8:12])
        size = 12 + 2 * points if points <= _MOST_CURVE_POINTS else None
    elif content[:4] == b"para" and len(content) >= 12:
        function = int.from_bytes(content[8:10])
        size = 12 + 4 * _PARAMETERS[function] if function < len(_PARAMETERS) else None
    return size if size is not None and size <= len(content) else None


def _is_plain_table(content: bytes) -> bool:
    """Whether an mft1 or mft2 tag has the size that its head declares."""
    if len(content) < 52:
        return False
    inputs, outputs, grid = content[8:11]
    head, sample, points = 48, 1, (256, 256)
    if content[:4] == b"mft2":
        head, sample, points = 52, 2, struct.unpack(">HH", content[48:52])
    if not 1 <= inputs <= 4 or outputs != 3 or max(points) > _MOST_TABLE_POINTS:
        return False
    samples: int = points[0] * inputs + grid**inputs * outputs + points[1] * outputs
    return head + sample * samples <= len(content)


def _is_plain_mab(content: bytes) -> bool:
    """Whether an mAB tag's curves and table lie in it."""
    if len(content) < 32:
        return False
    inputs, outputs = content[8:10]
    b_curves, matrix, m_curves, table, a_curves = struct.unpack(">5I", content[12:32])
    if not 1 <= inputs <= 4 or outputs != 3 or matrix > len(content) - 48:
        return False
    runs = ((b_curves, outputs), (m_curves, outputs), (a_curves, inputs))
    return all(_are_curves(content, start, number) for start, number in runs) and (
        not table or _is_plain_grid(content[table:], inputs, outputs)
    )


def _are_curves(content: bytes, start: int, number: int) -> bool:
    """Whether so many curves follow one another from `start`, which is 0 where there are none."""
    for _number in range(number if start else 0):
        size = _curve_bytes(content[start:])
        if size is None:
            return False
        start += size + -size % 4
    return True


def _is_plain_grid(content: bytes, inputs: int, outputs: int) -> bool:
    """Whether the table of an mAB tag has the size that its head declares."""
    if len(content) < 20 or content[16] not in (1, 2):
        return False
    size = 20 + math.prod(content[:inputs]) * outputs * content[16]
    return size <= len(content)


# --- Writing ----------------------------------------------------------------------------------


def make_profile(space: str, gamma: float, chromaticity: tuple[float, ...]) -> bytes | None:
    """What a PNG says by its gAMA and cHRM chunks, as a profile of `space` ("RGB" or "GRAY").

    `gamma` is the file's: 1/2.2, say, which is what those write who mean sRGB. None where a number is
    impossible.
    """
    if not _LEAST_GAMMA <= gamma <= _MOST_GAMMA:
        return None
    means_srgb = abs(gamma * 2.2 - 1) < _GAMMA_TOLERANCE
    curve = _parametric(3, *_SRGB_CURVE) if means_srgb else _parametric(0, 1 / gamma)
    if space == "GRAY":
        return _profile(b"GRAY", {b"kTRC": curve})
    try:
        points = [_xyz(column) for column in _primaries(chromaticity)]
    except (ArithmeticError, ValueError, struct.error):
        return None
    tags = dict(zip((b"rXYZ", b"gXYZ", b"bXYZ"), points, strict=True))
    return _profile(b"RGB ", tags | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve))


def _primaries(chromaticity: tuple[float, ...]) -> list[_Vector]:
    """X, Y and Z of full red, green and blue, for an eye that takes D50 for white."""
    colours = [
        (x / y, 1.0, (1 - x - y) / y) for x, y in zip(chromaticity[::2], chromaticity[1::2], strict=True)
    ]
    white, *primaries = (_times(_BRADFORD, colour) for colour in colours)
    wanted = _times(_BRADFORD, _WHITE_D50)
    shares = _solve(primaries, white)
    return [
        _solve(
            _columns(_BRADFORD),
            [share * cone * to / was for cone, to, was in zip(primary, wanted, white, strict=True)],
        )
        for share, primary in zip(shares, primaries, strict=True)
    ]


def _times(rows: Sequence[_Vector], vector: _Vector) -> _Vector:
    return [math.sumprod(row, vector) for row in rows]


def _columns(rows: Sequence[_Vector]) -> list[_Vector]:
    return [list(column) for column in zip(*rows, strict=True)]


def _solve(columns: Sequence[_Vector], wanted: _Vector) -> list[float]:
    """How much of each of three columns makes `wanted`. Raises `ZeroDivisionError` where none can."""
    whole = _determinant(columns)
    return [_determinant([*columns[:place], wanted, *columns[place + 1 :]]) / whole for place in range(3)]


def _determinant(columns: Sequence[_Vector]) -> float:
    (a, b, c), (d, e, f), (g, h, i) = columns
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


def _profile(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    tags = {b"wtpt": _xyz(_WHITE_D50), **tags}
    start, entries, content = _HEAD_BYTES + 4 + _TAG.size * len(tags), b"", b""
    for name, data in tags.items():
        entries += _TAG.pack(name, start + len(content), len(data))
        content += data
    head = struct.pack(">I4sI", start + len(content), bytes(4), 0x04000000) + b"mntr" + space + b"XYZ "
    head += bytes(12) + b"acsp" + bytes(28) + _xyz(_WHITE_D50)[8:]
    return head.ljust(_HEAD_BYTES, b"\0") + struct.pack(">I", len(tags)) + entries + content


def _xyz(values: _Vector) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *_fixed(values))


def _parametric(function: int, *values: float) -> bytes:
    return b"para" + bytes(4) + struct.pack(f">HH{len(values)}i", function, 0, *_fixed(values))


def _fixed(values: _Vector) -> list[int]:
    return [round(value * 65_536) for value in values]
