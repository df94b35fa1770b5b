"""Wagtail's Willow, as Wagtail's `Filter.run` calls it: a full decode for each output."""

import io
from pathlib import Path

from django.conf import settings

settings.configure()

from willow.image import Image  # noqa: E402  # it looks into the settings

from bench.wanted import Outputs, Wanted  # noqa: E402


def make_outputs(photo: Path, wanted: Wanted) -> Outputs:
    outputs = {side: _webp(photo, side, wanted) for side in wanted.sides_px}
    master, buffer = _resized(photo, wanted.master_px), io.BytesIO()
    master.save_as_jpeg(buffer, quality=wanted.jpeg_quality, progressive=True, optimize=True)
    return {wanted.master_px: buffer.getvalue(), **outputs}


def _webp(photo: Path, side_px: int, wanted: Wanted) -> bytes:
    buffer = io.BytesIO()
    _resized(photo, side_px).save_as_webp(buffer, quality=wanted.webp_quality)
    return buffer.getvalue()


def _resized(photo: Path, side_px: int) -> Image:
    with photo.open("rb") as file:
        image = Image.open(file).auto_orient()
    width_px, height_px = image.get_size()
    scale = side_px / max(width_px, height_px)
    return image.resize((round(width_px * scale), round(height_px * scale)))
