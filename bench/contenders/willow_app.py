"""Wagtail's Willow, as Wagtail's `Filter.run` calls it: a full decode for each output."""

import io
from pathlib import Path

from django.conf import settings

settings.configure()

from willow.image import Image  # it looks into the settings

from bench.contenders import Outputs, Wanted


def make_outputs(photo: Path, wanted: Wanted) -> Outputs:
    outputs = {}
    for side_px in (*wanted.sides_px, wanted.master_px):
        image, buffer = _resized(photo, side_px), io.BytesIO()
        if side_px == wanted.master_px:
            image.save_as_jpeg(buffer, quality=wanted.jpeg_quality, progressive=True, optimize=True)
        else:
            image.save_as_webp(buffer, quality=wanted.webp_quality)
        outputs[side_px] = buffer.getvalue()
    return outputs


def _resized(photo: Path, side_px: int) -> Image:
    with photo.open("rb") as file:
        image = Image.open(file).auto_orient()
    scale = side_px / max(image.get_size())
    return image.resize(tuple(round(side * scale) for side in image.get_size()))
