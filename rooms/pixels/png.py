"""How a PNG is built: whether its chunks are a trap. No Pillow, no limits of ours here."""

from typing import Final

_SIGNATURE_BYTES: Final = 8
_END: Final = b"IEND"
# Encoders write pixels in chunks of 4 kB or more, which makes 1,300 of five megabytes; and one profile.
# Pillow inflates each profile it finds to a megabyte, and forgets it for the next one.
MOST_CHUNKS: Final = 50_000
MOST_PROFILES: Final = 1


def is_bomb(data: bytes) -> bool:
    """Whether this PNG has more chunks or profiles than any program writes."""
    position, profiles = _SIGNATURE_BYTES, 0
    for _chunk_number in range(MOST_CHUNKS):
        kind = data[position + 4 : position + 8]
        if len(kind) < 4 or kind == _END:
            return False
        profiles += kind == b"iCCP"
        if profiles > MOST_PROFILES:
            return True
        position += 12 + int.from_bytes(data[position : position + 4])
    return True
