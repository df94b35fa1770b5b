"""From bytes to a normalised photo: the one gate every photo passes, whatever door it came through.

`admit` judges the content (never the name or the type a client claims) and makes the
four files we keep: an upright sRGB JPEG without metadata and three smaller WebP versions.
No ORM, no storage and no HTTP here.
"""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Final

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from PIL import Image

from rooms import limits
from rooms.errors import (
    FileTooLarge,
    InvalidImage,
    NoFile,
    PhotoError,
    Text,
    TooManyPixels,
    UnsupportedType,
)
from rooms.pixels import colours, formats, jpeg

JPEG_QUALITY: Final = 82
WEBP_QUALITY: Final = 80
# Method 2 costs half of method 4 and a thirtieth more bytes (bench/).
WEBP_METHOD: Final = 2
# Two thirds of BICUBIC's time; 46 dB and more from a Lanczos resize, which JPEG at 82 is far below.
FILTER: Final = Image.Resampling.HAMMING
# Rows of a large picture that are laid on white at a time: a few megabytes.
STRIP_ROWS: Final = 128
EXIF_ORIENTATION: Final = 0x0112
# A JPEG that needs no change keeps its coded pixels, unless it was coded so richly that ours saves much.
RICH_BYTES_A_PIXEL: Final = 0.75
PLAIN_JPEG_BYTES: Final = 16_384

FIRST_FRAME_NOTICE: Final = _("This file is animated: its first image was kept.")
HEIC_TEXT: Final = _(
    "This is a HEIC photo, which booking sites cannot show. On the iPhone choose Settings, Camera, "
    "Formats, Most Compatible, or send the photo to yourself by e-mail to get a JPEG."
)

# We check the pixel count ourselves before anything is decoded; Pillow's own limit only warns.
Image.MAX_IMAGE_PIXELS = None
# Decoding is what costs memory: no more at once than there are processors, whatever the thread count.
_decoders = threading.BoundedSemaphore(limits.decodes_at_once())
# What makes each EXIF orientation upright; 1 is upright already.
_TRANSPOSITIONS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS: Final = (5, 6, 7, 8)


@dataclass(frozen=True)
class Header:
    """What the first bytes of a file say: its true format and its size in pixels."""

    format: str
    width_px: int
    height_px: int


@dataclass(frozen=True)
class Photo:
    """A photo as it is kept: the master (JPEG) and its smaller versions (WebP) by longest side in pixels."""

    master: bytes
    width_px: int
    height_px: int
    versions: dict[int, bytes] = field(default_factory=dict)
    notice: Text | None = None


def admit(content: IO[bytes]) -> Photo:
    """Judges `content` by the limits in force and returns the photo as it is kept.

    Raises `NoFile`, `FileTooLarge`, `UnsupportedType`, `InvalidImage` or `TooManyPixels`;
    changes nothing but the position of `content`.
    """
    refuse_size(content.seek(0, io.SEEK_END))
    return _by_limits(content)


def refuse_size(size_bytes: int) -> None:
    """Raises `NoFile` for an empty file and `FileTooLarge` for one over the limit."""
    if not size_bytes:
        raise NoFile
    if size_bytes > limits.photo_max_bytes():
        raise FileTooLarge(limit=filesizeformat(limits.photo_max_bytes()))


def normalise(
    content: IO[bytes], *, max_side_px: int, max_pixels: int, version_sides_px: tuple[int, ...]
) -> Photo:
    """The photo as it is kept: upright, sRGB, on white, no metadata, longest side at most `max_side_px`.

    Raises `NoFile`, `UnsupportedType`, `InvalidImage` or `TooManyPixels`.
    """
    with _decoders, _opened(content, max_pixels=max_pixels) as (image, header):
        is_animated = header.format != "JPEG" and getattr(image, "is_animated", False)
        image.draft("RGB", (max_side_px, max_side_px))
        image.load()  # before any look at the metadata, which may come after the pixels
        orientation, profile = _orientation(image), image.info.get("icc_profile")
        keeps_pixels = orientation == 1 and max(image.size) <= max_side_px
        coded = _coded_pixels(content, image, profile) if keeps_pixels else None
        master = _master(image, _fit(image.size, max_side_px))
        master = _upright(colours.srgb(master, profile), orientation)
        return Photo(
            master=coded or _encoded(master, "JPEG", quality=JPEG_QUALITY),
            width_px=master.width,
            height_px=master.height,
            versions=_versions(master, version_sides_px),
            notice=FIRST_FRAME_NOTICE if is_animated else None,
        )


def shrink(content: IO[bytes]) -> dict[int, bytes]:
    """The smaller versions of a file that is stored already, by longest side in pixels.

    It passed the gate once, or came before there was one: of the limits only that of pixels holds.
    Raises `NoFile`, `UnsupportedType`, `InvalidImage` or `TooManyPixels`.
    """
    return _by_limits(content).versions


def measure(content: IO[bytes]) -> tuple[int, int] | None:
    """Width and height in pixels of a file that is stored already, from its header; None if unreadable."""
    try:
        with _opened(content, max_pixels=2**62) as (image, header):
            turned = _orientation(image) in _SIDEWAYS
    except PhotoError:
        return None
    size = (header.width_px, header.height_px)
    return size[::-1] if turned else size


