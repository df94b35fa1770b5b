"""Mutated files at the gate: it admits a sound photo or raises a `PhotoError`, whatever the bytes.

A short, always equal run in the suite; `make fuzz` runs it for minutes with new files.
"""

import io
import os
import random
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from rooms import images
from rooms.errors import PhotoError

FUZZ_EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
KINDS = (
    "baseline",
    "progressive",
    "cmyk",
    "exif",
    "png",
    "palette",
    "16 bit",
    "apng",
    "gif",
    "webp",
    "lossless",
)


@cache
def _seed(kind: str) -> bytes:
    """A small valid file of each kind of coding the decoders know."""
    noise = random.Random(kind).randbytes(48 * 36 * 3)
    image = Image.frombytes("RGB", (48, 36), noise)
    exif = Image.Exif()
    exif[0x0112] = 6
    file_format, picture, options = {
        "baseline": ("JPEG", image, {}),
        "progressive": ("JPEG", image, {"progressive": True, "comment": b"x" * 50}),
        "cmyk": ("JPEG", image.convert("CMYK"), {}),
        "exif": ("JPEG", image, {"exif": exif, "icc_profile": b"\0" * 200}),
        "png": ("PNG", image.convert("RGBA"), {"exif": exif}),
        "palette": ("PNG", image.quantize(16), {"transparency": 3}),
        "16 bit": ("PNG", Image.frombytes("I;16", (24, 18), noise[: 24 * 18 * 2]), {}),
        "apng": ("PNG", image, {"save_all": True, "append_images": [image.rotate(90)]}),
        "gif": ("GIF", image.quantize(8), {"save_all": True, "append_images": [image.quantize(4)]}),
        "webp": ("WEBP", image, {"exif": exif}),
        "lossless": ("WEBP", image.convert("RGBA"), {"lossless": True}),
    }[kind]
    buffer = io.BytesIO()
    picture.save(buffer, file_format, **options)
    return buffer.getvalue()


@st.composite
def mutated_files(draw: st.DrawFn) -> bytes:
    """A valid file after one to eight cuts, overwrites, insertions or repeats."""
    data = bytearray(_seed(draw(st.sampled_from(KINDS))))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        match draw(st.sampled_from(("overwrite", "insert", "delete", "repeat", "cut"))):
            case "overwrite":
                patch = draw(st.binary(min_size=1, max_size=8))
                data[at : at + len(patch)] = patch
            case "insert":
                data[at:at] = draw(st.binary(min_size=1, max_size=8))
            case "delete":
                del data[at : at + draw(st.integers(1, 64))]
            case "repeat":
                data[at:at] = data[at : at + draw(st.integers(1, 64))]
            case "cut":
                del data[max(at, 16) :]
    return bytes(data)


@pytest.mark.parametrize("kind", KINDS)
def test_every_seed_is_accepted(kind: str) -> None:
    assert images.process(io.BytesIO(_seed(kind))).master


@settings(
    max_examples=FUZZ_EXAMPLES or 300,
    derandomize=not FUZZ_EXAMPLES,
    database=None,
    deadline=3000,
    suppress_health_check=list(HealthCheck),
)
@given(mutated_files())
def test_gate_accepts_or_refuses_and_nothing_else(data: bytes) -> None:
    try:
        photo = images.process(io.BytesIO(data))
    except PhotoError:
        return
    with Image.open(io.BytesIO(photo.master), formats=["JPEG"]) as master:
        master.load()
        assert master.size == (photo.width_px, photo.height_px)
        assert not {"exif", "icc_profile", "comment", "xmp", "photoshop"} & set(master.info)
