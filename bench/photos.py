"""Photo-like JPEGs of 12 megapixels, made once from a seed: `python -m bench.photos`.

Each has the sizes, metadata and rough spectrum of a phone's photo: large soft areas, edges,
fine grain, an EXIF orientation, a place, and in every second one the Display-P3 profile of
an iPhone. Only Pillow draws; the same Pillow makes the same bytes.
"""

import io
import random
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bench.colour_profile import make_display_p3

FOLDER: Final = Path(__file__).parent / "photos"
COUNT: Final = 10
SIZE_PX: Final = (4000, 3000)
MIN_BYTES, MAX_BYTES = 3_000_000, 5_000_000
# What cameras hold differently: mostly level, then turned right, left, over.
ORIENTATIONS: Final = (1, 6, 1, 8, 1, 3, 6, 1, 6, 1)
GRAIN: Final = 10
GPS_IFD, ORIENTATION, ARTIST, MODEL = 0x8825, 0x0112, 0x013B, 0x0110


def make_missing_photos() -> list[Path]:
    """The paths of the ten photos, in the order they are used; draws those that are not there."""
    FOLDER.mkdir(exist_ok=True)
    paths = [FOLDER / f"{number:02d}.jpg" for number in range(COUNT)]
    for number, path in enumerate(paths):
        if not path.exists():
            path.write_bytes(make_photo(number))
    return paths


def make_photo(seed: int, size_px: tuple[int, int] = SIZE_PX) -> bytes:
    """One JPEG; at the full size of 3 to 5 MB."""
    chance = random.Random(seed)  # noqa: S311  # the same photos on every machine
    channels = [_luminance(chance, size_px)] + [_octaves(chance, size_px, (3, 9, 40), 0.55) for _ in range(2)]
    image = Image.merge("YCbCr", [channels[0], *(_calmed(channel) for channel in channels[1:])])
    options = {"exif": _exif(chance, ORIENTATIONS[seed % COUNT])}
    if seed % 2 == 0:
        options["icc_profile"] = make_display_p3()
    return _encoded(image.convert("RGB"), options, MAX_BYTES if size_px == SIZE_PX else 10**9)


def _luminance(chance: random.Random, size_px: tuple[int, int]) -> Image.Image:
    soft = _octaves(chance, size_px, (3, 8, 21, 55, 144, 400, 1100), 0.62)
    _draw_edges(chance, soft)
    grain = Image.frombytes("L", size_px, chance.randbytes(size_px[0] * size_px[1]))
    grain = grain.filter(ImageFilter.GaussianBlur(0.6)).point(
        lambda value: 128 + (value - 128) * GRAIN // 128
    )
    return ImageChops.add(soft, grain, 1, -128)


def _octaves(
    chance: random.Random, size_px: tuple[int, int], columns: tuple[int, ...], fade: float
) -> Image.Image:
    """Noise of several scales laid over each other, each finer one weaker by `fade`."""
    total, weight = Image.new("L", size_px, 128), 0.75
    for count in columns:
        rows = max(2, count * 3 // 4)
        noise = Image.frombytes("L", (count, rows), chance.randbytes(count * rows))
        scale = weight
        noise = noise.point(lambda value, scale=scale: 128 + (value - 128) * scale)
        total = ImageChops.add(total, noise.resize(size_px, Image.Resampling.BICUBIC), 1, -128)
        weight *= fade
    return total


def _draw_edges(chance: random.Random, image: Image.Image) -> None:
    """Outlines of furniture, as it were: what shows a poor resize."""
    draw = ImageDraw.Draw(image)
    for _ in range(60):
        x, y = chance.randrange(image.width), chance.randrange(image.height)
        width, height = chance.randrange(20, 700), chance.randrange(20, 500)
        shape = draw.ellipse if chance.random() < 0.4 else draw.rectangle
        shape((x, y, x + width, y + height), outline=chance.randrange(256), width=chance.randrange(2, 24))


def _calmed(channel: Image.Image) -> Image.Image:
    return channel.point(lambda value: 128 + (value - 128) * 0.3)


def _exif(chance: random.Random, orientation: int) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION], exif[MODEL], exif[ARTIST] = orientation, "Bench 12", "Nobody"
    exif.get_ifd(GPS_IFD).update(
        {1: "N", 2: (43.0, float(chance.randrange(60)), 12.5), 3: "E", 4: (5.0, 2.0, 1.5)}
    )
    return exif.tobytes()


def _encoded(image: Image.Image, options: dict[str, bytes], max_bytes: int) -> bytes:
    """The best of a camera's qualities that stays below `max_bytes`."""
    for quality in (95, 93, 91, 89, 86, 83, 80):
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=quality, **options)
        if buffer.tell() <= max_bytes:
            return buffer.getvalue()
    raise ValueError("too much detail for a phone's photo")


if __name__ == "__main__":
    for photo_path in make_missing_photos():
        print(photo_path.name, photo_path.stat().st_size)
