"""What a file's bytes show before any decoder sees them: format, bombs, and how a JPEG is built.

Never the name or type that a client claims. Of a JPEG, only the segments that a decoder needs are kept:
what a camera, an editor or an attacker added is dropped, and so is what follows the end of the picture. No
Pillow, and no limits of the product.
"""

import re
from typing import Final

HEAD_BYTES: Final = 32
CONTENT_TYPES: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
# What iPhones write (HEIC) and its relatives.
_HEIF_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_GIF_HEAD_BYTES: Final = 13
_GIF_END: Final = b";"
_GIF_IMAGE: Final = 0x2C
_GIF_EXTENSION: Final = 0x21
# Place, size and flags, and behind the colours the width of a code.
_GIF_IMAGE_HEAD_BYTES: Final = 11
# Pixels come in blocks of 255 bytes, which makes 20,600 of five megabytes. Pillow reads each by itself.
_MOST_BLOCKS: Final = 60_000
_PNG_SIGNATURE_BYTES: Final = 8
_PNG_END: Final = b"IEND"
# Encoders write pixels in chunks of 4 kB or more, which makes 1,300 of five megabytes; and one profile.
# Pillow inflates each profile it finds to a megabyte, and forgets it for the next one.
_MOST_CHUNKS: Final = 50_000
_MOST_PROFILES: Final = 1
# Of a JPEG, as all that follow.
_START: Final = b"\xff\xd8"
_END: Final = b"\xff\xd9"
_SCAN: Final = 0xDA
_QUANTISATION: Final = 0xDB
_HUFFMAN: Final = 0xC4
# Baseline and extended frames; progressive ones have many scans.
_FRAMES: Final = (0xC0, 0xC1)
_JFIF: Final = 0xE0
_ADOBE: Final = 0xEE
# What a plain file has: tables, one frame and one scan, application data and comments.
_KNOWN: Final = frozenset((_QUANTISATION, _HUFFMAN, *_FRAMES, _SCAN, *range(0xE0, 0xF0), 0xFE))
# Of a plain scan: 0xFF is followed by zero, or it is the end.
_END_OF_PIXELS: Final = re.compile(rb"\xff[^\x00]")
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
# Scans times pixels. A walk over the pixels takes a decoder 0.4 ns for each of them even where nothing is
# coded; the usual ten scans of 50 megapixels are a fifth of this.
MOST_SCANNED_PIXELS: Final = 2_500_000_000
type _Segment = tuple[int, bytes]
type _Table = tuple[int, int]


def sniff(head: bytes) -> str | None:
    """The format that the first bytes show ("JPEG", "PNG", "GIF" or "WEBP"), else None."""
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    return None


def is_heif(head: bytes) -> bool:
    """Whether these are the first bytes of a HEIC photo or one of its relatives."""
    return head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS


