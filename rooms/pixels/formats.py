"""Which format a file has, told from its first bytes and never from the name or type a client claims."""

from typing import Final

HEAD_BYTES: Final = 32
CONTENT_TYPES: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
# What iPhones write (HEIC) and its relatives.
_HEIF_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


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
