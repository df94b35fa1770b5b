"""The limits of the product, read from the settings when they are asked for.

Reading late lets a test or an operator change one without a restart of what imported it.
Numbers say their unit. Nothing but limits lives here.
"""

import os

from django.conf import settings

# One quarter of the photo limit would do; a form, a caption and multipart headers are far smaller.
FORM_OVERHEAD_BYTES = 256 * 1024
CAPTION_MAX_CHARS = 200
# Mean bytes a user's unattached photos may weigh, each: with 50 of them, 150 MB in all.
UNATTACHED_BYTES_EACH = 3_000_000
# An upload that takes longer than this has died; its worker was stopped long before.
UPLOAD_LEASE_MINUTES = 60
# Sides of the smaller versions, in pixels: a card, a card on a dense screen, a full view.
VERSION_SIDES_PX = (320, 640, 1280)


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


def decodes_at_once() -> int:
    """Pictures one process may decode at a time, so that all of them together keep each processor busy."""
    return max(1, (os.cpu_count() or 1) // max(1, int(settings.WEB_CONCURRENCY)))


def uploads_per_10_minutes() -> int:
    """Uploads one user may start in ten minutes; 0 means no limit."""
    return int(settings.ROOM_PHOTO_UPLOADS_PER_10_MINUTES)


def photo_max_side_px() -> int:
    """Longest side of what is kept."""
    return int(settings.ROOM_PHOTO_MAX_SIDE)


def photo_max_pixels() -> int:
    """Width times height of what is accepted."""
    return int(settings.ROOM_PHOTO_MAX_PIXELS)
