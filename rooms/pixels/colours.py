"""Colours of a decoded picture: transparency is flattened on white, and its colours become sRGB.

Only Pillow and its lcms here. Sizes and orientation are in `geometry`, files in `images`.
"""

import io
import itertools
from typing import Any, Final

from PIL import Image, ImageChops, ImageCms

from rooms.pixels import icc

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
