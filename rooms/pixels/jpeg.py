"""How a JPEG is built: taking its metadata off without touching its coded pixels, and whether it is a trap.

Only the segments a decoder needs are kept; what a camera, an editor or an attacker added stays
behind, and so does whatever follows the end of the picture. No Pillow, no limits of ours here.
"""

import re
from typing import Final

_START: Final = b"\xff\xd8"
_END: Final = b"\xff\xd9"
_SCAN: Final = 0xDA
# Tables, frame headers (baseline, extended, progressive), restart interval and scans.
_NEEDED: Final = frozenset((0xDB, 0xC4, 0xC0, 0xC1, 0xC2, 0xDD, _SCAN))
# Application data and comments; the two below say how colours are coded and are kept in their plain form.
_DROPPED: Final = frozenset((*range(0xE0, 0xF0), 0xFE))
_JFIF: Final = (0xE0, b"JFIF\x00", 14)
_ADOBE: Final = (0xEE, b"Adobe", 12)
# Inside a scan 0xFF is followed by zero or a restart mark; anything else but a filling 0xFF ends it.
_AFTER_SCAN: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
# The next marker and what a lenient decoder skips to find it.
_NEXT_MARKER: Final = re.compile(rb"[^\xff]*\xff+([^\xff])")
# Markers that no length follows. Decoders stop at those they do not know, or look on right behind them.
_BARE: Final = frozenset((*range(0xC0), 0xC8, *range(0xD0, 0xDA), *range(0xF0, 0xFE)))
# Cameras write 10 to 30, and 5 MB of metadata are 80 more. Pillow joins a file's EXIF segments one by one,
# and each scan is another walk over all pixels: 5 MB of nothing else keep a processor busy for minutes.
MOST_SEGMENTS: Final = 300
MOST_FILLER_BYTES: Final = 65_536


def is_trap(data: bytes) -> bool:
    """Whether this JPEG has more parts than any camera writes, as far as the end of its first picture.

    Reads as leniently as the most lenient decoder; what is not a JPEG at all is no trap.
    """
    position, filler_bytes, in_scans = len(_START), 0, False
    for _segment_number in range(MOST_SEGMENTS):
        found = _NEXT_MARKER.match(data, position)
        if found is None:
            return filler_bytes + len(data) - position > MOST_FILLER_BYTES
        marker = found[1][0]
        if in_scans and marker == _END[1]:
            return False
        filler_bytes += found.start(1) - 1 - position
        if filler_bytes > MOST_FILLER_BYTES:
            return True
        position = found.end()
        if marker not in _BARE:
            position += max(2, int.from_bytes(data[position : position + 2]))
        if marker == _SCAN:
            in_scans, position = True, _scan_end(data, position)
    return True


def _scan_end(data: bytes, start: int) -> int:
    """Where the marker behind the coded pixels is that begin at `start`, or where the file ends."""
    after = _AFTER_SCAN.search(data, start)
    return after.start() if after else len(data)


def strip(data: bytes) -> bytes | None:
    """The same picture, coded the same, with nothing else in the file; None where its structure is odd."""
    if not data.startswith(_START):
        return None
    kept = [_START]
    position = len(_START)
    while data[position : position + 2] != _END:
        segment = _segment(data, position)
        if segment is None:
            return None
        marker, end = segment
        if marker == _SCAN:
            end = _scan_end(data, end)
        if marker in _NEEDED:
            kept.append(data[position:end])
        elif marker in _DROPPED:
            kept.append(_colour_coding(marker, data[position + 4 : end]))
        else:
            return None
        position = end
    return b"".join((*kept, _END))


def _segment(data: bytes, position: int) -> tuple[int, int] | None:
    """Marker and end of the segment that starts at `position`; None where none does."""
    if len(data) < position + 4 or data[position] != 0xFF:
        return None
    length = int.from_bytes(data[position + 2 : position + 4])
    end = position + 2 + length
    return (data[position + 1], end) if length >= 2 and end <= len(data) else None


def _colour_coding(marker: int, content: bytes) -> bytes:
    """The JFIF or Adobe segment without the thumbnail it may carry; nothing for any other."""
    for known, signature, size in (_JFIF, _ADOBE):
        if marker == known and content.startswith(signature) and len(content) >= size:
            plain = content[:size] if marker == _ADOBE[0] else content[: size - 2] + b"\x00\x00"
            return bytes((0xFF, marker)) + (size + 2).to_bytes(2) + plain
    return b""
