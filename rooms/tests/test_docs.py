"""Docs that cannot lie: what the pages say is compared with the code.

A failure names what to write, and where.
"""

import ast
import contextlib
import re
import tomllib
import uuid
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands
from django.db.models import ForeignKey
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from backoffice import __version__
from rooms.api.shape import channel_json, photo_json
from rooms.errors import PhotoError
from rooms.models import Channel, RoomImage
from rooms.services.advice import LABELS
from rooms.services.failures import PAGE_CODES
from rooms.services.readiness import ChannelState, Need, find_needs
from rooms.tests.docs_text import (
    APP,
    PAGES,
    PROJECT,
    find_addresses,
    find_broken_links,
    find_commands,
    find_make_targets,
    find_missing_files,
    find_rows,
    section,
)

API = (PROJECT / "docs" / "api.md").read_text()
ARCHITECTURE = (PROJECT / "docs" / "architecture.md").read_text()
CONTRIBUTING = (PROJECT / "CONTRIBUTING.md").read_text()
README = (PROJECT / "README.md").read_text()
SETTINGS = (PROJECT / "docs" / "settings.md").read_text()
MAKEFILE = (PROJECT / "Makefile").read_text()
README_MAX_LINES = 80

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))


def none_of(what: Collection[object], advice: str) -> None:
    """Fails with all of `what`, one a line: pytest's own comparison cuts long ones off."""
    assert not what, "\n  ".join([advice, *sorted(map(str, what))])


# --- docs/api.md ---------------------------------------------------------------------------


def test_every_route_under_rooms_is_in_the_api_page_and_the_reverse() -> None:
    told = {pair for pair in find_addresses(API) if pair[1].startswith("/rooms/")}
    routes = [(path, view.callback) for path, view in find_routes() if path.startswith("/rooms/")]
    known = {(view.json_method, path) for path, view in routes}
    rows = [
        f"| `{method} {path}` | who | body | answer | codes of its own |" for method, path in known - told
    ]
    none_of(rows, "docs/api.md: add to a table under Endpoints")
    none_of(told - known, "docs/api.md: take out, for rooms/api/views.py has no such route")


def test_rows_with_a_file_are_those_of_endpoints_that_take_one() -> None:
    told = {path for _method, path in find_addresses(API, needing="file `image`")}
    known = {path for path, view in find_routes() if getattr(view.callback, "takes_file", False)}
    none_of(told ^ known, "docs/api.md: write “file `image`” for those that take one, and only for them")


def test_addresses_beside_the_admin_are_in_the_api_page() -> None:
    told = {path for _method, path in find_addresses(API)}
    known = {path for path, _view in find_routes() if not path.startswith(("/admin/", "/i18n/"))} - {"/"}
    none_of(known - told, "docs/api.md: add a row to the table under Other addresses")


@pytest.mark.django_db
def test_addresses_beside_the_endpoints_exist() -> None:
    others = {path for _method, path in find_addresses(API) if not path.startswith("/rooms/")}
    none_of({path for path in others if not leads_somewhere(path)}, "docs/api.md: nothing answers there")


def test_every_error_code_has_its_status_in_the_api_page() -> None:
    rows = [row for row in find_rows(section(API, "Errors")) if row[0].isdigit()]
    told = {(int(row[0]), row[1].strip("`")) for row in rows}
    known = {(kind.status, kind.code) for kind in (PhotoError, *PhotoError.__subclasses__())}
    none_of(known - told, "docs/api.md: add a row under Errors")
    none_of(told - known, "docs/api.md: take out, for rooms/errors.py has no such error")


def test_codes_that_endpoints_name_are_ours_with_their_status() -> None:
    told = {(int(status), code) for status, code in re.findall(r"\b([45]\d\d) `(\w+)`", API)}
    known = {(kind.status, kind.code) for kind in (PhotoError, *PhotoError.__subclasses__())}
    none_of(told - known, "docs/api.md: no such error")


def test_shapes_have_the_keys_of_real_answers() -> None:
    photo = RoomImage(pk=1, image="photos/1.jpg", width=1, height=1, size=1, upload_id=uuid.uuid4())
    state = ChannelState(Channel(slug="booking"), (Need("too_few", "More."),))
    told = [re.findall(r'"(\w+)":', block) for block in re.findall(r"```json\n(.*?)```", API, re.DOTALL)]
    known = [
        [*photo_json(photo, {}), "code", "text"],
        [*channel_json(state), *channel_json(state)["needs"][0]],
    ]
    assert told == known, "docs/api.md: the keys under The image, in their order"


