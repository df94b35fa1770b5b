"""What a careful Pillow programme does: Lanczos, each version from the larger one, WebP method 4."""

import io
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from bench.contenders import Outputs, Wanted

SRGB = ImageCms.createProfile("sRGB")


def make_outputs(photo: Path, wanted: Wanted) -> Outputs:
    image: Image.Image = Image.open(photo)
    profile = image.info.get("icc_profile")
    image.thumbnail((wanted.master_px, wanted.master_px), Image.Resampling.LANCZOS, reducing_gap=None)
    if profile:
        ImageCms.profileToProfile(image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), SRGB, inPlace=True)
    ImageOps.exif_transpose(image, in_place=True)
    outputs = {wanted.master_px: _encoded(image, "JPEG", quality=wanted.jpeg_quality)}
    for side_px in wanted.sides_px:
        image.thumbnail((side_px, side_px), Image.Resampling.LANCZOS, reducing_gap=None)
        outputs[side_px] = _encoded(image, "WEBP", quality=wanted.webp_quality, method=4)
    return outputs


def _encoded(image: Image.Image, file_format: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, file_format, exif=b"", icc_profile=None, **options)
    return buffer.getvalue()
