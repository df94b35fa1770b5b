"""How like a resized photo is to the original: SSIM of luminance, with a Gaussian window, by libvips."""

from pathlib import Path

import pyvips

STABLE_MEAN, STABLE_VARIANCE = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def ssim(output: Path, photo: Path, side_px: int) -> float:
    """1 for the same picture as `photo` upright, in sRGB, by one Lanczos resize from the original."""
    original = pyvips.Image.new_from_file(str(photo))
    reference = original.thumbnail_image(side_px, height=side_px, export_profile="srgb")
    pictures = (pyvips.Image.new_from_file(str(output)), reference)
    first, second = (picture.colourspace("b-w").cast("float") for picture in pictures)
    mean_1, mean_2 = _blurred(first), _blurred(second)
    variances = _blurred(first * first) - mean_1 * mean_1 + _blurred(second * second) - mean_2 * mean_2
    covariance = _blurred(first * second) - mean_1 * mean_2
    found = (mean_1 * mean_2 * 2 + STABLE_MEAN) * (covariance * 2 + STABLE_VARIANCE)
    found /= (mean_1 * mean_1 + mean_2 * mean_2 + STABLE_MEAN) * (variances + STABLE_VARIANCE)
    return float(found.avg())


def _blurred(image: pyvips.Image) -> pyvips.Image:
    return image.gaussblur(1.5, min_ampl=0.01, precision="float")
