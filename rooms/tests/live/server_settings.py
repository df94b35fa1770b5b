"""The product's settings for a server under test. Three things differ, none of which is what is tested."""

import environ

from backoffice.settings import *  # noqa: F403
from backoffice.settings import DATABASES, STORAGES

env = environ.Env()

# Pages find their static files without `collectstatic`; nobody here asks for one.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Signing in costs a tenth of a second less.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# How long a writer waits for another one: the product's own patience unless a test has less.
if "SQLITE_WAIT_S" in env.ENVIRON and DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"]["timeout"] = env.int("SQLITE_WAIT_S")