def test_words_that_never_change_are_those_of_the_code() -> None:
    strict = Channel(
        min_photos=9, min_width=9, landscape=True, max_bytes=1, needs=[{"kind": "bed", "number": 1}]
    )
    needs = find_needs(strict, [RoomImage(pk=1, width=1, height=2, size=2)])
    known = {
        "`kind`": set(RoomImage.Kind.values),
        "codes of advice": set(LABELS),
        "codes of needs": {need.code for need in needs},
        "codes of given-up uploads": set(PAGE_CODES),
    }
    cells = {row[0]: row[1].partition(";")[0] for row in find_rows(API) if row[0] in known}
    told = {name: set(re.findall(r"`(\w+)`", cell)) for name, cell in cells.items()}
    assert told == known, "docs/api.md: the table of words that never change"


# --- settings, commands, targets -------------------------------------------------------------


def test_every_variable_of_the_environment_is_in_the_table_and_the_reverse() -> None:
    cells = [row[0] for row in find_rows(section(SETTINGS, "All of them"))]
    told = {name for cell in cells for name in re.findall(r"`([A-Z][A-Z_0-9]+)`", cell)}
    known = {name for module in ("settings", "gunicorn") for name in find_variables(module)}
    rows = [f"| `{name}` | default | meaning |" for name in known - told]
    none_of(rows, "docs/settings.md: add to the table")
    none_of(told - known, "docs/settings.md: take out of the table, for nothing reads it")


def test_no_other_module_reads_the_environment() -> None:
    modules = [path for app in ("rooms", "backoffice") for path in find_modules(PROJECT / app)]
    reading = r"\bos\.environ\.get|\bos\.environ\[|\bgetenv\b|^import environ"
    readers = {path.name for path in modules if re.search(reading, path.read_text(), re.MULTILINE)}
    assert readers == {"settings.py", "gunicorn.py"}


@every_page
def test_commands_that_a_page_names_exist(page: Path) -> None:
    none_of(find_commands(page.read_text()) - set(get_commands()), f"{page.name}: no such command")


def test_every_command_is_in_the_docs() -> None:
    ours = {path.stem for path in (APP / "management" / "commands").glob("[a-z]*.py")}
    run_by_make = find_commands("    " + (PROJECT / ".ci" / "serve").read_text().replace("\n", "\n    "))
    told = {name for page in PAGES for name in find_commands(page.read_text())}
    none_of(ours - told - run_by_make, "docs/housekeeping.md, or a neighbour: say what it does")


def test_readme_is_short_and_leads_to_every_page_of_the_docs() -> None:
    assert len(README.splitlines()) <= README_MAX_LINES
    pages = {f"docs/{page.name}" for page in PAGES if page.parent.name == "docs"} - {"docs/LICENCES.md"}
    none_of({page for page in pages if f"({page})" not in README}, "README.md: add to a table of pages")


def test_examples_are_those_that_the_pages_name() -> None:
    files = {path.name for path in (PROJECT / "docs" / "examples").iterdir()}
    text = "".join(page.read_text() for page in PAGES)
    told = {name for name in files if name in text or Path(name).stem in text}
    none_of(files - told, "docs: say what this example is for")


@every_page
def test_make_targets_that_a_page_names_exist(page: Path) -> None:
    there = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
    none_of(find_make_targets(page.read_text()) - there, f"{page.name}: the Makefile has no such target")


def test_every_make_target_is_in_contributing() -> None:
    listed = set(re.findall(r"^([a-z]+):.*## ", MAKEFILE, re.MULTILINE)) - {"help"}
    none_of(listed - find_make_targets(CONTRIBUTING), "CONTRIBUTING.md: say under Tests when to run it")


# --- docs/architecture.md ----------------------------------------------------------------------


def test_floors_are_those_of_import_linter() -> None:
    rows = [row for row in find_rows(section(ARCHITECTURE, "The house")) if row[0].isdigit()]
    told = {(int(row[0]), module) for row in rows for module in re.findall(r"`(\w+)`", row[2])}
    tools = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]
    layers = reversed(tools["importlinter"]["contracts"][0]["layers"])
    known = {(floor, module) for floor, layer in enumerate(layers) for module in re.findall(r"\w+", layer)}
    none_of(known - told, "docs/architecture.md: add to the table under The house (floor, module)")
    none_of(told - known, "docs/architecture.md: take out of the table, as pyproject.toml has it")


