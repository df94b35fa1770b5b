"""The house stands: imports run from a higher floor to a lower one, and some names never appear."""

import ast
import functools
from graphlib import TopologicalSorter
from pathlib import Path

APP = Path(__file__).resolve().parent.parent
TOP = 5
FLOORS = {
    **dict.fromkeys(("errors", "limits", "pixels", "database", "search"), 0),
    **dict.fromkeys(("images", "storage"), 1),
    "models": 2,
    **dict.fromkeys(("access", "monitoring"), 3),
    "services": 4,
    **dict.fromkeys(("api", "forms", "checks", "admin", "management"), TOP),
    **dict.fromkeys(("session", "media", "backends", "upload_handlers", "apps"), TOP),
}
STANDING_APART = {"tests", "migrations", "demo"}


def _modules() -> list[Path]:
    paths = sorted(APP.rglob("*.py"))
    return [
        path for path in paths if path != APP / "__init__.py" and "tests" not in path.relative_to(APP).parts
    ]


def _part(path: Path) -> str:
    """The module or package of `rooms` that a file belongs to."""
    return path.relative_to(APP).parts[0].removesuffix(".py")


def _name(path: Path) -> str:
    return ".".join(path.relative_to(APP.parent).with_suffix("").parts).removesuffix(".__init__")


@functools.cache
def _statements(path: Path) -> list[tuple[ast.stmt, bool]]:
    """Every import of a file, and whether it is inside a function."""
    tree = ast.parse(path.read_text())
    inner = {
        node
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
    }
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))
    return [(node, node in inner) for node in imports]


def _imported(path: Path) -> set[str]:
    """Full names of the modules of `rooms` that a file imports."""
    names: set[str] = set()
    for node, _is_inner in _statements(path):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            source = _source(path, node)
            names |= {source, *(f"{source}.{alias.name}" for alias in node.names)}
    return names & KNOWN - {_name(path)}


def _source(path: Path, node: ast.ImportFrom) -> str:
    """The full name behind `from … import`, relative ones too."""
    if not node.level:
        return node.module or ""
    package = path.relative_to(APP.parent).parts[: -node.level]
    return ".".join((*package, *filter(None, [node.module])))


MODULES = _modules()
KNOWN = {_name(path) for path in MODULES}


def test_every_module_has_a_floor():
    assert {_part(path) for path in MODULES} <= FLOORS.keys() | STANDING_APART


def test_imports_run_downwards():
    upwards = [
        f"{_name(path)} imports {name}"
        for path in MODULES
        if (part := _part(path)) in FLOORS and FLOORS[part] < TOP
        for name in _imported(path)
        if (target := name.split(".")[1]) != part and FLOORS.get(target, TOP) >= FLOORS[part]
    ]
    assert upwards == []


def test_demo_imports_only_itself():
    demo = [path for path in MODULES if _part(path) == "demo"]
    assert demo
    assert {name.split(".")[1] for path in demo for name in _imported(path)} <= {"demo"}


def test_imports_have_no_circle():
    graph = {_name(path): _imported(path) for path in MODULES}
    packages = {_name(path) for path in MODULES if path.name == "__init__.py"}
    for name, imported in graph.items():  # `from rooms.models.room import` names the package too
        imported -= {package for package in packages if name.startswith(package + ".")}
    tuple(TopologicalSorter(graph).static_order())


def test_no_import_hides_in_a_function():
    """But for `ready()`, which imports when models exist."""
    hidden = {_name(path) for path in MODULES for _node, is_inner in _statements(path) if is_inner} - {
        "rooms.apps"
    }
    assert hidden == set()


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
