"""Set-ups with which nothing may be put before the public: start-up refuses them, saying what to set.

What would lose photos is told by the system checks in `rooms.checks`.
"""

from collections.abc import Sequence
from typing import Final

# Django's own idea of a key that cannot be guessed (its warning security.W009).
KEY_MIN_CHARACTERS: Final = 50
KEY_MIN_DIFFERENT_CHARACTERS: Final = 5


def find_dangers(
    debug: bool, secret_key: str, allowed_hosts: Sequence[str], trusted_origins: Sequence[str]
) -> list[str]:
    """A sentence for each setting that is unsafe on a site that is reached by https; empty where none is."""
    dangers = []
    if debug:
        dangers.append(
            "DEBUG shows the inside of the site to whoever meets an error: "
            "unset DEBUG, or on your own machine HTTPS."
        )
    if len(secret_key) < KEY_MIN_CHARACTERS or len(set(secret_key)) < KEY_MIN_DIFFERENT_CHARACTERS:
        dangers.append(
            f"SECRET_KEY can be guessed: set it to at least {KEY_MIN_CHARACTERS} random characters, "
            "as `python -c 'import secrets; print(secrets.token_urlsafe(64))'` prints them."
        )
    if "*" in allowed_hosts:
        dangers.append(
            "ALLOWED_HOSTS lets any name pass for the site's: set it to the names it is reached by, "
            "such as photos.example.com."
        )
    dangers += [
        f"CSRF_TRUSTED_ORIGINS trusts {origin!r}, which anybody in between can pose as: begin it with https://."
        for origin in trusted_origins
        if not origin.startswith("https://")
    ]
    return dangers