def test_every_package_and_module_at_the_top_has_its_line() -> None:
    packages = {path.parent for path in find_modules(APP) if path.name == "__init__.py"} - {APP}
    names = {f"`{path.relative_to(PROJECT)}/`" for path in packages}
    names |= {f"`{path.relative_to(PROJECT)}`" for path in APP.glob("[a-z]*.py")}
    names |= {f"`{path.relative_to(PROJECT)}`" for path in (APP / "services").glob("[a-z]*.py")}
    missing = {name for name in names if name not in ARCHITECTURE}
    none_of(missing, "docs/architecture.md: add a line, or a word, to its floor under The house")


def test_every_script_has_its_word() -> None:
    scripts = {f"`{path.name}`" for path in (PROJECT / "static" / "admin" / "rooms").glob("*.js")}
    missing = {name for name in scripts if name not in section(ARCHITECTURE, "The script")}
    none_of(missing, "docs/architecture.md: say under The script where it belongs")


def test_picture_of_the_data_has_every_model_and_key() -> None:
    picture = section(ARCHITECTURE, "The data")
    pairs = re.findall(r"^    (\w+) [|o}]+--[|o{]+ (\w+) : .+$", picture, re.MULTILINE)
    told = {tuple(sorted(pair)) for pair in pairs}
    alone = set(re.findall(r"^    (\w+)$", picture, re.MULTILINE))
    models = [model for model in apps.get_app_config("rooms").get_models() if not model._meta.proxy]
    keys = [field for model in models for field in model._meta.get_fields() if isinstance(field, ForeignKey)]
    known = {tuple(sorted((key.model.__name__, key.related_model.__name__))) for key in keys}
    none_of(known - told, "docs/architecture.md: draw a line between these under The data")
    none_of(told - known, "docs/architecture.md: no key leads from one of these to the other")
    drawn = alone | {name for pair in told for name in pair}
    others = {key.related_model.__name__ for key in keys}
    none_of(drawn ^ ({model.__name__ for model in models} | others), "docs/architecture.md, The data")


# --- every page --------------------------------------------------------------------------------


@every_page
def test_files_that_a_page_names_exist(page: Path) -> None:
    none_of(find_missing_files(page), f"{page.name} names files that are not there")


@every_page
def test_links_lead_to_files_and_headings_that_exist(page: Path) -> None:
    none_of(find_broken_links(page), f"{page.name} has links that lead nowhere")


def test_first_entry_of_the_changelog_is_of_this_version() -> None:
    headings = re.findall(r"^## (\S+)", (PROJECT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] in {"Unreleased", __version__}, "CHANGELOG.md, or backoffice/__init__.py"


# --- how the code is read ----------------------------------------------------------------------


def find_routes(resolver: URLResolver | None = None, prefix: str = "/") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the site, its parts as `<photo_id>`, without what they convert to."""
    for pattern in (resolver or get_resolver()).url_patterns:
        path = prefix + re.sub(r"<\w+:", "<", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from find_routes(pattern, path)
        else:
            yield path, pattern


def leads_somewhere(path: str) -> bool:
    """Whether a named route takes it, or a middleware answers. The admin's last resorts have no name."""
    for value in ("1", "12345678-1234-4234-8234-123456789abc"):
        with contextlib.suppress(Resolver404):
            if resolve(re.sub(r"<\w+>", value, path)).url_name:
                return True
    return Client().get(path).status_code in (200, 503)


def find_variables(module: str) -> Iterator[str]:
    """What `env.…(name)` and `os.environ.get(name)` read, also in a loop over names."""
    tree = ast.parse((PROJECT / "backoffice" / f"{module}.py").read_text())
    loops = [node for node in ast.walk(tree) if isinstance(node, ast.For)]
    looped = {
        ast.unparse(loop.target): ast.literal_eval(loop.iter)
        for loop in loops
        if isinstance(loop.iter, ast.Tuple)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and re.fullmatch(r"(env|os\.environ)\.\w+", ast.unparse(node.func)):
            name = node.args[0]
            yield from looped[name.id] if isinstance(name, ast.Name) else [ast.literal_eval(name)]


def find_modules(folder: Path) -> list[Path]:
    """Of an app, without its tests and migrations."""
    paths = sorted(folder.rglob("*.py"))
    return [path for path in paths if not {"tests", "migrations"} & set(path.relative_to(folder).parts)]
