"""What the gate costs in memory, measured in a process of its own (on Linux). Seconds are bench/'s."""

import json
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from PIL import Image

from rooms.tests.conftest import picture

GREY, RGB, GREY_ALPHA, RGB_ALPHA = 0, 2, 4, 6  # the colour types of PNG
SAMPLES = {GREY: 1, RGB: 3, GREY_ALPHA: 2, RGB_ALPHA: 4}
# Where each of the seven passes of an interlaced PNG begins, and its steps to the right and down.
PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
REFUSED_MB = 50
TAKEN_MB = 400
# The first photo of a process asks for what later ones find there. What a process asks for counts, not what
# it is let keep: a busy machine takes pages back from it, and the figures say something else each time.
MEASURE = """
import json, os, sys
import django
from rooms import errors, images

def measure(name):
    status = open("/proc/self/status").read().split()
    return int(status[status.index(name + ":") + 1]) * 1024 / 1_000_000

def process(path):
    with open(path, "rb") as file:
        try:
            return images.process(file).width_px
        except errors.PhotoError as error:
            return error.code

django.setup()
process(sys.argv[1])
for line in sys.stdin:
    if os.fork() == 0:  # a child's peak is its own
        before = measure("VmSize")
        verdicts = [process(path) for path in json.loads(line)]
        print(json.dumps({"verdicts": verdicts, "mb": measure("VmPeak") - before}), flush=True)
        os._exit(0)
    os.wait()
"""
type Gate = Callable[..., dict[str, Any]]


