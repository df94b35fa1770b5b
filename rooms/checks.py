"""System checks: a set-up that would lose photos is refused with a sentence that says what to do."""

from typing import Any

from django.conf import settings
from django.core import checks


def register() -> None:
    checks.register(check_session_engine)
    checks.register(check_limits)


def check_session_engine(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """A session kept in a cookie cannot be written by parallel uploads."""
    if "signed_cookies" not in settings.SESSION_ENGINE:
        return []
    return [
        checks.Error(
            "Sessions in cookies lose the photos of parallel uploads.",
            hint="Set SESSION_ENGINE to one on the server: django.contrib.sessions.backends.db.",
            id="rooms.E001",
        )
    ]


def check_limits(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Limits of zero or less would refuse every photo."""
    names = (
        "ROOM_PHOTO_MAX_BYTES",
        "ROOM_PHOTO_MAX_COUNT",
        "ROOM_PHOTO_MAX_UNATTACHED",
        "ROOM_PHOTO_MAX_SIDE",
        "ROOM_PHOTO_MAX_PIXELS",
    )
    return [
        checks.Error(
            f"{name} is {getattr(settings, name)}.", hint="Set it to a number above 0.", id="rooms.E002"
        )
        for name in names
        if getattr(settings, name) < 1
    ]
