"""The admin of this project: Django's, with our site, and the checks of one that is reached by https.

Each check refuses an unsafe setting and says what to set. `rooms.checks` reports what would lose photos.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.contrib.admin.apps import AdminConfig
from django.core import checks

# Django's own idea of a key that cannot be guessed (its warning security.W009).
KEY_MIN_CHARACTERS: Final = 50
KEY_MIN_DIFFERENT_CHARACTERS: Final = 5


class BackofficeAdminConfig(AdminConfig):
    default_site = "backoffice.site.Site"

    def ready(self) -> None:
        super().ready()
        checks.register(check_public_site)
        if settings.SENTRY_DSN:
            # Only here: what it imports costs every other start a tenth of a second.
            import_module("backoffice.error_reports").start()


def check_public_site(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Errors, so that neither a command nor the web process starts: Django's warnings stop nothing."""
    return list(_find_dangers()) if settings.HTTPS else []


def _find_dangers() -> Iterator[checks.CheckMessage]:
    if settings.DEBUG:
        yield checks.Error(
            "DEBUG shows the inside of the site to whoever meets an error: "
            "unset DEBUG, or on your own machine HTTPS.",
            id="backoffice.E001",
        )
    key = settings.SECRET_KEY
    if len(key) < KEY_MIN_CHARACTERS or len(set(key)) < KEY_MIN_DIFFERENT_CHARACTERS:
        yield checks.Error(
            f"SECRET_KEY can be guessed: set it to at least {KEY_MIN_CHARACTERS} random characters.",
            hint="`python -c 'import secrets; print(secrets.token_urlsafe(64))'` prints some.",
            id="backoffice.E002",
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield checks.Error(
            "ALLOWED_HOSTS lets any name pass for the site's.",
            hint="Set it to the names it is reached by, such as photos.example.com.",
            id="backoffice.E003",
        )
    for origin in settings.CSRF_TRUSTED_ORIGINS:
        if not origin.startswith("https://"):
            yield checks.Error(
                f"CSRF_TRUSTED_ORIGINS trusts {origin!r}, which anybody in between can pose as.",
                hint="Begin it with https://.",
                id="backoffice.E004",
            )
