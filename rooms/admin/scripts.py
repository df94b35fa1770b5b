"""The gallery's script: its first module, word to the browser of all the others, and the texts it says.

Without that word a browser finds the modules level by level, and waits once more for each level.
"""

import functools
from typing import Final

from django import forms
from django.contrib import admin
from django.forms.widgets import MediaAsset
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page
from django.views.i18n import JavaScriptCatalog

FOLDER: Final = "admin/rooms"
FIRST: Final = "gallery"
# All that the first one imports, those nearest to it first.
MODULES: Final = (
    "state", "api", "grid", "card", "words", "messages", "uploads", "ordering", "captions", "removing",
    "editing", "selection", "viewer", "leaving", "choosing", "sending", "shrink", "shrink_photo",
)  # fmt: skip

# The same of the page that brings in whole folders: its first one, and the others.
IMPORT_FIRST: Final = "importing"
IMPORT_MODULES: Final = (
    "import_plan", "import_sending", "messages", "sources", "words", "matching", "api", "sending", "shrink",
    "choosing", "shrink_photo",
)  # fmt: skip


class ModulePreload(MediaAsset):
    """Fetches a module that an `import` will ask for."""

    element_template = '<link rel="modulepreload" href="{path}"{attributes}>'


def gallery_scripts() -> tuple[MediaAsset, ...]:
    """What the head of a room's page says."""
    return _named(FIRST, MODULES)


def import_scripts() -> tuple[MediaAsset, ...]:
    """What the head of an establishment's page says."""
    return _named(IMPORT_FIRST, IMPORT_MODULES)


def _named(first: str, others: tuple[str, ...]) -> tuple[MediaAsset, ...]:
    preloads = [ModulePreload(f"{FOLDER}/{name}.js") for name in others]
    return (forms.Script(f"{FOLDER}/{first}.js", type="module"), *preloads)


@functools.cache
def _catalogue(language: str) -> bytes:
    """Django's own and ours, as a script; made once a process and language."""
    return JavaScriptCatalog(packages=["django.contrib.admin"]).get(HttpRequest()).content


@cache_control(private=True, no_cache=True)
@conditional_page
def _texts(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_catalogue(get_language() or ""), content_type="text/javascript; charset=utf-8")


def texts(request: HttpRequest) -> HttpResponse:
    """In place of the admin's own `jsi18n`, which makes the same anew for each page.

    A browser keeps it, and asks with each page whether it is still right: the language is the user's.
    """
    return admin.site.admin_view(_texts, cacheable=True)(request)