def _by_limits(content: IO[bytes]) -> Photo:
    return normalise(
        content,
        max_side_px=limits.photo_max_side_px(),
        max_pixels=limits.photo_max_pixels(),
        version_sides_px=limits.VERSION_SIDES_PX,
    )


@contextmanager
def _opened(content: IO[bytes], *, max_pixels: int) -> Iterator[tuple[Image.Image, Header]]:
    """The one boundary behind which Pillow may fail: whatever it raises becomes `InvalidImage`."""
    content.seek(0)
    head = content.read(formats.HEAD_BYTES)
    if not head:
        raise NoFile
    true_format = formats.sniff(head)
    if true_format is None:
        raise UnsupportedType(HEIC_TEXT if formats.is_heif(head) else None)
    # Pillow allocates a WebP's whole canvas when it opens one: look first.
    _refuse_pixels(*formats.webp_canvas(head), max_pixels)
    try:
        content.seek(0)
        # The decoder allow-list. A phone's multi-picture JPEG opens as "MPO": it is a JPEG all the same.
        with Image.open(content, formats=[true_format]) as image:
            _refuse_pixels(*image.size, max_pixels)
            yield image, Header(true_format, *image.size)
    except PhotoError:
        raise
    except Exception as error:  # OSError, ValueError, SyntaxError, IndexError, struct.error, MemoryError, ...
        raise InvalidImage from error


def _refuse_pixels(width_px: int, height_px: int, max_pixels: int) -> None:
    if width_px * height_px > max_pixels:
        raise TooManyPixels(limit=max_pixels // 1_000_000)


def _coded_pixels(content: IO[bytes], image: Image.Image, profile: bytes | None) -> bytes | None:
    """The file without its metadata, where it is an sRGB JPEG of reasonable size; else None.

    So a second passage, of our own output say, costs no second loss.
    """
    if image.format not in ("JPEG", "MPO") or not colours.is_srgb(image.mode, profile):
        return None
    content.seek(0)
    coded = jpeg.strip(content.read())
    most_bytes = image.width * image.height * RICH_BYTES_A_PIXEL + PLAIN_JPEG_BYTES
    return coded if coded and len(coded) <= most_bytes else None


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 where it is absent, impossible or unreadable."""
    try:
        value = image.getexif().get(EXIF_ORIENTATION, 1)
    except Exception:  # a broken EXIF block is no reason to refuse the pixels
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _master(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The decoded picture on white, in `size`.

    Shrunk one direction at a time, which is what Pillow does inside, to the bit: so that what was
    decoded can go in between, and no more than two large pictures are ever in memory.
    """
    if image.size == size:
        return colours.opaque(image)
    narrow = _narrowed(image, size[0])
    Image.Image.close(image)  # the base class's lets go of the pixels and leaves the upload's file open
    return narrow.resize(size, FILTER)


def _narrowed(image: Image.Image, width_px: int) -> Image.Image:
    """The picture on white, as high as before.

    What must be laid on white first is so in strips, as each step of it needs another copy: no row
    knows of another one, so this too is to the bit what it would be at once.
    """
    if colours.is_opaque(image):
        return image.resize((width_px, image.height), FILTER)
    mode = colours.opaque(image.crop((0, 0, 1, 1))).mode
    narrow = Image.new(mode, (width_px, image.height))
    for top in range(0, image.height, STRIP_ROWS):
        bottom = min(top + STRIP_ROWS, image.height)
        strip = colours.opaque(image.crop((0, top, image.width, bottom)))
        narrow.paste(strip.resize((width_px, strip.height), FILTER), (0, top))
    return narrow


def _shrunk(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """A master in a smaller `size`."""
    if image.size == size:
        return image
    if image.size == (2 * size[0], 2 * size[1]):
        return image.reduce(2)  # ten times as fast
    return image.resize(size, FILTER)


def _fit(size: tuple[int, int], side_px: int) -> tuple[int, int]:
    """Width and height of a picture of `size` whose longest side is to be `side_px` at most."""
    scale = min(1.0, side_px / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    return image.transpose(_TRANSPOSITIONS[orientation]) if orientation in _TRANSPOSITIONS else image


def _versions(master: Image.Image, sides_px: tuple[int, ...]) -> dict[int, bytes]:
    """Each smaller version is made from the next larger one, which costs a fifth of three full resizes."""
    versions: dict[int, bytes] = {}
    image = master
    for side_px in sorted(sides_px, reverse=True):
        image = _shrunk(image, _fit(master.size, side_px))
        versions[side_px] = _encoded(image, "WEBP", quality=WEBP_QUALITY, method=WEBP_METHOD)
    return versions


def _encoded(image: Image.Image, file_format: str, **options: int) -> bytes:
    # A bare copy of the pixels: nothing that came with the file can be written out again.
    image.info = {}
    buffer = io.BytesIO()
    image.save(buffer, file_format, exif=b"", icc_profile=None, **options)
    return buffer.getvalue()
