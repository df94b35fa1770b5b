"""From bytes to a normalised photo: the one gate that every photo passes.

`process` judges the content (never the name or the type a client claims) and makes the
four files we keep: an upright sRGB JPEG without metadata and three smaller WebP versions.
No ORM, no storage and no HTTP here.
"""

import functools
import io
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Final

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from PIL import Image

from rooms import limits
from rooms.errors import (
    Busy,
    FileTooLarge,
    InvalidImage,
    NoFile,
    PhotoError,
    StorageUnavailable,
    Text,
    TooManyPixels,
    UnsupportedType,
)
from rooms.pixels import decoding, formats, rendering

JPEG_QUALITY: Final = 82
WEBP_QUALITY: Final = 80
# Method 2 costs half of method 4 and a thirtieth more bytes (bench/).
WEBP_METHOD: Final = 2
# A JPEG that needs no change keeps its coded pixels, unless it was coded so richly that ours saves much.
RICH_BYTES_A_PIXEL: Final = 0.75
PLAIN_JPEG_BYTES: Final = 16_384

FIRST_FRAME_NOTICE: Final = _("This file is animated: its first image was kept.")
HEIC_TEXT: Final = _(
    "This is a HEIC photo, which booking sites cannot show. On the iPhone choose Settings, Camera, "
    "Formats, Most Compatible, or send the photo to yourself by e-mail to get a JPEG."
)
TOO_LONG_TEXT: Final = _("This photo is too long: at most %(limit)s pixels a side. Crop it, then try again.")

# We check the pixel count ourselves before anything is decoded; Pillow's own limit only warns.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True)
class Header:
    """What the first bytes of a file say: its true format and its size in pixels."""

    format: str
    width_px: int
    height_px: int


@dataclass(frozen=True)
class ProcessedImage:
    """A photo as it is kept: the master (JPEG) and its smaller versions (WebP) by longest side in pixels."""

    master: bytes
    width_px: int
    height_px: int
    metrics: rendering.ImageMetrics
    versions: dict[int, bytes] = field(default_factory=dict)
    notice: Text | None = None


@dataclass(frozen=True)
class Wait:
    """How a picture waits until it is decoded.

    `whose` identifies an owner, and owners take turns. Whoever had to wait calls `look_again` before any
    pixel is decoded: it raises where the photo is not wanted any more.
    """

    whose: Hashable = None
    look_again: Callable[[], None] | None = None


NOBODYS: Final = Wait()


def process(content: IO[bytes], *, wait: Wait = NOBODYS) -> ProcessedImage:
    """Judges `content` by the limits in force and returns the photo as it is kept.

    Raises `NoFile`, `FileTooLarge`, `UnsupportedType`, `InvalidImage` or `TooManyPixels`,
    `StorageUnavailable` without memory, `Busy` with too many waiting, and what `wait` raises; changes nothing
    but the position of `content`.
    """
    refuse_size(content.seek(0, io.SEEK_END))
    return _by_limits(content, wait=wait)


def refuse_size(size_bytes: int) -> None:
    """Raises `NoFile` for an empty file and `FileTooLarge` for one over the limit."""
    if not size_bytes:
        raise NoFile
    if size_bytes > settings.ROOM_PHOTO_MAX_BYTES:
        raise FileTooLarge(limit=filesizeformat(settings.ROOM_PHOTO_MAX_BYTES))


def normalise(
    content: IO[bytes],
    *,
    max_side_px: int,
    max_pixels: int,
    version_sides_px: tuple[int, ...],
    quarter_turns: int = 0,
    wait: Wait = NOBODYS,
) -> ProcessedImage:
    """The photo as it is kept: upright, sRGB, on white, no metadata, longest side at most `max_side_px`.

    Once upright it is turned clockwise by `quarter_turns` (0 to 3).
    Raises as `process` does, but for the size in bytes. Waits for its turn: decoding is what costs memory,
    so no more at once than there are processors, however many requests there are.
    """
    stages = functools.partial(_normalise, content, max_side_px, max_pixels, version_sides_px, quarter_turns)
    try:
        return decoding.run(stages, limits.decodes_at_once(), wait.whose, wait.look_again)
    except decoding.TooManyWaiting as error:
        raise Busy from error


def _normalise(
    content: IO[bytes],
    max_side_px: int,
    max_pixels: int,
    version_sides_px: tuple[int, ...],
    quarter_turns: int,
) -> ProcessedImage:
    budget = decoding.Budget()
    with _opened(content, budget, max_pixels=max_pixels) as (image, header):
        is_animated = header.format != "JPEG" and getattr(image, "is_animated", False)
        size = rendering.fit(image.size, max_side_px)
        pixels = decoding.decode(image, size)  # before any look at the metadata, which may come after them
        orientation = rendering.read_orientation(image)
        is_upright = orientation == rendering.UPRIGHT and not quarter_turns
        keeps_pixels = is_upright and size == (header.width_px, header.height_px)
        master = rendering.resized_on_white(pixels, size)
        conversion = rendering.find_conversion(master.mode, image.info)
        coded = _coded_pixels(content, image) if keeps_pixels and conversion is None else None
        budget.check()
        master = rendering.to_srgb(master, conversion)
        master = rendering.rotate(rendering.apply_orientation(master, orientation), quarter_turns)
        budget.check()
        versions, smallest = _versions(master, version_sides_px)
        budget.check()
        return ProcessedImage(
            master=coded or _encoded(master, "JPEG", quality=JPEG_QUALITY),
            width_px=master.width,
            height_px=master.height,
            metrics=rendering.measure(smallest),
            versions=versions,
            notice=FIRST_FRAME_NOTICE if is_animated else None,
        )


