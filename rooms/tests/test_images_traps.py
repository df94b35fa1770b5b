"""Files of a few megabytes that are small pictures, and built to keep a processor busy for minutes."""

import io
import struct

import pytest
from PIL import Image

from rooms import images
from rooms.errors import InvalidImage, TooManyPixels
from rooms.pixels import formats
from rooms.tests.conftest import picture
from rooms.tests.test_images import process, saved

EXIF_STUB = b"\xff\xe1\0\x0eExif\0\0II*\0\x08\0"
SCAN = b"\xff\xda\0\x08\1\1\0\1\x3f\0\0"
PROGRESSIVE = {"progressive": True, "quality": 50, "subsampling": 0}


def _with_segments(segments: bytes, file_bytes: bytes | None = None) -> bytes:
    content = file_bytes or picture()
    return content[:2] + segments + content[2:]


def _with_scans(number: int) -> bytes:
    """A progressive picture with so many more scans of its first component, each of an almost empty run."""
    content = picture(**PROGRESSIVE)
    return content[:-2] + SCAN * number + content[-2:]


@pytest.mark.parametrize(
    "segments",
    [
        EXIF_STUB * 100_000,
        b"\xff\xe0\0\2" * 100_000,
        b"\xff\xfe\0\3x" * 100_000,
        b"\xff" * 100_000,
        b"\xff\xe0\0\2" + b"\0" * 100_000,
        b"\xff\xd0" * 100_000,
        b"\xff\xd9" + EXIF_STUB * 100_000,
        # A length that decoders do not heed is no place to hide in.
        (b"\xff\xf0\xff\xf0" + EXIF_STUB * 4_000) * 20,
    ],
    ids=["exif", "empty", "comments", "padding", "filler", "restarts", "behind-an-end", "hidden"],
)
def test_jpeg_of_nothing_but_segments_is_refused_before_pillow_reads_it(segments, monkeypatch):
    monkeypatch.setattr(Image, "open", None)
    with pytest.raises(InvalidImage):
        process(_with_segments(segments))


def test_jpeg_of_nothing_but_scans_is_refused_before_pillow_reads_it(monkeypatch):
    assert formats.count_scans(_with_scans(200)) is not None
    monkeypatch.setattr(Image, "open", None)
    with pytest.raises(InvalidImage):
        process(_with_scans(10_000))


def test_file_that_ends_in_padding_is_looked_through_once():
    """Quickly, that is: to look anew from each byte would take hours."""
    assert formats.count_scans(picture()[:-2] + SCAN + b"\xff" * 1_000_000) is not None
    assert formats.strip(picture()[:-2] + SCAN + b"\xff" * 1_000_000) is None


@pytest.mark.parametrize(
    "content",
    [
        picture(),
        picture(**PROGRESSIVE),
        _with_segments(b"\xff\xe1\xff\xff" + bytes(65_533)),
        # Five megabytes of metadata, as a photo with a depth map has; and what Samsung writes behind a photo.
        _with_segments((b"\xff\xe1\xff\xff" + b"http://ns.adobe.com/xmp/extension/\0" + bytes(65_498)) * 79),
        picture() + EXIF_STUB * 100_000,
        picture()[:-2] + b"\xff" * 100 + picture()[-2:],
        picture()[:200],
        b"\xff\xd8\xff",
        b"",
    ],
)
def test_what_cameras_write_is_no_trap(content):
    assert formats.count_scans(content) is not None


def test_no_picture_is_longer_than_a_jpeg_can_be():
    long = saved(Image.new("L", (65_536, 1)))
    with pytest.raises(TooManyPixels, match=r"65535|65.535"):
        process(long)
    assert images.measure(io.BytesIO(long)) == (65_536, 1)


@pytest.mark.parametrize("kind", ["webp", "cmyk"])
def test_what_takes_more_to_decode_names_its_own_limit(kind):
    if kind == "webp":
        sides = (6_531).to_bytes(3, "little") + (4_899).to_bytes(3, "little")
        content = b"RIFF" + struct.pack("<I", 40) + b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + sides
    else:
        small = saved(Image.new("CMYK", (16, 16)), "JPEG")
        frame = small.index(b"\xff\xc0") + 5
        content = small[:frame] + struct.pack(">HH", 4_900, 6_532) + small[frame + 4 :]
    with pytest.raises(TooManyPixels, match="32"):
        process(content)
