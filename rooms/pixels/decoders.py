"""How to have Pillow's decoders take less memory and time than they would by themselves.

Which files they are let near is `images`' business, what becomes of the pixels `geometry`'s and `colours`'.
"""

import contextlib
import io
import secrets

from PIL import Image, WebPImagePlugin


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
