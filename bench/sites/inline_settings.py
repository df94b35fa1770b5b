"""Django's plain admin, with one inline."""

from bench.sites.peer import *  # noqa: F403  # what Django's documentation does, too
from bench.sites.peer import INSTALLED_APPS

ROOT_URLCONF = "bench.sites.inline.admin"
INSTALLED_APPS = ["django.contrib.admin", *INSTALLED_APPS, "bench.sites.inline"]  # its addresses come last
