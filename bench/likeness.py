"""How like two pictures are: SSIM of their luminance, by libvips, with the usual Gaussian window."""

import io
from pathlib import Path
from typing import Final

import pyvips
from PIL import Image, ImageCms, ImageOps

STABLE_MEAN: Final = (0.01 * 255) ** 2
STABLE_VARIANCE: Final = (0.03 * 255) ** 2
SIGMA: Final = 1.5


def read_reference(photo: Path, side_px: int) -> Image.Image:
    """`photo` upright and in sRGB, by one Lanczos resize from the original."""
    with Image.open(photo) as image:
        profile = image.info.get("icc_profile")
        small = image.convert("RGB")
        small.thumbnail((side_px, side_px), Image.Resampling.LANCZOS, reducing_gap=None)
        upright = ImageOps.exif_transpose(small)
    if profile:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(upright, source, ImageCms.createProfile("sRGB"))
    return upright


def ssim(image: Image.Image, reference: Image.Image) -> float:
    """1 for the same picture; both of the same size in pixels."""
    first, second = _luminance(image), _luminance(reference)
    mean_1, mean_2 = _blurred(first), _blurred(second)
    variances = _blurred(first * first) - mean_1 * mean_1 + _blurred(second * second) - mean_2 * mean_2
    covariance = _blurred(first * second) - mean_1 * mean_2
    likeness = (mean_1 * mean_2 * 2 + STABLE_MEAN) * (covariance * 2 + STABLE_VARIANCE)
    likeness /= (mean_1 * mean_1 + mean_2 * mean_2 + STABLE_MEAN) * (variances + STABLE_VARIANCE)
    return float(likeness.avg())


def _luminance(image: Image.Image) -> pyvips.Image:
    grey = image.convert("L")
    return pyvips.Image.new_from_memory(grey.tobytes(), grey.width, grey.height, 1, "uchar").cast("float")


def _blurred(image: pyvips.Image) -> pyvips.Image:
    return image.gaussblur(SIGMA, min_ampl=0.01, precision="float")
