"""From bytes to a normalised photo: the one gate every photo passes, whatever door it came through.

`admit` judges the content (never the name or the type a client claims) and makes the
four files we keep: an upright sRGB JPEG without metadata and three smaller WebP versions.
No ORM, no storage and no HTTP here.
"""

import io
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Final

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms

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

JPEG_QUALITY: Final = 82
WEBP_QUALITY: Final = 80
# Method 2 costs half of method 4 and a thirtieth more bytes (bench/).
WEBP_METHOD: Final = 2
WHITE: Final = (255, 255, 255)
EXIF_ORIENTATION: Final = 0x0112
HEAD_BYTES: Final = 32
CONTENT_TYPES: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
# What iPhones write (HEIC) and their relatives: refused, but with words that help.
HEIF_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")

FIRST_FRAME_NOTICE: Final = _("This file is animated: its first image was kept.")
HEIC_TEXT: Final = _(
    "This is a HEIC photo, which booking sites cannot show. On the iPhone choose Settings, Camera, "
    "Formats, Most Compatible, or send the photo to yourself by e-mail to get a JPEG."
)

# We check the pixel count ourselves before anything is decoded; Pillow's own limit only warns.
Image.MAX_IMAGE_PIXELS = None
# Decoding is what costs memory: no more at once than there are processors, whatever the thread count.
_decoders = threading.BoundedSemaphore(os.cpu_count() or 1)
_SRGB = ImageCms.createProfile("sRGB")
# By mode of the decoded image: the colour space its profile must speak of to mean anything.
_PROFILE_SPACES: Final = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}
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


def sniff(head: bytes) -> str | None:
    """The format that the first bytes show ("JPEG", "PNG", "GIF" or "WEBP"), else None."""
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    return None


def admit(content: IO[bytes]) -> Photo:
    """Judges `content` by the limits in force and returns the photo as it is kept.

    Raises `NoFile`, `FileTooLarge`, `UnsupportedType`, `InvalidImage` or `TooManyPixels`;
    changes nothing but the position of `content`.
    """
    refuse_size(content.seek(0, io.SEEK_END))
    return normalise(
        content,
        max_side_px=limits.photo_max_side_px(),
        max_pixels=limits.photo_max_pixels(),
        version_sides_px=limits.VERSION_SIDES_PX,
    )


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
        master = _shrunk(_opaque(image), max_side_px)
        master = _upright(_srgb(master, profile), orientation)
        return Photo(
            master=_encoded(master, "JPEG", quality=JPEG_QUALITY),
            width_px=master.width,
            height_px=master.height,
            versions=_versions(master, version_sides_px),
            notice=FIRST_FRAME_NOTICE if is_animated else None,
        )


def measure(content: IO[bytes]) -> tuple[int, int] | None:
    """Width and height in pixels of a file that is stored already, from its header; None if unreadable."""
    try:
        with _opened(content, max_pixels=2**62) as (image, header):
            turned = _orientation(image) in _SIDEWAYS
    except PhotoError:
        return None
    size = (header.width_px, header.height_px)
    return size[::-1] if turned else size


@contextmanager
def _opened(content: IO[bytes], *, max_pixels: int) -> Iterator[tuple[Image.Image, Header]]:
    """The one boundary behind which Pillow may fail: whatever it raises becomes `InvalidImage`."""
    content.seek(0)
    head = content.read(HEAD_BYTES)
    if not head:
        raise NoFile
    true_format = sniff(head)
    if true_format is None:
        raise UnsupportedType(HEIC_TEXT if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS else None)
    _refuse_pixels(*_webp_canvas(head), max_pixels)
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


def _webp_canvas(head: bytes) -> tuple[int, int]:
    """Width and height a WebP header claims, else 0 x 0. Pillow allocates the whole canvas on opening."""
    match head[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
        case b"VP8L":
            bits = int.from_bytes(head[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            sides = int.from_bytes(head[26:28], "little"), int.from_bytes(head[28:30], "little")
            return sides[0] & 0x3FFF, sides[1] & 0x3FFF
    return 0, 0


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 where it is absent, impossible or unreadable."""
    try:
        value = image.getexif().get(EXIF_ORIENTATION, 1)
    except Exception:  # a broken EXIF block is no reason to refuse the pixels
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _opaque(image: Image.Image) -> Image.Image:
    """The picture in RGB, L or CMYK, transparency laid on white."""
    if image.mode.startswith("I"):
        # 16 bits a sample: scale, because convert() would clip everything above 255 to white.
        return image.point(lambda value: value * (1 / 257)).convert("L")
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        layer = image.convert("RGBA")
        background = Image.new("RGB", layer.size, WHITE)
        background.paste(layer, mask=layer.getchannel("A"))
        return background
    return image if image.mode in _PROFILE_SPACES else image.convert("RGB")


def _shrunk(image: Image.Image, max_side_px: int) -> Image.Image:
    scale = max_side_px / max(image.size)
    if scale >= 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)


def _srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture in sRGB. A profile that is broken or speaks of another colour space is ignored."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if source.profile.xcolor_space.strip() == _PROFILE_SPACES[image.mode] and not _is_srgb(source):
                converted = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
                return converted or image
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
    return image if image.mode == "RGB" else image.convert("RGB")


def _is_srgb(profile: ImageCms.ImageCmsProfile) -> bool:
    return "srgb" in (profile.profile.profile_description or "").lower()


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    return image.transpose(_TRANSPOSITIONS[orientation]) if orientation in _TRANSPOSITIONS else image


def _versions(master: Image.Image, sides_px: tuple[int, ...]) -> dict[int, bytes]:
    """Each smaller version is made from the next larger one, which costs a fifth of three full resizes."""
    versions: dict[int, bytes] = {}
    image = master
    for side_px in sorted(sides_px, reverse=True):
        exact_half = max(image.size) == 2 * side_px and not (image.width % 2 or image.height % 2)
        image = image.reduce(2) if exact_half else _shrunk(image, side_px)
        versions[side_px] = _encoded(image, "WEBP", quality=WEBP_QUALITY, method=WEBP_METHOD)
    return versions


def _encoded(image: Image.Image, file_format: str, **options: int) -> bytes:
    # A bare copy of the pixels: nothing that came with the file can be written out again.
    image.info = {}
    buffer = io.BytesIO()
    image.save(buffer, file_format, exif=b"", icc_profile=None, **options)
    return buffer.getvalue()