def webp_canvas(head: bytes) -> tuple[int, int]:
    """Width and height in pixels that a WebP header claims; 0 x 0 for every other format."""
    match head[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
        case b"VP8L":
            bits = int.from_bytes(head[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            sides = int.from_bytes(head[26:28], "little"), int.from_bytes(head[28:30], "little")
            return sides[0] & 0x3FFF, sides[1] & 0x3FFF
    return 0, 0


def is_bomb(file_format: str, data: bytes) -> bool:
    """Whether this GIF or PNG has more parts than any program writes; False for every other format."""
    check = {"GIF": _is_gif_bomb, "PNG": _is_png_bomb}.get(file_format)
    return check is not None and check(data)


def _is_gif_bomb(data: bytes) -> bool:
    """Whether this GIF has more blocks than any program writes, as far as its end."""
    position = _GIF_HEAD_BYTES + _colour_table_bytes(data[10:11])
    blocks = 0
    while blocks <= _MOST_BLOCKS and data[position : position + 1] not in (b"", _GIF_END):
        blocks += 1
        kind = data[position]
        position += _head_bytes(data, position)
        while kind in (_GIF_EXTENSION, _GIF_IMAGE) and data[position : position + 1] not in (b"", b"\0"):
            position += 1 + data[position]
            blocks += 1
            if blocks > _MOST_BLOCKS:
                return True
        position += kind in (_GIF_EXTENSION, _GIF_IMAGE)  # the empty block that ends a run
    return blocks > _MOST_BLOCKS


def _head_bytes(data: bytes, position: int) -> int:
    """How many bytes precede the blocks of what begins at `position`; 1 of what decoders pass over."""
    if data[position] == _GIF_IMAGE:
        return _GIF_IMAGE_HEAD_BYTES + _colour_table_bytes(data[position + 9 : position + 10])
    return 2 if data[position] == _GIF_EXTENSION else 1


def _colour_table_bytes(flags: bytes) -> int:
    return 3 * 2 ** ((flags[0] & 7) + 1) if flags and flags[0] & 0x80 else 0


def _is_png_bomb(data: bytes) -> bool:
    """Whether this PNG has more chunks or profiles than any program writes."""
    position, profiles = _PNG_SIGNATURE_BYTES, 0
    for _chunk_number in range(_MOST_CHUNKS):
        kind = data[position + 4 : position + 8]
        if len(kind) < 4 or kind == _PNG_END:
            return False
        profiles += kind == b"iCCP"
        if profiles > _MOST_PROFILES:
            return True
        position += 12 + int.from_bytes(data[position : position + 4])
    return True


def count_scans(data: bytes) -> int | None:
    """How many scans the first picture of a JPEG has.

    None where it has more parts than any camera writes. Reads as leniently as the most lenient decoder; what
    is not a JPEG at all is no trap.
    """
    position, filler_bytes, scans = len(_START), 0, 0
    for _segment_number in range(MOST_SEGMENTS):
        found = _NEXT_MARKER.match(data, position)
        if found is None:
            return scans if filler_bytes + len(data) - position <= MOST_FILLER_BYTES else None
        marker = found[1][0]
        if scans and marker == _END[1]:
            return scans
        filler_bytes += found.start(1) - 1 - position
        if filler_bytes > MOST_FILLER_BYTES:
            return None
        position = found.end()
        if marker not in _BARE:
            position += max(2, int.from_bytes(data[position : position + 2]))
        if marker == _SCAN:
            scans, position = scans + 1, _scan_end(data, position)
    return None


def _scan_end(data: bytes, start: int) -> int:
    """Where the marker behind the coded pixels is that begin at `start`, or where the file ends."""
    after = _AFTER_SCAN.search(data, start)
    return after.start() if after else len(data)


def strip(data: bytes) -> bytes | None:
    """The same picture, coded the same, with nothing else in the file; None where anything about it is odd.

    Plain is what cameras and browsers write: one frame, one scan of all its pixels, each table once. What
    hides behind the last block of the scan is not seen here, but by `decoding.needs_all`.
    """
    segments, position = _segments(data)
    if not segments or not data.startswith(_START):
        return None
    frames = [(marker, content) for marker, content in segments if marker in _FRAMES]
    tables = _read_tables(segments)
    scan = segments[-1][1]
    if len(frames) != 1 or tables is None or not _is_plain_scan(frames[0][1], scan):
        return None
    end = _END_OF_PIXELS.search(data, position)
    if end is None or not data.startswith(_END, end.start()):
        return None
    head = _plain_head(segments, frames[0], tables)
    return head and b"".join((head, data[position : end.start()], _END))


def _plain_head(segments: list[_Segment], frame: _Segment, tables: dict[_Table, bytes]) -> bytes | None:
    """What a decoder needs as far as the first pixel; None where a table is missing."""
    scan = segments[-1]
    needed = _needed_tables(frame[1], scan[1])
    if not tables.keys() >= needed:
        return None
    colour_coding = dict.fromkeys(_colour_coding(*segment) for segment in segments)
    # In the order of the file, quantisation first: what we wrote ourselves stays byte for byte.
    quantisation, huffman = (
        [
            _written(marker, tables[marker, number])
            for marker, number in tables
            if marker == kind and (marker, number) in needed
        ]
        for kind in (_QUANTISATION, _HUFFMAN)
    )
    return b"".join((_START, *colour_coding, *quantisation, _written(*frame), *huffman, _written(*scan)))


def _segments(data: bytes) -> tuple[list[_Segment], int]:
    """Marker and content of each segment as far as the first scan's head, and where that ends.

    An empty list where one is unknown.
    """
    segments: list[_Segment] = []
    position = len(_START)
    while not segments or segments[-1][0] != _SCAN:
        if len(data) < position + 4 or data[position] != 0xFF:
            return [], 0
        marker, length = data[position + 1], int.from_bytes(data[position + 2 : position + 4])
        end = position + 2 + length
        if marker not in _KNOWN or length < 2 or end > len(data):
            return [], 0
        segments.append((marker, data[position + 4 : end]))
        position = end
    return segments, position


def _read_tables(segments: list[_Segment]) -> dict[_Table, bytes] | None:
    """Each table by marker and by class and number; None where one stands twice or is not whole."""
    tables: dict[_Table, bytes] = {}
    for marker, content in segments:
        while marker in (_QUANTISATION, _HUFFMAN) and content:
            key, size = _table_key(marker, content)
            if key in tables or len(content) < size:
                return None
            tables[key], content = content[:size], content[size:]
    return tables


def _table_key(marker: int, content: bytes) -> tuple[_Table, int]:
    """Which table `content` begins with, and its size in bytes."""
    if marker == _QUANTISATION:
        return (marker, content[0] & 15), 65 if content[0] < 16 else 129
    return (marker, content[0]), 17 + sum(content[1:17])


def _is_plain_scan(frame: bytes, scan: bytes) -> bool:
    """Whether these are the heads of a frame of 8 bits and of a scan of all its components, and no more."""
    if len(frame) < 9 or frame[0] != 8:
        return False
    number = frame[5]
    return (
        number in (1, 3)
        and len(frame) == 6 + 3 * number
        and len(scan) == 4 + 2 * number
        and scan[0] == number
        and scan[1:-3:2] == frame[6::3]
        and scan[-3:] == b"\x00\x3f\x00"
    )


def _needed_tables(frame: bytes, scan: bytes) -> set[_Table]:
    quantisation = {(_QUANTISATION, number) for number in frame[8::3]}
    numbers = scan[2:-3:2]
    direct = {(_HUFFMAN, number >> 4) for number in numbers}
    return quantisation | direct | {(_HUFFMAN, 16 | number & 15) for number in numbers}


def _colour_coding(marker: int, content: bytes) -> bytes:
    """The JFIF or Adobe segment with nothing in it but how colours are coded; nothing for any other."""
    if marker == _JFIF and content.startswith(b"JFIF\0") and len(content) >= 14:
        return _written(marker, b"JFIF\0\1\1\0\0\1\0\1\0\0")
    if marker == _ADOBE and content.startswith(b"Adobe") and len(content) >= 12:
        return _written(marker, b"Adobe\0\x64\0\0\0\0" + content[11:12])
    return b""


def _written(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2) + content
