"""What the gate costs in memory, measured in a process of its own (on Linux). Seconds are bench/'s."""

import io
import json
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from rooms import images
from rooms.tests.conftest import picture
from rooms.tests.test_images import saved

GREY, RGB, GREY_ALPHA, RGB_ALPHA = 0, 2, 4, 6  # the colour types of PNG
SAMPLES = {GREY: 1, RGB: 3, GREY_ALPHA: 2, RGB_ALPHA: 4}
REFUSED_MIB = 50
TAKEN_MIB = 400
# The first photo of a process asks for what later ones find there; then the peak begins anew.
MEASURE = """
import json, sys
from rooms import errors, images

def measure(name):
    status = open("/proc/self/status").read().split()
    return int(status[status.index(name + ":") + 1]) // 1024

def admit(path):
    with open(path, "rb") as file:
        try:
            return images.admit(file).width_px
        except errors.PhotoError as error:
            return error.code

admit(sys.argv[1])
open("/proc/self/clear_refs", "w").write("5")
before = measure("VmRSS")
print(json.dumps({"verdicts": [admit(path) for path in sys.argv[2:]], "mib": measure("VmHWM") - before}))
"""


def write_png(path: Path, width: int, height: int, colour_type: int) -> None:
    """A whole PNG of any size without ever holding its pixels."""
    row_bytes = width * SAMPLES[colour_type]
    row = b"\0" + (bytes(range(256)) * (row_bytes // 256 + 1))[:row_bytes]
    packer = zlib.compressobj(1)
    data = b"".join(packer.compress(row) for _number in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0)
    chunks = [b"IHDR" + header, b"IDAT" + data, b"IEND"]
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + b"".join(struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in chunks)
    )


def png_claiming(width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, RGB, 0, 0, 0)
    small = picture(file_format="PNG")
    return small[:12] + header + struct.pack(">I", zlib.crc32(header)) + small[33:]


def jpeg_claiming(width: int, height: int) -> bytes:
    small = picture()
    frame = small.index(b"\xff\xc0") + 5
    return small[:frame] + struct.pack(">HH", height, width) + small[frame + 4 :]


def webp_claiming(width: int, height: int) -> bytes:
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    head = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + canvas
    content = head + picture(file_format="WEBP")[12:]
    return b"RIFF" + struct.pack("<I", len(content)) + content


def gif_claiming(width: int, height: int) -> bytes:
    small = picture(file_format="GIF")
    return small[:6] + struct.pack("<HH", width, height) + small[10:]


def measured(folder: Path, *paths: Path) -> dict:
    """What the gate says to each file, and how much more memory all of them took at the most."""
    first = folder / "first.jpg"
    first.write_bytes(picture())
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(first), *map(str, paths)],
        cwd=settings.BASE_DIR, capture_output=True, check=True, text=True,
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "backoffice.settings", "SECRET_KEY": settings.SECRET_KEY},
    )  # fmt: skip
    print(run.stdout)
    return json.loads(run.stdout)


def test_bombs_are_refused_before_they_take_memory(tmp_path):
    claims = [
        png_claiming(50_000, 50_000),
        png_claiming(2**31 - 1, 2**31 - 1),
        jpeg_claiming(64_250, 64_250),
        webp_claiming(16_383, 16_383),
        gif_claiming(65_535, 65_535),
    ]
    paths = [tmp_path / f"claim-{number}" for number in range(len(claims))]
    for path, content in zip(paths, claims, strict=True):
        path.write_bytes(content)
    # Two that could well be decoded, where memory is.
    write_png(tmp_path / "square", 13_377, 13_377, GREY)
    write_png(tmp_path / "large", 12_000, 8_000, RGB)
    paths += [tmp_path / "square", tmp_path / "large"]

    told = measured(tmp_path, *paths)

    assert told["verdicts"] == ["too_many_pixels"] * len(paths)
    assert told["mib"] < REFUSED_MIB


@pytest.mark.parametrize("colour_type", [RGB, GREY_ALPHA, RGB_ALPHA])
def test_largest_png_stays_within_bounds(colour_type, tmp_path):
    write_png(tmp_path / "largest.png", 8_000, 6_250, colour_type)
    told = measured(tmp_path, tmp_path / "largest.png")
    assert told["verdicts"] == [2880]
    assert told["mib"] < TAKEN_MIB


@pytest.mark.parametrize("progressive", [False, True])
def test_jpeg_of_24_megapixels_stays_within_bounds(progressive, tmp_path):
    image = Image.effect_noise((1500, 1000), 60).convert("RGB").resize((6000, 4000))
    image.save(tmp_path / "large.jpg", quality=50, progressive=progressive, subsampling=0)
    told = measured(tmp_path, tmp_path / "large.jpg")
    assert told["verdicts"] == [2880]
    assert told["mib"] < TAKEN_MIB


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "I;16"])
def test_strips_make_the_same_photo_as_the_whole(mode, monkeypatch):
    noise = [Image.effect_noise((700, 500), 80) for _band in "RGBA"]
    whole = noise[0] if mode in ("1", "P", "I;16") else Image.merge("RGBA", noise)
    content = saved(whole.convert(mode))
    options = {"max_side_px": 300, "max_pixels": 1_000_000, "version_sides_px": (100,)}
    monkeypatch.setattr(images, "STRIP_ROWS", 10_000)
    at_once = images.normalise(io.BytesIO(content), **options)
    monkeypatch.setattr(images, "STRIP_ROWS", 64)
    assert images.normalise(io.BytesIO(content), **options) == at_once
