"""Photo-like JPEGs, made once from a seed in `bench/photos`: the same Pillow makes the same bytes.

Each has the size, metadata and rough spectrum of a phone's photo: large soft areas, edges, fine grain, an
EXIF orientation, a place, and in every second one the Display-P3 profile of an iPhone.
"""

import io
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from rooms.tests.icc import DISPLAY_P3, rgb_profile

FOLDER: Final = Path(__file__).parent / "photos"
# What cameras hold differently: mostly level, then turned right, left, over.
ORIENTATIONS: Final = (1, 6, 1, 8, 1, 3, 6, 1, 6, 1)
GPS_IFD, ORIENTATION = 0x8825, 0x0112


def make_photos() -> list[Path]:
    """Ten of 12 megapixels, 3 to 5 MB."""
    return [made(f"{seed:02d}.jpg", seed, (4000, 3000)) for seed in range(len(ORIENTATIONS))]


def make_large_photos() -> list[Path]:
    """Ten files of one picture of 48 megapixels: what a JPEG has after its end is not looked at."""
    content = made("large.jpg", 1, (8000, 6000)).read_bytes()
    paths = [FOLDER / f"large-{number}.jpg" for number in range(len(ORIENTATIONS))]
    for number, path in enumerate(paths):
        path.write_bytes(content + bytes([number]))
    return paths


def made(name: str, seed: int, size_px: tuple[int, int]) -> Path:
    """The photo of that name, drawn where it is not there."""
    path = FOLDER / name
    if not path.exists():
        FOLDER.mkdir(exist_ok=True)
        path.write_bytes(_draw(seed, size_px))
    return path


def _draw(seed: int, size_px: tuple[int, int]) -> bytes:
    chance = random.Random(seed)
    luminance = _octaves(chance, size_px, (3, 8, 21, 55, 144, 400, 1100), 0.75, 0.62)
    _draw_edges(chance, luminance)
    grain = Image.frombytes("L", size_px, chance.randbytes(size_px[0] * size_px[1]))
    grain = grain.filter(ImageFilter.GaussianBlur(0.6)).point(lambda value: 128 + (value - 128) * 10 // 128)
    colours = [_octaves(chance, size_px, (3, 9, 40), 0.22, 0.55) for _ in range(2)]
    image = Image.merge("YCbCr", [ImageChops.add(luminance, grain, 1, -128), *colours])
    exif = Image.Exif()
    exif[ORIENTATION] = ORIENTATIONS[seed]
    exif.get_ifd(GPS_IFD).update({1: "N", 2: (43.0, float(seed), 12.5), 3: "E", 4: (5.0, 2.0, 1.5)})
    profile = rgb_profile(DISPLAY_P3, 2.2) if seed % 2 == 0 else None
    image.convert("RGB").save(buffer := io.BytesIO(), "JPEG", quality=96, exif=exif, icc_profile=profile)
    return buffer.getvalue()


def _octaves(
    chance: random.Random, size_px: tuple[int, int], columns: Sequence[int], weight: float, fade: float
) -> Image.Image:
    """Noise of several scales laid over each other, each finer one weaker by `fade`."""
    total = Image.new("L", size_px, 128)
    for count in columns:
        rows = max(2, count * 3 // 4)
        noise = Image.frombytes("L", (count, rows), chance.randbytes(count * rows))
        noise = noise.point([round(128 + (value - 128) * weight) for value in range(256)])
        total = ImageChops.add(total, noise.resize(size_px, Image.Resampling.BICUBIC), 1, -128)
        weight *= fade
    return total


def _draw_edges(chance: random.Random, image: Image.Image) -> None:
    """Outlines of furniture, as it were: what shows a poor resize."""
    draw = ImageDraw.Draw(image)
    for _ in range(60):
        x, y = chance.randrange(image.width), chance.randrange(image.height)
        corner = (x + chance.randrange(20, 700), y + chance.randrange(20, 500))
        shape = draw.ellipse if chance.random() < 0.4 else draw.rectangle
        shape((x, y, *corner), outline=chance.randrange(256), width=chance.randrange(2, 24))
