"""The limits of the product, read from the settings when they are asked for.

Reading late lets a test or an operator change one without a restart of what imported it.
Numbers say their unit. Nothing but limits lives here.
"""

from django.conf import settings

from backoffice.gunicorn import available_cpu_count

# One quarter of the photo limit would do; a form, a caption and multipart headers are far smaller.
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


def photo_max_bytes() -> int:
    """Bytes of one file, inclusive."""
    return int(settings.ROOM_PHOTO_MAX_BYTES)


def photo_max_count() -> int:
    """Photos in one gallery, be it a room's or an unfinished room's."""
    return int(settings.ROOM_PHOTO_MAX_COUNT)


def unattached_max_count() -> int:
    """Unattached photos one user may hold."""
    return int(settings.ROOM_PHOTO_MAX_UNATTACHED)


def unattached_max_bytes() -> int:
    """Bytes that all unattached photos of one user may weigh together."""
    return unattached_max_count() * UNATTACHED_BYTES_EACH


def restorable_days() -> int:
    """How long a removed photo can be brought back, before the cleanup takes it."""
    return int(settings.ROOM_PHOTO_RESTORABLE_DAYS)


def decodes_at_once() -> int:
    """Pictures one process may decode at a time, so that all of them together keep each processor busy."""
    return max(1, available_cpu_count() // max(1, int(settings.WEB_CONCURRENCY)))


def uploads_per_10_minutes() -> int:
    """Uploads one user may start in ten minutes; 0 means no limit."""
    return int(settings.ROOM_PHOTO_UPLOADS_PER_10_MINUTES)


def photo_max_side_px() -> int:
    """Longest side of what is kept."""
    return int(settings.ROOM_PHOTO_MAX_SIDE)


def advised_min_sides_px() -> tuple[int, int]:
    """Longer and shorter side below which a photo is called small."""
    longer_px, shorter_px = settings.ROOM_PHOTO_ADVISED_MIN_SIDES
    return int(longer_px), int(shorter_px)


def advised_min_brightness() -> float:
    """Of the lightest tenth of a photo, 0 to 1; one below it is called dark."""
    return float(settings.ROOM_PHOTO_ADVISED_MIN_BRIGHTNESS)


def advised_min_sharpness() -> float:
    """Of a photo's edges, 0 to 1; one below it is called blurred."""
    return float(settings.ROOM_PHOTO_ADVISED_MIN_SHARPNESS)


def advised_min_differences() -> int:
    """Bits, of 256, in which two photos' fingerprints must differ not to be called the same."""
    return int(settings.ROOM_PHOTO_ADVISED_MIN_DIFFERENCES)


def photo_max_pixels() -> int:
    """Width times height of what is accepted."""
    return int(settings.ROOM_PHOTO_MAX_PIXELS)
