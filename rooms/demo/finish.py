"""The last touch on every picture: bloom, vignette, grain, and the JPEG bytes."""

from io import BytesIO
from random import Random

from PIL import Image, ImageChops, ImageFilter

from rooms.demo.palette import Color
from rooms.demo.texture import noise

GRAIN_TILE = 512


def bloom(image: Image.Image, strength: float = 0.30) -> Image.Image:
    """What is very bright bleeds softly around, as through a lens."""
    small = image.reduce(8)
    # Only the last quarter of the tones bleeds.
    bright = small.point([max(0, v - 190) * 3 for v in range(256)] * 3)
    halo = bright.filter(ImageFilter.GaussianBlur(small.width / 28))
    halo = halo.point([int(v * strength) for v in range(256)] * 3)
    return ImageChops.screen(image, halo.resize(image.size, Image.Resampling.BILINEAR))


def vignette(image: Image.Image, color: Color = (232, 226, 228)) -> Image.Image:
    """The corners darken a little: the eye stays in the picture."""
    fall = Image.radial_gradient("L").point([max(0, v - 120) * 255 // 150 for v in range(256)])
    fall = fall.resize(image.size, Image.Resampling.BILINEAR)
    tinted = Image.merge(
        "RGB", [fall.point([255 - v * (255 - c) * 2 // 255 for v in range(256)]) for c in color]
    )
    return ImageChops.multiply(image, tinted)


def grain(image: Image.Image, seed: int, depth: float = 0.024) -> Image.Image:
    """A light paper grain; it also hides the steps of the gradients."""
    tile = noise((GRAIN_TILE, GRAIN_TILE), seed % 3, 0.6)
    tile = tile.point([int(128 + (v - 128) * depth * 4) for v in range(256)])
    sheet = Image.new("L", image.size)
    for x in range(0, image.width, GRAIN_TILE):
        for y in range(0, image.height, GRAIN_TILE):
            sheet.paste(tile, (x, y))
    return ImageChops.overlay(image, Image.merge("RGB", (sheet, sheet, sheet)))


def develop(image: Image.Image, rng: Random, strength: float = 0.30) -> bytes:
    """From the painted canvas to the JPEG."""
    image = bloom(image, strength)
    image = vignette(image)
    image = grain(image, rng.randrange(3))
    file = BytesIO()
    image.save(file, "JPEG", quality=85)
    return file.getvalue()
