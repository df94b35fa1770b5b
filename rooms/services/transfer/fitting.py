"""A photo as a booking channel accepts it: a JPEG within the channel's limits of pixels and bytes."""

import io
import time
from typing import Final

from django.conf import settings

from rooms import images, limits
from rooms.errors import StorageUnavailable
from rooms.models import Channel
from rooms.pixels import formats

# Each step leaves two thirds of the pixels.
STEP: Final = 0.8
LEAST_SIDE_PX: Final = 320
TRIES: Final = 30


def fit(content: bytes, channel: Channel, wait: images.Wait = images.NOBODYS) -> bytes:
    """`content` as it is where it fits `channel`; else coded anew, smaller until it does.

    Raises as `images.normalise` does.
    """
    size = images.measure(io.BytesIO(content))
    longest_px = max(size) if size else limits.MAX_SIDE_PX
    side_px = min(channel.recommended_side or longest_px, longest_px)
    is_jpeg = formats.sniff(content[: formats.HEAD_BYTES]) == "JPEG"
    if is_jpeg and side_px == longest_px and not _is_too_heavy(content, channel):
        return content
    fitted = _coded(content, side_px, wait)
    while _is_too_heavy(fitted, channel) and side_px > LEAST_SIDE_PX:
        side_px = max(LEAST_SIDE_PX, int(side_px * STEP))
        fitted = _coded(content, side_px, wait)
    return fitted


def _is_too_heavy(content: bytes, channel: Channel) -> bool:
    return bool(channel.max_bytes) and len(content) > channel.max_bytes


def _coded(content: bytes, side_px: int, wait: images.Wait) -> bytes:
    """Uploads come first: where too many of them wait, it comes again."""
    for left in reversed(range(TRIES)):
        try:
            return images.normalise(
                io.BytesIO(content),
                max_side_px=side_px,
                max_pixels=settings.ROOM_PHOTO_MAX_PIXELS,
                version_sides_px=limits.VERSION_SIDES_PX[:1],  # its metrics are measured on a small one
                wait=wait,
            ).master
        except StorageUnavailable as error:
            if not left:
                raise
            time.sleep(error.retry_after_s or 1)
    raise StorageUnavailable
