"""The gate: content decides, and what passes comes out upright, in sRGB, on white, and bare."""

import io
import struct
import zlib

import pytest
from django.conf import settings
from PIL import Image

from rooms import images
from rooms.errors import FileTooLarge, InvalidImage, NoFile, TooManyPixels, UnsupportedType
from rooms.pixels import rendering
from rooms.tests.conftest import picture

FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
RED, BLUE = (200, 30, 30), (30, 30, 200)


def process(content: bytes) -> images.ProcessedImage:
    return images.process(io.BytesIO(content))


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def saved(image: Image.Image, file_format: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def near(colour: tuple[int, ...], other: tuple[int, ...], by: int = 12) -> bool:
    return all(abs(one - two) <= by for one, two in zip(colour, other, strict=True))


def padded(content: bytes, size_bytes: int) -> bytes:
    """The same picture in just so many bytes, by comment segments (JPEG) or a private chunk (PNG)."""
    missing = size_bytes - len(content)
    if content.startswith(b"\x89PNG"):
        body = b"prIv" + bytes(missing - 12)
        chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
        end = content.rindex(b"IEND") - 4
        return content[:end] + chunk + content[end:]
    segments = b""
    while missing:
        length = missing if missing <= 65_537 else min(65_537, missing - 4)
        segments += b"\xff\xfe" + struct.pack(">H", length - 2) + bytes(length - 4)
        missing -= length
    return content[:2] + segments + content[2:]


# --- what passes ------------------------------------------------------------------------


@pytest.mark.parametrize("file_format", FORMATS)
def test_four_formats_become_a_jpeg_with_webp_versions(file_format):
    photo = process(picture((2000, 1000), file_format))
    assert (opened(photo.master).format, opened(photo.master).size) == ("JPEG", (2000, 1000))
    assert (photo.width_px, photo.height_px) == (2000, 1000)
    sizes = {side: (opened(data).format, opened(data).size) for side, data in photo.versions.items()}
    assert sizes == {320: ("WEBP", (320, 160)), 640: ("WEBP", (640, 320)), 1280: ("WEBP", (1280, 640))}


def test_longest_side_is_the_settings(settings):
    assert max(opened(process(picture((3000, 400))).master).size) == 2880
    settings.ROOM_PHOTO_MAX_SIDE = 100
    assert opened(process(picture((300, 200))).master).size == (100, 67)


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1)])
def test_odd_shape_passes(size):
    photo = process(picture(size))
    assert min(opened(photo.master).size) == 1
    assert all(min(opened(data).size) == 1 for data in photo.versions.values())


def test_small_photo_is_not_enlarged():
    photo = process(picture((40, 30)))
    assert {opened(data).size for data in (photo.master, *photo.versions.values())} == {(40, 30)}


@pytest.mark.parametrize(("extra_bytes", "passes"), [(-1, True), (0, True), (1, False)])
@pytest.mark.parametrize("file_format", ["JPEG", "PNG"])
def test_byte_limit_is_inclusive(file_format, extra_bytes, passes):
    content = padded(picture(file_format=file_format), settings.ROOM_PHOTO_MAX_BYTES + extra_bytes)
    assert len(content) == settings.ROOM_PHOTO_MAX_BYTES + extra_bytes
    if passes:
        assert process(content).width_px == 64
    else:
        with pytest.raises(FileTooLarge, match=r"5[.,]0"):
            process(content)


def test_own_output_passes_again_and_does_not_grow():
    master = process(picture((600, 400))).master
    size_bytes = len(master)
    for _round in range(5):
        master = process(master).master
    assert abs(len(master) - size_bytes) <= size_bytes / 20


def test_animation_keeps_its_first_frame_and_says_so():
    frames = [Image.new("RGB", (40, 30), colour) for colour in (RED, BLUE)]
    photo = process(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert near(opened(photo.master).getpixel((20, 15)), RED)
    assert photo.notice
    assert process(picture()).notice is None


# --- what does not ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"x",
        b"<html></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"BM" * 40,
        b"II*\x00" + bytes(40),
        b"8BPS" + bytes(40),
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"AT&TFORM" + bytes(40),
    ],
)
def test_other_content_is_unsupported(content):
    with pytest.raises(UnsupportedType):
        process(content)


def test_iphone_photo_is_told_what_to_do():
    with pytest.raises(UnsupportedType, match="iPhone"):
        process(b"\x00\x00\x00\x18ftypheic" + bytes(40))


def test_nothing_is_no_file():
    with pytest.raises(NoFile):
        process(b"")


@pytest.mark.parametrize("percent", [0, 10, 50, 90])
@pytest.mark.parametrize("file_format", FORMATS)
def test_truncated_file_is_invalid(file_format, percent):
    noise = Image.effect_noise((300, 200), 80).convert("RGB")
    content = saved(noise, file_format)
    with pytest.raises(InvalidImage):
        process(content[: max(12, len(content) * percent // 100)])


def _png_header(width: int, height: int) -> bytes:
    chunks = [
        b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0),
        b"IDAT" + zlib.compress(bytes(40)),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks
    )


def _webp_header(width: int, height: int) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return (
        b"RIFF" + struct.pack("<I", 40) + b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + sides + bytes(20)
    )


@pytest.mark.parametrize(
    ("content", "megapixels"),
    [
        (_png_header(50_000, 50_000), "50"),
        (_png_header(2**31 - 1, 2**31 - 1), "50"),
        (_webp_header(16_384, 16_384), "32"),
        (
            b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + bytes(3) + b",\0\0\0\0\xff\xff\xff\xff\0\2\0;",
            "50",
        ),
    ],
    ids=["png", "png-largest", "webp", "gif"],
)
def test_pixel_bomb_is_refused_by_its_header(content, megapixels):
    with pytest.raises(TooManyPixels, match=megapixels):
        process(content)


def test_pixel_limit_is_inclusive(settings):
    settings.ROOM_PHOTO_MAX_PIXELS = 64 * 48
    assert process(picture((64, 48))).width_px == 64
    with pytest.raises(TooManyPixels):
        process(picture((64, 49)))


# --- measuring what is stored already ---------------------------------------------------


def test_measure_reads_the_upright_size():
    exif = Image.Exif()
    exif[rendering.EXIF_ORIENTATION] = 6
    assert images.measure(io.BytesIO(picture((60, 40), exif=exif))) == (40, 60)
    assert images.measure(io.BytesIO(picture((60, 40)))) == (60, 40)


@pytest.mark.parametrize("content", [b"", b"no picture", picture()[:20]])
def test_measure_of_an_unreadable_file_is_none(content):
    assert images.measure(io.BytesIO(content)) is None
