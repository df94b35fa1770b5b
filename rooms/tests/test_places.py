"""What the checks say of the folder and the database that are set: nothing, or what to do."""

import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings

from rooms.checks import check_database_server, check_folder
from rooms.tests.test_deploy import KEY, LOAD, python

PROBE = ("check", "--database", "default", "--fail-level", "WARNING")


def test_folder_that_can_be_written_is_left_as_it_was(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    assert check_folder(None) == []
    assert list(tmp_path.iterdir()) == []


def test_folder_that_is_not_there_yet_is_not_made(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "photos" / "of-rooms")
    assert check_folder(None) == []
    assert list(tmp_path.iterdir()) == []


def test_folder_that_is_a_file_is_told(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "photos")
    (tmp_path / "photos").write_text("no folder")
    (message,) = check_folder(None)
    assert message.id == "rooms.E005"
    assert settings.MEDIA_ROOT in message.msg
    assert settings.MEDIA_ROOT in str(message.hint)


def test_web_process_does_not_start_where_photos_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "photos").write_text("no folder")
    places = {"MEDIA_ROOT": str(tmp_path / "photos"), "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}"}
    run = python("-W", "ignore", "-c", LOAD, SECRET_KEY=KEY, **places)
    assert run.returncode != 0
    assert "Photos cannot be written to MEDIA_ROOT" in run.stderr


def test_database_that_works_is_met_in_silence(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check", databases=["default"], fail_level="INFO")
    assert check_database_server(None, databases=["default"]) == []


def test_without_a_name_no_database_is_asked(django_assert_num_queries: Any, db: None) -> None:
    with django_assert_num_queries(0):
        assert check_database_server(None) == []


@pytest.fixture
def nobodys_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Takes connections, and never says a word."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield int(server.getsockname()[1])


def test_database_that_is_not_there_is_told_where_it_is_asked_for(nobodys_port: int) -> None:
    url = f"postgres://photos:hunter2@127.0.0.1:{nobodys_port}/photos"
    run = python("manage.py", *PROBE, SECRET_KEY=KEY, DATABASE_URL=url)
    assert run.returncode != 0
    assert "The database does not answer" in run.stderr
    assert "DATABASE_URL" in run.stderr
    assert "hunter2" not in run.stderr
    plain = python("manage.py", "check", SECRET_KEY=KEY, DATABASE_URL=url)
    assert (plain.returncode, "no issues" in plain.stdout) == (0, True), plain.stderr


def test_web_process_starts_without_the_database_and_says_so(nobodys_port: int) -> None:
    url = f"postgres://photos:hunter2@127.0.0.1:{nobodys_port}/photos"
    run = python("-W", "ignore", "-c", LOAD, SECRET_KEY=KEY, DATABASE_URL=url)
    assert run.returncode == 0, run.stderr
    assert "The database does not answer" in run.stderr


def test_web_process_does_not_start_where_the_database_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("no folder")
    url = f"sqlite:///{tmp_path / 'folder' / 'db.sqlite3'}"
    run = python("-W", "ignore", "-c", LOAD, SECRET_KEY=KEY, DATABASE_URL=url)
    assert run.returncode != 0
    assert "The database cannot be written" in run.stderr


def test_page_says_503_within_seconds_where_the_database_is_silent(silent_port: int) -> None:
    ask = """
import time, django, pytest  # pytest: static files need not be collected
django.setup()
from django.test import Client
since = time.monotonic()
client = Client(raise_request_exception=False)
client.cookies["sessionid"] = "x" * 32
answer = client.get("/admin/", headers={"Host": "localhost"})
print(answer.status_code, answer["Retry-After"], time.monotonic() - since < 12)
"""
    url = f"postgres://photos:password@127.0.0.1:{silent_port}/photos"
    run = python("-W", "ignore", "-c", ask, SECRET_KEY=KEY, DATABASE_URL=url)
    assert run.stdout.split() == ["503", "5", "True"], run.stderr


def test_bucket_takes_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "photos").write_text("no folder")
    with override_settings(MEDIA_ROOT=str(tmp_path / "photos"), AWS_STORAGE_BUCKET_NAME="photos"):
        assert check_folder(None) == []