def reprocess(content: IO[bytes], quarter_turns: int = 0, *, wait: Wait = NOBODYS) -> ProcessedImage:
    """A file that is stored already, rotated clockwise by `quarter_turns` (0 to 3), as a photo of its own.

    It passed the gate once, or came before there was one: of the limits only that of pixels holds.
    Raises as `process` does.
    """
    return _by_limits(content, quarter_turns, wait)


def measure(content: IO[bytes]) -> tuple[int, int] | None:
    """Width and height in pixels of a file that is stored already, from its header; None if unreadable."""
    try:
        with _opened(content, decoding.Budget(), max_pixels=None) as (image, header):
            orientation = rendering.read_orientation(image)
    except PhotoError:
        return None
    return rendering.upright_size((header.width_px, header.height_px), orientation)


def _by_limits(content: IO[bytes], quarter_turns: int = 0, wait: Wait = NOBODYS) -> ProcessedImage:
    return normalise(
        content,
        max_side_px=settings.ROOM_PHOTO_MAX_SIDE,
        max_pixels=settings.ROOM_PHOTO_MAX_PIXELS,
        version_sides_px=limits.VERSION_SIDES_PX,
        quarter_turns=quarter_turns,
        wait=wait,
    )


@contextmanager
def _opened(
    content: IO[bytes], budget: decoding.Budget, *, max_pixels: int | None
) -> Iterator[tuple[Image.Image, Header]]:
    """The one boundary behind which Pillow may fail: whatever it raises becomes `InvalidImage`.

    Without `max_pixels` any size passes, for who reads the header alone.
    """
    content.seek(0)
    head = content.read(formats.HEAD_BYTES)
    if not head:
        raise NoFile
    true_format = formats.sniff(head)
    if true_format is None:
        raise UnsupportedType(HEIC_TEXT if formats.is_heif(head) else None)
    # Pillow allocates a WebP's whole canvas when it opens one: look first.
    _refuse_pixels(formats.webp_canvas(head), max_pixels, is_costly=True)
    try:
        content.seek(0)
        scans = _count_scans(content.read(), true_format)
        content.seek(0)
        # The decoder allow-list. A phone's multi-picture JPEG opens as "MPO": it is a JPEG all the same.
        with Image.open(decoding.watched(content, budget), formats=[true_format]) as image:
            _refuse_pixels(image.size, max_pixels, is_costly=image.mode == "CMYK")
            if scans * image.width * image.height > formats.MOST_SCANNED_PIXELS and max_pixels is not None:
                raise InvalidImage
            yield image, Header(true_format, *image.size)
    except PhotoError:
        raise
    except MemoryError as error:  # not the photo's fault: its size was looked at before
        raise StorageUnavailable from error
    except Exception as error:  # OSError, ValueError, SyntaxError, IndexError, struct.error, ...
        raise InvalidImage from error


def _count_scans(data: bytes, true_format: str) -> int:
    """How often a decoder walks over the pixels.

    Raises `InvalidImage` where the file is built to keep one busy.
    """
    if formats.is_bomb(true_format, data):
        raise InvalidImage
    scans = formats.count_scans(data) if true_format == "JPEG" else 1
    if scans is None:
        raise InvalidImage
    return scans


def _refuse_pixels(size: rendering.Size, max_pixels: int | None, *, is_costly: bool) -> None:
    if max_pixels is None:
        return
    if is_costly:
        max_pixels = min(max_pixels, limits.COSTLY_MAX_PIXELS)
    if size[0] * size[1] > max_pixels:
        raise TooManyPixels(limit=max_pixels // 1_000_000)
    if max(size) > limits.MAX_SIDE_PX:
        raise TooManyPixels(TOO_LONG_TEXT, limit=limits.MAX_SIDE_PX)


def _coded_pixels(content: IO[bytes], image: Image.Image) -> bytes | None:
    """The file of an sRGB picture without its metadata, where it is a plain JPEG of fair size; else None.

    So a second passage, of our own output say, costs no second loss.
    """
    if image.format not in ("JPEG", "MPO") or image.mode == "CMYK":
        return None
    content.seek(0)
    coded = formats.strip(content.read())
    most_bytes = image.width * image.height * RICH_BYTES_A_PIXEL + PLAIN_JPEG_BYTES
    return coded if coded and len(coded) <= most_bytes and decoding.needs_all(coded) else None


def _versions(master: Image.Image, sides_px: tuple[int, ...]) -> tuple[dict[int, bytes], Image.Image]:
    """Each smaller version is made from the next larger one, which costs a fifth of three full resizes.

    Their bytes by longest side in pixels, and the pixels of the smallest.
    """
    versions: dict[int, bytes] = {}
    image = master
    for side_px in sorted(sides_px, reverse=True):
        image = rendering.downscale(image, rendering.fit(master.size, side_px))
        versions[side_px] = _encoded(image, "WEBP", quality=WEBP_QUALITY, method=WEBP_METHOD)
    return versions, image


def _encoded(image: Image.Image, file_format: str, **options: int) -> bytes:
    # A bare copy of the pixels: nothing that came with the file can be written out again.
    image.info = {}
    buffer = io.BytesIO()
    image.save(buffer, file_format, exif=b"", icc_profile=None, **options)
    return buffer.getvalue()
