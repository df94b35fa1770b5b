"""Both groups hold their permissions after the last `migrate`, and `check` tells where they do not."""

import io
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command

from rooms.models import people
from rooms.tests.other_database import models_read

COMPLETE = {name: set(codenames) for name, codenames in people.GROUP_PERMISSIONS.items()}
HELD = """
    SELECT auth_group.name, auth_permission.codename FROM auth_group
    LEFT JOIN auth_group_permissions ON group_id = auth_group.id
    LEFT JOIN auth_permission ON auth_permission.id = permission_id
"""

type Manage = Callable[..., str]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "fresh.sqlite3"


@pytest.fixture
def manage(database: Path, django_db_blocker: Any) -> Iterator[Manage]:
    """Runs one command of manage.py on the fresh database, as a process that has just started."""

    def run(*arguments: str) -> str:
        ContentType.objects.clear_cache()
        printed = io.StringIO()
        with models_read(f"sqlite:///{database}", django_db_blocker):
            call_command(*arguments, stdout=printed, stderr=printed)
        return printed.getvalue()

    yield run
    ContentType.objects.clear_cache()  # other databases number them otherwise


def _write(database: Path, *statements: str) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def _held(database: Path) -> dict[str, set[str]]:
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute(HELD).fetchall()
    return {name: {codename for other, codename in rows if other == name} for name, _ in rows}


@pytest.mark.parametrize(
    "steps",
    [
        ["auth"],
        ["admin"],
        ["contenttypes"],
        ["rooms 0001"],
        ["auth", "rooms 0001"],
        ["rooms", "rooms zero"],
    ],
    ids=", ".join,
)
def test_groups_are_complete_whatever_was_migrated_first(
    manage: Manage, database: Path, steps: list[str]
) -> None:
    for step in steps:
        manage("migrate", "--verbosity", "0", *step.split())
    manage("migrate", "--verbosity", "0")
    assert _held(database) == COMPLETE
    assert "rooms.W001" not in manage("check")


def test_groups_that_were_there_already_are_completed(manage: Manage, database: Path) -> None:
    manage("migrate", "--verbosity", "0", "auth")
    _write(
        database,
        "INSERT INTO auth_group (name) VALUES ('Owners'), ('Staff'), ('Others')",
        "INSERT INTO auth_group_permissions (group_id, permission_id)"
        " SELECT g.id, p.id FROM auth_group g, auth_permission p"
        " WHERE g.name = 'Staff' AND p.codename = 'view_user'",
    )
    manage("migrate", "--verbosity", "0")
    held = _held(database)
    assert held["Owners"] == COMPLETE["Owners"]
    assert held["Staff"] == COMPLETE["Staff"] | {"view_user"}
    assert held["Others"] == {None}


def test_check_names_what_a_group_lacks_until_the_next_migrate(manage: Manage, database: Path) -> None:
    manage("migrate", "--verbosity", "0")
    _write(
        database,
        "DELETE FROM auth_group_permissions WHERE permission_id ="
        " (SELECT id FROM auth_permission WHERE codename = 'add_room')"
        " AND group_id = (SELECT id FROM auth_group WHERE name = 'Owners')",
        "DELETE FROM auth_group_permissions WHERE group_id ="
        " (SELECT id FROM auth_group WHERE name = 'Staff')",
        "DELETE FROM auth_group WHERE name = 'Staff'",
    )
    told = manage("check")
    assert "The group Owners lacks permissions: add_room." in told
    assert "The group Staff lacks permissions: " in told
    manage("migrate", "--verbosity", "0")
    assert "rooms.W001" not in manage("check")
    assert _held(database) == COMPLETE


def test_check_says_nothing_and_makes_nothing_where_there_is_no_database(
    manage: Manage, database: Path
) -> None:
    assert "no issues" in manage("check")
    assert not database.exists()


@pytest.mark.parametrize("step", ["contenttypes", "auth"])
def test_check_says_nothing_before_the_rooms_are_there(manage: Manage, step: str) -> None:
    manage("migrate", "--verbosity", "0", step)
    assert "no issues" in manage("check")
