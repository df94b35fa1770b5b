"""From a decoded picture to ours: upright, smaller, in sRGB, and measured.

Only Pillow and its lcms here; files are in `images`. Transparency is flattened on white. Metrics
(brightness, sharpness, and a fingerprint by which it is recognised) are measured on a small version, in a
few milliseconds; `advice` judges by them.
"""

import io
import itertools
import math
import struct
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image, ImageChops, ImageCms, ImageFilter

from rooms.pixels import icc

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
WHITE: Final = (255, 255, 255)
_SRGB = ImageCms.createProfile("sRGB")
# By mode of the picture: the colour space its profile must speak of to mean anything.
_PROFILE_SPACES: Final = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}
# Colours from all over the space. Profiles of sRGB itself round to a step or two beside lcms's own.
_STEPS: Final = (0, 17, 51, 85, 119, 153, 187, 221, 255)
_PROBES: Final = {
    "RGB": Image.frombytes("RGB", (27, 27), bytes(itertools.chain(*itertools.product(_STEPS, repeat=3)))),
    "L": Image.frombytes("L", (16, 16), bytes(range(256))),
}
_SAME: Final = 2
_WITH_ALPHA: Final = ("RGBA", "LA", "PA", "RGBa", "La")
# Sides of the picture that is measured: a larger one would cost more, a smaller one would hide a blur.
SIDE_PX: Final = 320
_FINGERPRINT_SIDE_PX: Final = 16
LEAST_CONTRAST: Final = 16
FINGERPRINT_BITS: Final = _FINGERPRINT_SIDE_PX**2
# How much each pixel differs from its four neighbours, where something changes.
_LAPLACIAN: Final = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1)


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
        return flatten(image)
    result = Image.new(flatten(image.crop((0, 0, 1, 1))).mode, size)
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
    if not is_opaque(image):
        reach = math.ceil(scale) + 1  # a row is made of so many above and below it
        start, end = max(0, math.floor(first) - reach), min(image.height, math.ceil(last) + reach)
        image = flatten(image.crop((0, start, image.width, end)))
    box = (0, first - start, image.width, min(last - start, image.height))
    return image.resize((size[0], bottom - top), FILTER, box=box)


def downscale(image: Image.Image, size: Size) -> Image.Image:
    """An opaque picture in a smaller `size`, or in the same."""
    if image.size == size:
        return image
    if image.size == (2 * size[0], 2 * size[1]):
        return image.reduce(2)  # ten times as fast
    return image.resize(size, FILTER)


def is_opaque(image: Image.Image) -> bool:
    """Whether `flatten` has nothing to do."""
    return image.mode in _PROFILE_SPACES and "transparency" not in image.info


def flatten(image: Image.Image) -> Image.Image:
    """The picture in RGB, L or CMYK, on white where it is transparent."""
    if image.mode.startswith("I"):
        # 16 bits a sample: scale, because convert() would clip everything above 255 to white.
        return image.point(lambda value: value * (1 / 257)).convert("L")
    if image.mode in _WITH_ALPHA or "transparency" in image.info:
        layer = image.convert("RGBA")
        background = Image.new("RGB", layer.size, WHITE)
        background.paste(layer, mask=layer.getchannel("A"))
        return background
    return image if is_opaque(image) else image.convert("RGB")


def to_srgb(image: Image.Image, conversion: ImageCms.ImageCmsTransform | None) -> Image.Image:
    """An RGB, L or CMYK picture in sRGB, by what `find_conversion` found."""
    if conversion is None:
        return image if image.mode == "RGB" else image.convert("RGB")
    if image.mode != "RGB":
        return ImageCms.applyTransform(image, conversion) or image
    ImageCms.applyTransform(image, conversion, inPlace=True)  # a large picture less in memory
    return image


