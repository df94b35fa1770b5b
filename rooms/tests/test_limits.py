"""Limits have the published defaults, and what follows from a setting follows at once."""

import pytest

from rooms import limits


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ROOM_PHOTO_MAX_BYTES", 5_242_880),
        ("ROOM_PHOTO_MAX_COUNT", 10),
        ("ROOM_PHOTO_MAX_UNATTACHED", 50),
        ("ROOM_PHOTO_UPLOADS_PER_10_MINUTES", 300),
        ("ROOM_PHOTO_MAX_SIDE", 2880),
        ("ROOM_PHOTO_MAX_PIXELS", 50_000_000),
    ],
)
def test_default_is_the_published_one(settings, name, value):
    assert getattr(settings, name) == value


def test_bytes_of_unattached_photos_follow_from_their_number(settings):
    assert limits.unattached_max_bytes() == 150_000_000
    settings.ROOM_PHOTO_MAX_UNATTACHED = 7
    assert limits.unattached_max_bytes() == 21_000_000
