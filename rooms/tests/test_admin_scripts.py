"""The scripts of a room's page: all of the gallery's are named ahead, and none that nothing needs."""

import re
from graphlib import TopologicalSorter
from pathlib import Path

from django.conf import settings

from rooms.admin.gallery import IMPORT_MODULES, MODULES

SOURCES = Path(settings.BASE_DIR, "static", "admin", "rooms")
# Other pages', a worker's own, and the one that is named as a script.
ELSEWHERE = {"site.js", "form_memory.js", "shrink_worker.js", "gallery.js", "importing.js"}


IMPORT = re.compile(r'^import .* from "\./(\w+)\.js";$', re.MULTILINE)


def test_every_module_of_the_gallery_is_named():
    of_imports = {f"{name}.js" for name in set(IMPORT_MODULES) - set(MODULES)}
    assert sorted(f"{name}.js" for name in MODULES) == sorted(
        {path.name for path in SOURCES.glob("*.js")} - ELSEWHERE - of_imports
    )


def test_every_module_of_an_import_is_named():
    needed, waiting = set(), ["importing"]
    while waiting:
        found = set(IMPORT.findall((SOURCES / f"{waiting.pop()}.js").read_text())) - needed
        needed |= found
        waiting += found
    assert sorted(IMPORT_MODULES) == sorted(needed)


def test_modules_import_in_one_direction():
    """From the parts to what they stand on, and never round in a circle."""
    imports = {path.stem: set(IMPORT.findall(path.read_text())) for path in SOURCES.glob("*.js")}
    assert list(TopologicalSorter(imports).static_order())
    assert imports["state"] == set()
    acts = {"uploads", "ordering", "captions", "removing", "editing", "selection", "viewer", "leaving"}
    assert [name for name in acts if imports[name] & acts] == []


def test_head_of_an_establishments_page_names_every_module_once(as_alice, establishment):
    page = as_alice.get(f"/admin/rooms/establishment/{establishment.pk}/change/").content.decode()
    head = page[: page.index("<body")]
    named = re.findall(r'<link rel="modulepreload" href="/static/admin/rooms/(\w+)\.[^"]*js">', head)
    assert sorted(named) == sorted(IMPORT_MODULES)


def test_head_names_every_module_once(as_alice, room):
    page = as_alice.get(f"/admin/rooms/room/{room.pk}/change/").content.decode()
    head = page[: page.index("<body")]
    named = re.findall(r'<link rel="modulepreload" href="/static/admin/rooms/(\w+)\.[^"]*js">', head)
    assert sorted(named) == sorted(MODULES)


def test_page_loads_nothing_for_fields_it_has_not(as_alice, room):
    page = as_alice.get(f"/admin/rooms/room/{room.pk}/change/").content.decode()
    assert not re.search(r"urlify|xregexp|/prepopulate\.", page)
    assert "/admin/js/inlines." in page
