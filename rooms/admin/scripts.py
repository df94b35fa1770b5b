"""The script of the gallery and of the import: its first module, and a list of all others for the browser.

Without the list a browser finds the modules level by level, and waits for each level.
"""

from typing import Final

from django import forms
from django.forms.widgets import MediaAsset

FOLDER: Final = "admin/rooms"
FIRST: Final = "gallery"
# All that the first one imports, those nearest to it first.
MODULES: Final = (
    "state", "api", "grid", "card", "words", "messages", "uploads", "ordering", "captions", "removing",
    "readiness", "editing", "selection", "moving", "viewer", "leaving", "choosing", "sending", "shrink",
    "shrink_photo",
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
