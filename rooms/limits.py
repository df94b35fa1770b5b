"""The limits of the product that no operator sets, and those that follow from settings.

Limits an operator may set are the `ROOM_PHOTO_…` settings. Every number says its unit.
"""

from django.conf import settings

from backoffice.gunicorn import available_cpu_count

# What a body may weigh beside its photo: fields and multipart headers are far smaller.
FORM_OVERHEAD_BYTES = 256 * 1024
CAPTION_MAX_CHARS = 200
# Mean bytes a user's unattached photos may weigh, each: with 50 of them, 150 MB in all.
UNATTACHED_BYTES_EACH = 3_000_000
# An upload that takes longer than this has died; its worker was stopped long before.
UPLOAD_LEASE_MINUTES = 15
# Removed photos that a room keeps: who removes another one loses the oldest for good.
REMOVED_MAX_COUNT = 20
# Sides of the smaller versions, in pixels: a card, a card on a dense screen, a full view.
VERSION_SIDES_PX = (320, 640, 1280)
# Width times height of a WebP or a CMYK JPEG: decoding one takes up to 12 bytes a pixel, which is to stay
# below 400 MB. Other files take 8 at the most; neither phones nor cameras write these two.
COSTLY_MAX_PIXELS = 32_000_000
# Longest side of any file, which is what JPEG and GIF can express: to shrink a longer one takes gigabytes.
MAX_SIDE_PX = 65_535


def unattached_max_bytes() -> int:
    """Bytes that all unattached photos of one user may weigh together."""
    return int(settings.ROOM_PHOTO_MAX_UNATTACHED) * UNATTACHED_BYTES_EACH


def decodes_at_once() -> int:
    """Pictures one process may decode at a time, so that all of them together keep each processor busy."""
    return max(1, available_cpu_count() // max(1, int(settings.WEB_CONCURRENCY)))
