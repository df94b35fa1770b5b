"""The Display-P3 profile that iPhones put into their photos, written from its three primaries.

Pillow can make an sRGB profile only; both spaces share the white point and the tone curve,
so the one becomes the other by exchanging the primaries and the name.
"""

import struct
from typing import Final

from PIL import ImageCms

# X, Y, Z of red, green and blue of Display P3, adapted to D50 as ICC profiles want them.
P3_PRIMARIES: Final = {
    b"rXYZ": (0.51512, 0.24120, -0.00105),
    b"gXYZ": (0.29198, 0.69225, 0.04189),
    b"bXYZ": (0.15710, 0.06657, 0.78407),
}
MADE_AT: Final = slice(24, 36)  # when Pillow made it: set to zeros, for the same bytes every day
TAG_COUNT_AT: Final = 128
XYZ_HEAD_BYTES: Final = 8


def make_display_p3() -> bytes:
    """An ICC profile of about 600 bytes."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    data[MADE_AT] = bytes(12)
    (tag_count,) = struct.unpack_from(">I", data, TAG_COUNT_AT)
    for place in range(TAG_COUNT_AT + 4, TAG_COUNT_AT + 4 + 12 * tag_count, 12):
        signature, offset, _size = struct.unpack_from(">4sII", data, place)
        if signature in P3_PRIMARIES:
            values = (round(value * 65536) for value in P3_PRIMARIES[signature])
            struct.pack_into(">3i", data, offset + XYZ_HEAD_BYTES, *values)
    # The same length, so that no offset moves.
    return bytes(data).replace("sRGB built-in".encode("utf-16-be"), "Display P3   ".encode("utf-16-be"))
