"""Colours: what we keep looks as lcms shows the original at full size; and there is no loss a second time."""

import io
import math
import random
import struct
import zlib

import pytest
from PIL import Image, ImageCms

from rooms import images
from rooms.tests import icc
from rooms.tests.test_images import opened, saved

SIZE = (800, 600)
# Small enough for grain and the blocks of JPEG to even out: what is left is colour.
LOOK = (40, 30)
SRGB = ImageCms.createProfile("sRGB")
P3 = icc.rgb_profile(icc.DISPLAY_P3, 2.2)
ADOBE = icc.rgb_profile(icc.ADOBE_RGB, 2.2)
GREY = icc.grey_profile(1.8)
CMYK = icc.cmyk_profile()
JPEG = {"quality": 95, "subsampling": 0}


def scene(mode: str) -> Image.Image:
    """Soft shapes in colours from all over the space, with some grain."""
    chance = random.Random(3)
    bands = len(Image.new(mode, (1, 1)).getbands())
    spots = Image.frombytes(mode, (10, 8), chance.randbytes(10 * 8 * bands))
    grain = Image.frombytes(mode, SIZE, chance.randbytes(SIZE[0] * SIZE[1] * bands))
    return Image.blend(spots.resize(SIZE, Image.Resampling.BICUBIC), grain, 0.05)


def png_of_16_bits(image: Image.Image, profile: bytes) -> bytes:
    """`image` (L or RGB) as a PNG of 16 bits a sample, the lower eight at random."""
    colour_type, row_bytes = (0, image.width) if image.mode == "L" else (2, image.width * 3)
    high = image.tobytes()
    samples = bytearray(len(high) * 2)
    samples[::2], samples[1::2] = high, random.Random(1).randbytes(len(high))
    rows = b"".join(
        b"\0" + samples[start : start + 2 * row_bytes] for start in range(0, len(samples), 2 * row_bytes)
    )
    chunks = [
        b"IHDR" + struct.pack(">IIBBBBB", *image.size, 16, colour_type, 0, 0, 0),
        *([b"iCCPtest\0\0" + zlib.compress(profile)] if profile else []),
        b"IDAT" + zlib.compress(rows, 1),
        b"IEND",
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks
    )


def as_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """What lcms makes of it; Pillow's own simple conversion where there is no profile to go by."""
    if not profile:
        return image.convert("RGB")
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    return ImageCms.profileToProfile(image, source, SRGB, outputMode="RGB")


def delta_e(one: Image.Image, other: Image.Image) -> float:
    """The mean distance of two sRGB pictures in CIELAB (CIE76)."""
    to_lab = ImageCms.buildTransform(SRGB, ImageCms.createProfile("LAB"), "RGB", "LAB")
    pixels = []
    for image in (one, other):
        lab = ImageCms.applyTransform(image.resize(LOOK, Image.Resampling.BOX), to_lab)
        light, a, b = (lab.getchannel(name).tobytes() for name in "LAB")
        pixels.append(zip((value / 2.55 for value in light), a, b, strict=True))
    distances = [math.dist(*pair) for pair in zip(*pixels, strict=True)]
    return sum(distances) / len(distances)


@pytest.mark.parametrize(
    ("mode", "profile", "bits", "most"),
    [
        ("RGB", P3, 8, 2),
        ("RGB", ADOBE, 8, 2),
        ("CMYK", CMYK, 8, 5),
        ("CMYK", b"", 8, 5),  # against Pillow's own conversion: nothing says which inks were meant
        ("L", b"", 16, 2),
        ("L", GREY, 16, 2),
        ("RGB", b"", 16, 2),
        ("RGB", P3, 16, 2),
    ],
    ids=["p3", "adobe", "cmyk", "cmyk-bare", "grey16", "grey16-profile", "rgb16", "rgb16-p3"],
)
def test_colours_are_those_of_lcms(mode, profile, bits, most):
    original = scene(mode)
    content = (
        png_of_16_bits(original, profile)
        if bits == 16
        else saved(original, "JPEG", icc_profile=profile, **JPEG)
    )
    photo = images.normalise(
        io.BytesIO(content), max_side_px=400, max_pixels=1_000_000, version_sides_px=(200,)
    )
    expected = as_srgb(original, profile)
    if profile:  # otherwise a photo that is not converted at all would pass
        assert delta_e(original.convert("RGB"), expected) > most
    for name, data in {"master": photo.master, **photo.versions}.items():
        distance = delta_e(opened(data).convert("RGB"), expected)
        print(f"{name}: {distance:.2f}")
        assert distance <= most


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_own_output_loses_nothing_more(mode):
    masters = [saved(scene(mode), "JPEG", **JPEG)]
    for _passage in range(6):
        masters.append(
            images.normalise(
                io.BytesIO(masters[-1]), max_side_px=640, max_pixels=1_000_000, version_sides_px=(320,)
            ).master
        )
    first, *later = masters[1:]
    print([len(master) for master in masters])
    assert all(abs(len(master) - len(first)) < len(first) / 20 for master in later)
    assert {opened(master).tobytes() for master in later} == {opened(first).tobytes()}
