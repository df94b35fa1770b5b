"""Runs the tests of the gallery's script modules that need no browser: `node --test` on `rooms/tests/js/`.

What they say about the modules is in those files. A missing Node.js is a failure: half a test run is none.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
TESTS = sorted((PROJECT / "rooms" / "tests" / "js").glob("*.test.js"))
MODULES = sorted((PROJECT / "static" / "admin" / "rooms").glob("*.js"))
OLDEST = (18, 19)
KNOWS_MODULES_BY_THEIR_SYNTAX = (22, 7)


@pytest.fixture(scope="module")
def node() -> list[str]:
    """The command that runs our `.js` files as the modules they are."""
    path = shutil.which("node")
    if path is None:
        pytest.fail("Node.js is missing: the script tests need `node` 18.19 or newer on the path.")
    answer = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    version = tuple(int(part) for part in re.findall(r"\d+", answer)[:2])
    if version < OLDEST:
        pytest.fail(f"Node.js {answer.strip()} is too old: the script tests need 18.19 or newer.")
    return (
        [path] if version >= KNOWS_MODULES_BY_THEIR_SYNTAX else [path, "--experimental-default-type=module"]
    )


def test_modules_without_a_page(node: list[str]) -> None:
    run = subprocess.run(
        [*node, "--no-warnings", "--test", *map(str, TESTS)],
        capture_output=True,
        text=True,
        cwd=PROJECT,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert TESTS


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_imports_survive_hashed_names(module: Path) -> None:
    """The manifest storage rewrites relative imports that end in `;` and silently skips all others."""
    for line in re.findall(r"^(?:import|export)\b.*\bfrom\b.*$", module.read_text(), re.MULTILINE):
        assert re.fullmatch(r'import \{ [\w, ]+ \} from "\./\w+\.js";', line), line


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_no_html_is_made_of_data(module: Path) -> None:
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", module.read_text()
    )
