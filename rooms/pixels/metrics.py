"""Metrics of a picture: its brightness, its sharpness, and a fingerprint by which it is recognised.

They are measured on a small version, in a few milliseconds. `advice` judges by them.
"""

from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageChops, ImageFilter

# Sides of the picture that is measured: a larger one would cost more, a smaller one would hide a blur.
SIDE_PX: Final = 320
_FINGERPRINT_SIDE_PX: Final = 16
LEAST_CONTRAST: Final = 16
FINGERPRINT_BITS: Final = _FINGERPRINT_SIDE_PX**2
# How much each pixel differs from its four neighbours, where something changes.
_LAPLACIAN: Final = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1)


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
