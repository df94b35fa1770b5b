"""What a file's bytes show before any decoder sees them: its format, and whether it is a bomb.

Never the name or type that a client claims. No Pillow, and no limits of the product. A JPEG's bombs: `jpeg`.
"""

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
