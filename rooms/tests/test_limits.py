"""Limits are read when they are asked for, and the defaults are those of the contract."""

import pytest

from rooms import limits


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (limits.photo_max_bytes, 5_242_880),
        (limits.photo_max_count, 10),
        (limits.unattached_max_count, 50),
        (limits.unattached_max_bytes, 150_000_000),
        (limits.uploads_per_10_minutes, 300),
        (limits.photo_max_side_px, 2880),
        (limits.photo_max_pixels, 50_000_000),
    ],
)
def test_defaults_are_those_of_the_contract(read, value):
    assert read() == value


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("ROOM_PHOTO_MAX_BYTES", limits.photo_max_bytes),
        ("ROOM_PHOTO_MAX_COUNT", limits.photo_max_count),
        ("ROOM_PHOTO_MAX_UNATTACHED", limits.unattached_max_count),
        ("ROOM_PHOTO_UPLOADS_PER_10_MINUTES", limits.uploads_per_10_minutes),
        ("ROOM_PHOTO_MAX_SIDE", limits.photo_max_side_px),
        ("ROOM_PHOTO_MAX_PIXELS", limits.photo_max_pixels),
    ],
)
def test_changed_setting_counts_at_once(settings, name, read):
    setattr(settings, name, 7)
    assert read() == 7
