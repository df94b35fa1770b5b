"""How Pillow's decoders take less memory and time than they would by themselves, and how one is stopped.

Which files they get is decided in `images`; what becomes of the pixels, in `geometry` and `colours`.
"""

import contextlib
import io
import secrets
import time
from typing import IO, Final, cast

from PIL import Image, WebPImagePlugin

# Ten times what the costliest picture takes that passes the other checks. Time spent waiting for a processor
# does not count, so that a busy machine refuses nothing.
MOST_CPU_S: Final = 20.0


def decode(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The pixels of a picture that was just opened, to be shrunk to `size` (width and height) or left alone.

    May be smaller than the file says, but never than `size`. Raises whatever Pillow raises.
    """
    if isinstance(image, WebPImagePlugin.WebPImageFile):
        return _first_frame(image)
    # Of a JPEG at least twice as large, this reads a half, a quarter or an eighth; others ignore it.
    image.draft("RGB", size)
    image.load()
    return image


def _first_frame(image: WebPImagePlugin.WebPImageFile) -> Image.Image:
    """In RGBX or RGBA, without the copy that `load` makes; `image` cannot be used any more.

    At the most 12 bytes a pixel: two of the decoder's pictures, which go at once, and ours.
    """
    pixels = image._get_next()[0]
    del image._decoder
    return Image.frombuffer(image.rawmode, image.size, pixels, "raw", image.rawmode, 0, 1)


def needs_all(jpeg: bytes) -> bool:
    """Whether a plain JPEG's last bytes before its end are pixels, and nothing hides behind these.

    Decoded without its last byte and the end mark, the last rows must be missing. Decoders look eight bytes
    ahead, so that so few may still be there.
    """
    with Image.open(io.BytesIO(jpeg[:-3]), formats=["JPEG"]) as image:
        image.draft(image.mode, (1, 1))  # coefficients are all read, and few pixels are made of them
        untouched = secrets.token_bytes(len(image.getbands()) * image.width)
        canvas = Image.new(image.mode, image.size)
        last_row = (0, image.height - 1, image.width, image.height)
        canvas.paste(Image.frombytes(image.mode, (image.width, 1), untouched), last_row)
        image.im = canvas.im
        with contextlib.suppress(OSError):  # "truncated", as it is
            image.load()
            return False
        return canvas.crop(last_row).tobytes() == untouched


class TooMuchWorkError(Exception):
    """A picture has taken more processor time than any photo does."""


class Budget:
    """What is left to the picture that this thread works on, from now on."""

    def __init__(self) -> None:
        self._end_s = time.thread_time() + MOST_CPU_S

    def check(self) -> None:
        """Raises `TooMuchWorkError` where nothing is left."""
        if time.thread_time() > self._end_s:
            raise TooMuchWorkError


def watched(file: IO[bytes], budget: Budget) -> IO[bytes]:
    """The file, whose reader is stopped when the budget is spent: decoders read as they go on."""
    return cast("IO[bytes]", _Watched(file, budget))


class _Watched(io.RawIOBase):
    """Has what Pillow uses of a file."""

    def __init__(self, file: IO[bytes], budget: Budget) -> None:
        self._file, self._budget = file, budget

    def read(self, size: int = -1, /) -> bytes:
        self._budget.check()
        return self._file.read(size)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()
