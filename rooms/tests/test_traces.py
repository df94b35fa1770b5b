"""What the log tells of sign-ins and refusals, and what a start makes private."""

import io
import logging
import os
import sqlite3
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest
from django.test import Client, override_settings
from django.utils import timezone
from gunicorn.config import Config

from backoffice.logs import LINE, Line, OneLine, ServerLog
from rooms import checks
from rooms.database import make_private
from rooms.tests.test_deploy import KEY, python

pytestmark = pytest.mark.django_db


def fail(name: str = "alice", password: str = "wrong") -> int:  # noqa: S107
    client = Client(REMOTE_ADDR="192.0.2.7")
    return client.post("/admin/login/", {"username": name, "password": password}).status_code


def test_failed_sign_ins_and_locks_name_who_and_whence(alice: User, caplog: pytest.LogCaptureFixture) -> None:
    for _number in range(11):
        fail(password="very-secret")
    lines = [record.getMessage() for record in caplog.records if record.name == "rooms.sign_ins"]
    assert "sign-in failed name=alice address=192.0.2.7" in lines
    assert "sign-in locked name=alice address=192.0.2.7" in lines
    assert "very-secret" not in caplog.text


def test_name_writes_no_line_of_its_own(caplog: pytest.LogCaptureFixture) -> None:
    fail("a\nERROR forged")
    assert "sign-in failed name=a?ERROR?forged address=192.0.2.7" in caplog.messages


def test_unlocking_a_name_at_the_command_line_opens_it(alice: User) -> None:
    for _number in range(10):
        fail()
    assert fail(password="pass") == 429
    call_command("axes_reset_username", "alice")
    assert fail(password="pass") == 302


def test_refusals_carry_the_address(alice: User, caplog: pytest.LogCaptureFixture) -> None:
    client = Client(REMOTE_ADDR="192.0.2.7")
    client.force_login(alice)
    client.get("/rooms/999/images/")
    assert "address=192.0.2.7" in caplog.text


def test_one_line_has_no_traceback() -> None:
    try:
        raise ValueError("inside")
    except ValueError:
        error = sys.exc_info()
    record = logging.LogRecord("name", logging.ERROR, "path", 1, "bad\nhost", None, error)
    assert OneLine("%(message)s").format(record) == "bad host"
    assert record.exc_info is error


def test_every_line_says_its_zone() -> None:
    record = logging.LogRecord("name", logging.INFO, "path", 1, "message", None, None)
    record.created = 0.5
    assert Line(LINE).format(record) == f"1970-01-01T00:00:00.500+00:00 [{os.getpid()}] INFO name message"


def test_refused_page_leaves_no_traceback_and_a_fault_does() -> None:
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(Line(LINE))
    log = logging.getLogger("django.request")
    log.addHandler(handler)
    try:
        User.objects.create_user("guest", password="pass", is_staff=True)
        guest = Client()
        assert guest.login(request=HttpRequest(), username="guest", password="pass")
        assert guest.get("/admin/auth/user/").status_code == 403
        (line,) = lines.getvalue().splitlines()
        assert "WARNING django.request Forbidden" in line
        log.error("fault", exc_info=ValueError("inside"))
    finally:
        log.removeHandler(handler)
    assert "ValueError: inside" in lines.getvalue()


def test_gunicorn_writes_the_same_lines() -> None:
    log = ServerLog(Config())
    assert [type(handler.formatter) for handler in log.error_log.handlers] == [Line]


@pytest.mark.parametrize(("level", "is_taken"), [("warning", True), ("LOUD", False)])
def test_level_of_the_log_is_a_setting(level: str, *, is_taken: bool) -> None:
    show = "import logging, django; django.setup(); print(logging.getLogger().level)"
    run = python("-c", show, SECRET_KEY=KEY, LOG_LEVEL=level)
    assert (run.stdout.strip() == str(logging.WARNING)) == is_taken
    assert is_taken or "LOG_LEVEL is LOUD: set it to" in run.stderr


@pytest.mark.parametrize("is_dry_run", [True, False])
def test_cleanup_clears_expired_sessions_unless_dry(*, is_dry_run: bool) -> None:
    now = timezone.now()
    Session.objects.create(session_key="old", session_data="", expire_date=now - timedelta(days=1))
    Session.objects.create(session_key="new", session_data="", expire_date=now + timedelta(days=1))
    call_command("cleanup_temp_images", dry_run=is_dry_run)
    kept = set(Session.objects.values_list("session_key", flat=True))
    assert kept == ({"old", "new"} if is_dry_run else {"new"})


def test_demo_password_is_an_error_on_a_public_site() -> None:
    user = User.objects.create_user("claire", password="demo-chambres")
    assert checks.check_demo_passwords(None) == []
    with override_settings(HTTPS=True):
        (error,) = checks.check_demo_passwords(None)
        assert error.is_serious()
        assert "changepassword claire" in str(error)
        User.objects.update(is_active=False)
        assert checks.check_demo_passwords(None) == []
        user.set_password("another")
        user.is_active = True
        user.save()
        assert checks.check_demo_passwords(None) == []


class _Sqlite:
    vendor = "sqlite"

    def __init__(self, path: Path) -> None:
        self.settings_dict = {"NAME": path}

    def is_in_memory_db(self) -> bool:
        return False


def test_database_files_are_tightened(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE t (x)")
    files = sorted(tmp_path.iterdir())
    assert len(files) == 3
    for file in files:
        file.chmod(0o644)
    make_private(None, _Sqlite(path))
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600] * 3
    database.close()


def test_foreign_database_file_is_not_fatal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "db.sqlite3"
    path.touch(0o644)

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "chmod", refuse)
    make_private(None, _Sqlite(path))
    assert path.stat().st_mode & 0o777 == 0o644


def test_every_connection_runs_it() -> None:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and Path(name).exists():
        assert Path(name).stat().st_mode & 0o077 == 0