def write_png(
    path: Path, width: int, height: int, colour_type: int, bits: int = 8, *, interlaced: bool = False
) -> None:
    """A whole PNG of any size without ever holding its pixels."""
    packer = zlib.compressobj(1)
    passes = [(0, 0, 1, 1)] if not interlaced else PASSES
    data = b"".join(
        packer.compress(_png_row(-(-(width - left) // right) * SAMPLES[colour_type] * bits // 8))
        for left, top, right, down in passes
        for _row in range(top, height, down)
    )
    header = struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, interlaced)
    chunks = [b"IHDR" + header, b"IDAT" + data + packer.flush(), b"IEND"]
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + b"".join(struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in chunks)
    )


def _png_row(size_bytes: int) -> bytes:
    return b"\0" + (bytes(range(256)) * (size_bytes // 256 + 1))[:size_bytes]


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


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    """Tells what the gate says to each file, and how much more memory all of them took at the most."""
    first = tmp_path_factory.mktemp("gate") / "first.jpg"
    first.write_bytes(picture())
    process = subprocess.Popen(
        [sys.executable, "-c", MEASURE, str(first)],
        cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "backoffice.settings", "SECRET_KEY": settings.SECRET_KEY}
        | {"MALLOC_ARENA_MAX": "1"},  # a further one asks for far more than it uses
    )  # fmt: skip
    with process:

        def measure(*paths: Path) -> dict[str, Any]:
            print(json.dumps([str(path) for path in paths]), file=process.stdin, flush=True)
            answer: dict[str, Any] = json.loads(process.stdout.readline())
            return answer

        yield measure
        process.stdin.close()
    assert process.returncode == 0


def test_bombs_are_refused_before_they_take_memory(tmp_path, measured):
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
    # Three that could well be decoded, where memory is.
    write_png(tmp_path / "square", 13_377, 13_377, GREY)
    write_png(tmp_path / "large", 12_000, 8_000, RGB)
    write_png(tmp_path / "long", 70_000, 700, RGB)
    paths += [tmp_path / "square", tmp_path / "large", tmp_path / "long"]

    told = measured(*paths)

    assert told["verdicts"] == ["too_many_pixels"] * len(paths)
    assert told["mb"] <= REFUSED_MB


@pytest.mark.parametrize(
    ("width", "height", "colour_type", "bits", "interlaced"),
    [
        (8_000, 6_250, RGB, 8, False),
        (8_000, 6_250, GREY, 16, False),
        (8_000, 6_250, GREY_ALPHA, 8, False),
        (8_000, 6_250, RGB_ALPHA, 16, False),
        (8_000, 6_250, RGB_ALPHA, 8, True),
        (65_535, 762, RGB_ALPHA, 8, False),
    ],
)
def test_largest_png_stays_within_bounds(width, height, colour_type, bits, interlaced, tmp_path, measured):
    write_png(tmp_path / "largest.png", width, height, colour_type, bits, interlaced=interlaced)
    told = measured(tmp_path / "largest.png")
    assert told["verdicts"] == [2880]
    assert told["mb"] <= TAKEN_MB


LARGEST, LARGEST_COSTLY = (8_000, 6_250), (6_530, 4_900)
# The longest sides that are not decoded at a half.
NOT_HALVED, NOT_HALVED_COSTLY = (5_759, 5_759), (5_656, 5_656)


@pytest.mark.parametrize(
    ("file_format", "mode", "size", "options"),
    [
        ("JPEG", "RGB", LARGEST, {"progressive": True}),
        ("JPEG", "RGB", NOT_HALVED, {"progressive": True}),
        ("JPEG", "RGB", (9_428, 5_303), {"progressive": True}),
        ("JPEG", "RGB", NOT_HALVED, {}),
        ("JPEG", "CMYK", LARGEST_COSTLY, {"progressive": True}),
        ("JPEG", "CMYK", NOT_HALVED_COSTLY, {"progressive": True}),
        ("JPEG", "CMYK", NOT_HALVED_COSTLY, {}),
        ("WEBP", "RGB", LARGEST_COSTLY, {}),
        ("WEBP", "RGBA", LARGEST_COSTLY, {}),
        ("WEBP", "RGB", LARGEST_COSTLY, {"lossless": True}),
        ("WEBP", "RGBA", LARGEST_COSTLY, {"lossless": True}),
        ("GIF", "P", LARGEST, {}),
    ],
)
def test_largest_of_other_formats_stays_within_bounds(file_format, mode, size, options, tmp_path, measured):
    coding = {"subsampling": 0} if file_format == "JPEG" else {"method": 0}
    _scene(mode, size).save(tmp_path / "largest", file_format, quality=1, **coding, **options)
    told = measured(tmp_path / "largest")
    assert told["verdicts"] == [2880]
    assert told["mb"] <= TAKEN_MB


@pytest.mark.parametrize(("file_format", "size"), [("GIF", LARGEST), ("WEBP", LARGEST_COSTLY)])
def test_largest_animation_stays_within_bounds(file_format, size, tmp_path, measured):
    frames = [_scene("L", size), _scene("L", size).transpose(Image.Transpose.ROTATE_180)]
    frames[0].save(
        tmp_path / "largest", file_format, save_all=True, append_images=frames[1:], quality=1, method=0
    )
    told = measured(tmp_path / "largest")
    assert told["verdicts"] == [2880]
    assert told["mb"] <= TAKEN_MB


@pytest.mark.parametrize(("file_format", "mode"), [("WEBP", "RGB"), ("WEBP", "RGBA"), ("JPEG", "CMYK")])
def test_what_takes_more_to_decode_has_a_lower_limit(file_format, mode, tmp_path, measured):
    _scene(mode, (6_532, 4_900)).save(tmp_path / "larger", file_format, quality=1, method=0)
    told = measured(tmp_path / "larger")
    assert told["verdicts"] == ["too_many_pixels"]
    assert told["mb"] <= REFUSED_MB


def _scene(mode: str, size: tuple[int, int]) -> Image.Image:
    """Flat in large tiles, so that it is coded in seconds and in little."""
    tiles = Image.radial_gradient("L").resize((20, 15)).resize(size, Image.Resampling.NEAREST)
    return Image.merge("RGBA", [tiles] * 4) if mode == "RGBA" else tiles.convert(mode)
