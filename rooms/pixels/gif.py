"""How a GIF is built: whether its blocks are a trap. No Pillow, no limits of ours here."""

from typing import Final

_HEAD_BYTES: Final = 13
_END: Final = b";"
_IMAGE: Final = 0x2C
_EXTENSION: Final = 0x21
# Place, size and flags, and behind the colours the width of a code.
_IMAGE_HEAD_BYTES: Final = 11
# Pixels come in blocks of 255 bytes, which makes 20,600 of five megabytes. Pillow reads each by itself.
MOST_BLOCKS: Final = 60_000


def is_bomb(data: bytes) -> bool:
    """Whether this GIF has more blocks than any program writes, as far as its end."""
    position = _HEAD_BYTES + _colour_table_bytes(data[10:11])
    blocks = 0
    while blocks <= MOST_BLOCKS and data[position : position + 1] not in (b"", _END):
        blocks += 1
        kind = data[position]
        position += _head_bytes(data, position)
        while kind in (_EXTENSION, _IMAGE) and data[position : position + 1] not in (b"", b"\0"):
            position += 1 + data[position]
            blocks += 1
            if blocks > MOST_BLOCKS:
                return True
        position += kind in (_EXTENSION, _IMAGE)  # the empty block that ends a run
    return blocks > MOST_BLOCKS


def _head_bytes(data: bytes, position: int) -> int:
    """How many bytes precede the blocks of what begins at `position`; 1 of what decoders pass over."""
    if data[position] == _IMAGE:
        return _IMAGE_HEAD_BYTES + _colour_table_bytes(data[position + 9 : position + 10])
    return 2 if data[position] == _EXTENSION else 1


def _colour_table_bytes(flags: bytes) -> int:
    return 3 * 2 ** ((flags[0] & 7) + 1) if flags and flags[0] & 0x80 else 0
