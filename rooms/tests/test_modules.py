"""What no linter says of our modules: each tells its subject, and some names never appear."""

import ast
from pathlib import Path

APP = Path(__file__).resolve().parent.parent
PATHS = sorted(APP.rglob("*.py"))
MODULES = [
    path for path in PATHS if path != APP / "__init__.py" and "tests" not in path.relative_to(APP).parts
]


def _name(path: Path) -> str:
    return ".".join(path.relative_to(APP.parent).with_suffix("").parts).removesuffix(".__init__")


def test_no_module_without_a_subject():
    assert {path.stem for path in MODULES}.isdisjoint({"utils", "util", "helpers", "common", "misc"})


def test_no_view_escapes_the_csrf_check():
    assert [_name(path) for path in MODULES if "csrf_exempt" in path.read_text()] == []


def test_every_module_says_what_lives_in_it():
    silent = [
        _name(path)
        for path in MODULES
        if path.read_text().strip() and ast.get_docstring(ast.parse(path.read_text())) is None
    ]
    assert [name for name in silent if ".migrations." not in name] == []
