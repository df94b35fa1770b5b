"""The gallery's script: its first module, and word to the browser of all the others it will import.

Without that word a browser finds them level by level, and waits once more for each level.
"""

import functools
import re
from pathlib import Path
from typing import Final

from django import forms
from django.conf import settings
from django.forms.widgets import MediaAsset

FOLDER: Final = "admin/rooms"
FIRST: Final = "gallery.js"
IMPORT: Final = re.compile(r'^import .* from "\./(\w+\.js)";$', re.MULTILINE)


class ModulePreload(MediaAsset):
    """Fetches a module that an `import` will ask for."""

    element_template = '<link rel="modulepreload" href="{path}"{attributes}>'


@functools.cache
def gallery_scripts() -> tuple[MediaAsset, ...]:
    """What the page's head says, in the order of need. Reads the sources once a process."""
    preloads = [ModulePreload(f"{FOLDER}/{name}") for name in find_imported(FIRST)]
    return (forms.Script(f"{FOLDER}/{FIRST}", type="module"), *preloads)


def find_imported(first: str) -> list[str]:
    """The names of all modules that `first` imports, those nearest to it before those that they import."""
    names = [first]
    for name in names:
        source = Path(settings.BASE_DIR, "static", FOLDER, name).read_text()
        names += [imported for imported in IMPORT.findall(source) if imported not in names]
    return names[1:]
