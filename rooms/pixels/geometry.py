"""Sizes, orientation and resizing of a picture.

Colours are in `colours`, decoding is in `decoders`.
"""

import math
import struct
from typing import Final

from PIL import Image

from rooms.pixels import colours

type Size = tuple[int, int]

# Two thirds of BICUBIC's time; 46 dB and more from a Lanczos resize, which JPEG at 82 is far below.
FILTER: Final = Image.Resampling.HAMMING
# Rows of a large picture that are shrunk at a time: a few megabytes on the way.
BAND_ROWS: Final = 128
UPRIGHT: Final = 1
EXIF_ORIENTATION: Final = 0x0112
_EXIF_MARK: Final = b"Exif\0\0"
_SHORT: Final = 3
_SIDEWAYS: Final = (5, 6, 7, 8)
# What makes each other EXIF orientation upright.
_TRANSPOSITIONS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_CLOCKWISE: Final = {
    1: Image.Transpose.ROTATE_270,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_90,
}


def fit(size: Size, side_px: int) -> Size:
    """Width and height of a picture of `size` whose longest side is to be `side_px` at most."""
    scale = min(1.0, side_px / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def read_orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8, as browsers heed it; 1, which is upright, where there is none.

    From a JPEG's or WebP's EXIF and a PNG's eXIf, never from XMP, a profile of raw text or another text.
    """
    try:
        if image.format == "PNG" and "exif" not in image.info:
            image.load()  # it may come after the pixels
    except Exception:  # a broken end is no reason to refuse the pixels
        return UPRIGHT
    exif = image.info.get("exif")
    # Pillow puts the mark before a PNG's chunk, and not before a text of that name.
    if not isinstance(exif, bytes) or (image.format == "PNG" and not exif.startswith(_EXIF_MARK)):
        return UPRIGHT
    return _exif_orientation(exif.removeprefix(_EXIF_MARK))


def _exif_orientation(tiff: bytes) -> int:
    """The orientation in the first directory of an EXIF block, where it is one SHORT."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return UPRIGHT
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (number,) = struct.unpack_from(f"{order}H", tiff, start)
        for position in range(start + 2, start + 2 + 12 * number, 12):
            tag, kind, count, value = struct.unpack_from(f"{order}HHIH", tiff, position)
            if tag == EXIF_ORIENTATION:
                return value if (kind, count) == (_SHORT, 1) and 1 <= value <= 8 else UPRIGHT
    except struct.error:
        pass  # the block ends too early
    return UPRIGHT


def upright_size(size: Size, orientation: int) -> Size:
    """Width and height of a picture of `size` once its orientation is applied."""
    return (size[1], size[0]) if orientation in _SIDEWAYS else size


def apply_orientation(image: Image.Image, orientation: int) -> Image.Image:
    """The picture as it was seen by whoever took it."""
    return image.transpose(_TRANSPOSITIONS[orientation]) if orientation in _TRANSPOSITIONS else image


def rotate(image: Image.Image, quarter_turns: int) -> Image.Image:
    """The picture turned clockwise by 0 to 3 quarters."""
    return image.transpose(_CLOCKWISE[quarter_turns]) if quarter_turns else image


def resized_on_white(image: Image.Image, size: Size) -> Image.Image:
    """The picture in `size` and in RGB, L or CMYK, on white where it is transparent. Uses `image` up.

    Made in bands, so that no second large picture is in memory between the two directions of a resize,
    nor in the steps of laying one on white. A band's edges know the rows beyond them: no seam is seen.
    """
    if image.size == size:
        return colours.flatten(image)
    result = Image.new(colours.flatten(image.crop((0, 0, 1, 1))).mode, size)
    band_rows = max(1, BAND_ROWS * size[1] // image.height)
    for top in range(0, size[1], band_rows):
        result.paste(_band_on_white(image, size, top, min(top + band_rows, size[1])), (0, top))
    Image.Image.close(image)  # the base class's lets go of the pixels and leaves the upload's file open
    return result


def _band_on_white(image: Image.Image, size: Size, top: int, bottom: int) -> Image.Image:
    """The rows from `top` to `bottom` of the picture in `size`."""
    scale = image.height / size[1]
    first, last = top * scale, bottom * scale
    start = 0
    if not colours.is_opaque(image):
        reach = math.ceil(scale) + 1  # a row is made of so many above and below it
        start, end = max(0, math.floor(first) - reach), min(image.height, math.ceil(last) + reach)
        image = colours.flatten(image.crop((0, start, image.width, end)))
    box = (0, first - start, image.width, min(last - start, image.height))
    return image.resize((size[0], bottom - top), FILTER, box=box)


def downscale(image: Image.Image, size: Size) -> Image.Image:
    """An opaque picture in a smaller `size`, or in the same."""
    if image.size == size:
        return image
    if image.size == (2 * size[0], 2 * size[1]):
        return image.reduce(2)  # ten times as fast
    return image.resize(size, FILTER)
