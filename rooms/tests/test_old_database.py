"""A database that migrations made which are gone: `make run` sets it aside, and only such a one."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / ".ci" / "set-aside-old-database"


def _make(database: Path, *applied: str) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TABLE django_migrations (app TEXT, name TEXT)")
        rows = [("rooms", name) for name in applied] + [("auth", "0001_initial")]
        connection.executemany("INSERT INTO django_migrations VALUES (?, ?)", rows)


def _run(database: Path, **environment: str) -> str:
    variables = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, str(SCRIPT), str(database)]
    run = subprocess.run(command, env=variables | environment, capture_output=True, text=True, check=True)
    return run.stdout


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "db.sqlite3"


def test_old_database_is_kept_beside_and_said(database: Path) -> None:
    _make(database, "0001_initial", "0009_of_long_ago")
    content = database.read_bytes()
    assert "kept as db.sqlite3.old-1" in _run(database)
    assert [path.name for path in database.parent.iterdir()] == ["db.sqlite3.old-1"]
    assert (database.parent / "db.sqlite3.old-1").read_bytes() == content


def test_second_one_does_not_overwrite_the_first(database: Path) -> None:
    for _ in range(2):
        _make(database, "0009_of_long_ago")
        _run(database)
    assert {path.name for path in database.parent.iterdir()} == {"db.sqlite3.old-1", "db.sqlite3.old-2"}


@pytest.mark.parametrize("applied", [(), ("0001_initial",)])
def test_present_database_stays(database: Path, applied: tuple[str, ...]) -> None:
    _make(database, *applied)
    assert _run(database) == ""
    assert database.exists()


def test_database_named_by_the_operator_is_not_ours_to_move(database: Path) -> None:
    _make(database, "0009_of_long_ago")
    assert _run(database, DATABASE_URL="sqlite:///elsewhere.sqlite3") == ""
    assert database.exists()


@pytest.mark.parametrize("content", [None, b"", b"no database at all, but long enough to be looked at"])
def test_anything_else_is_left_to_migrate(database: Path, content: bytes | None) -> None:
    if content is not None:
        database.write_bytes(content)
    assert _run(database) == ""
    assert database.exists() == (content is not None)
