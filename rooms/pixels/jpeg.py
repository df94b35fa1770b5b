"""Taking the metadata off a JPEG without touching its coded pixels.

Only the segments a decoder needs are copied; what a camera, an editor or an attacker added stays
behind, and so does whatever follows the end of the picture. No Pillow, no limits here.
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
# Inside a scan 0xFF is followed by zero or a restart mark; anything else ends it.
_AFTER_SCAN: Final = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")


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
            next_marker = _AFTER_SCAN.search(data, end)
            if next_marker is None:
                return None
            end = next_marker.end() - 2
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
