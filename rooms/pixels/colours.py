"""Colours of a decoded picture: transparency laid on white, every profile turned into sRGB.

Only Pillow and its lcms here; sizes, orientation and files are `images`' business.
"""

import io
from typing import Final

from PIL import Image, ImageCms

WHITE: Final = (255, 255, 255)
_SRGB = ImageCms.createProfile("sRGB")
# By mode of the picture: the colour space its profile must speak of to mean anything.
_PROFILE_SPACES: Final = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}
_WITH_ALPHA: Final = ("RGBA", "LA", "PA", "RGBa", "La")


def is_opaque(image: Image.Image) -> bool:
    """Whether `opaque` has nothing to do."""
    return image.mode in _PROFILE_SPACES and "transparency" not in image.info


def opaque(image: Image.Image) -> Image.Image:
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


def srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """An RGB, L or CMYK picture in sRGB. A profile that is broken or of another colour space is ignored."""
    source = _foreign_profile(image.mode, profile)
    if source is not None:
        try:
            return _converted(image, source)
        except ImageCms.PyCMSError:
            pass
    return image if image.mode == "RGB" else image.convert("RGB")


def _converted(image: Image.Image, source: ImageCms.ImageCmsProfile) -> Image.Image:
    transform = ImageCms.buildTransform(source, _SRGB, image.mode, "RGB", flags=ImageCms.Flags.NOCACHE)
    if image.mode != "RGB":
        return ImageCms.applyTransform(image, transform) or image
    ImageCms.applyTransform(image, transform, inPlace=True)  # a large picture less in memory
    return image


def is_srgb(mode: str, profile: bytes | None) -> bool:
    """Whether pixels of `mode` with this profile mean the same colours without it."""
    return mode in ("RGB", "L") and _foreign_profile(mode, profile) is None


def _foreign_profile(mode: str, profile: bytes | None) -> ImageCms.ImageCmsProfile | None:
    """The profile, where it is sound, fits `mode` and is not sRGB itself."""
    if not profile or mode not in _PROFILE_SPACES:
        return None
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        fits = source.profile.xcolor_space.strip() == _PROFILE_SPACES[mode]
        description = source.profile.profile_description or ""
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
    return source if fits and "srgb" not in description.lower() else None
