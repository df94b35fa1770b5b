"""System checks that refuse a set-up that would lose photos or show them to all. Each says what to do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import User
from django.core import checks
from django.db import DatabaseError, connection

from rooms.demo import catalogue
from rooms.models import Room, people


def register() -> None:
    checks.register(check_session_engine)
    checks.register(check_limits)
    checks.register(check_media_root)
    checks.register(check_groups)
    checks.register(check_demo_passwords)


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


def check_media_root(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Whatever lies among the static files is served to anybody, unfinished and removed photos too."""
    photos, static = Path(settings.MEDIA_ROOT).resolve(), Path(settings.STATIC_ROOT).resolve()
    if not (photos.is_relative_to(static) or static.is_relative_to(photos)):
        return []
    return [
        checks.Error(
            f"Photos would lie among the static files: MEDIA_ROOT is {photos}.",
            hint=f"Set MEDIA_ROOT to a folder outside {static} that does not hold it either.",
            id="rooms.E003",
        )
    ]


def check_demo_passwords(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Accounts of the demonstration, whose password is known to all, on a public site.

    At most one hash for each of its names.
    """
    if not settings.HTTPS:
        return []
    names = (*catalogue.OWNERS, catalogue.STAFF)
    users = _ask(lambda: list(User.objects.filter(username__in=names, is_active=True).order_by("username")))
    return [
        checks.Error(
            f"The demonstration's password, known to all, opens the account {user.username}.",
            hint=f"Change it by `manage.py changepassword {user.username}`.",
            id="rooms.E004",
        )
        for user in users or ()
        if check_password(catalogue.PASSWORD, user.password)
    ]


def check_groups(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """A group without its permissions refuses every page to its people."""
    lacking = _ask(
        lambda: (
            people.find_missing_permissions()
            if Room._meta.db_table in connection.introspection.table_names()
            else {}
        )
    )
    return [
        checks.Warning(
            f"The group {name} lacks permissions: {', '.join(codenames)}.",
            hint="Run `manage.py migrate`: it adds them, and leaves the group's other permissions.",
            id="rooms.W001",
        )
        for name, codenames in (lacking or {}).items()
    ]


def _ask[Answer](question: Callable[[], Answer]) -> Answer | None:
    """What the database answers; None where there is none yet, or a silent or half migrated one.

    `migrate` and the first page say so. A connection is left as it was found: a server's processes must not
    share one after they fork.
    """
    if _is_sqlite_without_file():
        return None
    was_open = connection.connection is not None
    try:
        return question()
    except DatabaseError:
        return None
    finally:
        if not was_open:
            connection.close()


def _is_sqlite_without_file() -> bool:
    """Connecting would make the file."""
    if connection.vendor != "sqlite" or connection.is_in_memory_db():  # type: ignore[attr-defined]
        return False
    return not Path(connection.settings_dict["NAME"]).exists()