def find_conversion(mode: str, info: dict[Any, Any]) -> ImageCms.ImageCmsTransform | None:
    """What makes sRGB of pixels of `mode` (RGB, L or CMYK); None where the colours are sRGB's already.

    `info` is what Pillow read beside the pixels. A profile that is broken, of another colour space or more
    than tables and curves is ignored. Measured on a few colours, never read from its name.
    """
    profile = _read_profile(mode, info)
    if profile is None:
        return None
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        conversion = ImageCms.buildTransform(source, _SRGB, mode, "RGB", flags=ImageCms.Flags.NOCACHE)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
    return conversion if mode == "CMYK" or _changes(conversion, _PROBES[mode]) else None


def _read_profile(mode: str, info: dict[Any, Any]) -> bytes | None:
    """The file's profile; else what a PNG's gAMA and cHRM say, as browsers take it: never cHRM alone."""
    space = _PROFILE_SPACES.get(mode, "")
    profile, gamma = info.get("icc_profile"), info.get("gamma")
    if isinstance(profile, bytes) and icc.colour_space(profile) == space:
        return profile
    if "srgb" in info or space == "CMYK" or not isinstance(gamma, float):
        return None
    chromaticity = info.get("chromaticity")
    if not isinstance(chromaticity, tuple):
        chromaticity = icc.SRGB_CHROMATICITY
    return icc.make_profile(space, gamma, chromaticity)


def _changes(conversion: ImageCms.ImageCmsTransform, probe: Image.Image) -> bool:
    """Whether any of the probe's colours comes out as another than it is without a conversion."""
    converted = ImageCms.applyTransform(probe, conversion) or probe
    difference = ImageChops.difference(converted, probe.convert("RGB"))
    return any(any(band.histogram()[_SAME + 1 :]) for band in difference.split())


@dataclass(frozen=True)
class ImageMetrics:
    """Brightness of the lightest tenth and sharpness of the edges, 0 to 1; a fingerprint in hexadecimal."""

    brightness: float
    sharpness: float
    fingerprint: str


def measure(image: Image.Image) -> ImageMetrics:
    """The figures of a picture, whose longest side should be about `SIDE_PX` for them to compare."""
    grey = image.convert("L")
    histogram = grey.histogram()
    darkest, lightest = _percentile(histogram, 2), _percentile(histogram, 98)
    edges = _percentile(_edges(grey).histogram(), 99)
    return ImageMetrics(
        brightness=round(_percentile(histogram, 90) / 255, 3),
        sharpness=_sharpness(edges, contrast=lightest - darkest),
        fingerprint=_fingerprint(grey),
    )


def count_differences(one: str, other: str) -> int:
    """In how many of `FINGERPRINT_BITS` two fingerprints differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _sharpness(edges: int, *, contrast: int) -> float:
    """In proportion to the contrast, or mist would pass for a blur. A plain wall has nothing to blur."""
    return round(min(1.0, edges / contrast), 3) if contrast >= LEAST_CONTRAST else 1.0


def _edges(grey: Image.Image) -> Image.Image:
    """The strength of change at every pixel; Pillow clips negative values, so each half is taken apart."""
    if min(grey.size) < 3:
        return Image.new("L", grey.size)
    falling = ImageChops.invert(grey).filter(_LAPLACIAN)
    edges = ImageChops.lighter(grey.filter(_LAPLACIAN), falling)
    return edges.crop((1, 1, edges.width - 1, edges.height - 1))  # the outermost pixels are left unfiltered


def _fingerprint(grey: Image.Image) -> str:
    """Where it gets lighter from left to right, on a grid: stays the same through resizing and recoding."""
    width, height = _FINGERPRINT_SIDE_PX + 1, _FINGERPRINT_SIDE_PX
    pixels = grey.resize((width, height), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(height):
        for left in range(row * width, row * width + width - 1):
            bits = bits << 1 | (pixels[left] < pixels[left + 1])
    return f"{bits:0{FINGERPRINT_BITS // 4}x}"


def _percentile(histogram: list[int], percent: int) -> int:
    """The value that so many per cent of the pixels do not exceed."""
    wanted, seen = sum(histogram) * percent / 100, 0
    for value, count in enumerate(histogram):
        seen += count
        if seen >= wanted:
            return value
    return len(histogram) - 1
