"""What a load balancer hears: whether a process lives, and whether it can do its work."""

import errno
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from rooms import monitoring
from rooms.models import CleanupRun
from rooms.storage import LocalPhotoStorage
from rooms.tests.conftest import files_in

OK = {"database": "ok", "storage": "ok", "migrations": "ok"}


def ready(client: Client) -> tuple[int, dict[str, Any]]:
    response = client.get(monitoring.READY)
    return response.status_code, response.json()


def test_a_process_that_lives_says_so_without_database_or_session(client: Client) -> None:
    """There is no `db` here: a query would fail the test."""
    response = client.get(monitoring.LIVE)
    assert (response.status_code, response.text, response.cookies) == (200, "ok", {})
    assert response["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("path", [monitoring.LIVE, monitoring.READY])
def test_probes_know_no_host_and_no_https(
    client: Client, db: None, settings: Any, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    with caplog.at_level(logging.DEBUG):
        for host in ("10.0.0.7:8000", "evil.example", "a_b", ""):
            assert client.get(path, headers={"Host": host}).status_code == 200
    assert [record.message for record in caplog.records if not record.name.startswith("django.db")] == []


@pytest.mark.parametrize("path", [monitoring.LIVE, monitoring.READY])
def test_probes_are_only_asked(client: Client, db: None, path: str) -> None:
    assert (client.head(path).status_code, client.head(path).content) == (200, b"")
    response = client.post(path)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_ready_before_the_first_cleanup(client: Client, db: None) -> None:
    assert ready(client) == (200, {"ready": True, **OK, "cleanup": "never"})


@pytest.mark.parametrize(("hours", "word"), [(47, "ok"), (49, "late")])
def test_a_late_cleanup_is_told_and_makes_nothing_unready(
    client: Client, db: None, hours: int, word: str
) -> None:
    CleanupRun.objects.create(days=1, finished_at=timezone.now() - timedelta(hours=hours))
    assert ready(client) == (200, {"ready": True, **OK, "cleanup": word})


def test_not_ready_without_a_database(client: Client, db: None) -> None:
    def fail(execute: Any, *args: Any) -> Any:
        raise OperationalError('connection to "db.internal" as "photos" failed')

    with connection.execute_wrapper(fail):
        status, said = ready(client)
    words = {"database": "unavailable", "migrations": "unknown", "cleanup": "unknown"}
    assert (status, said) == (503, {"ready": False, "storage": "ok", **words})


@pytest.mark.django_db(transaction=True)
def test_not_ready_before_migrations(client: Client) -> None:
    MigrationRecorder(connection).migration_qs.filter(app="rooms").order_by("-name")[:1].get().delete()
    try:
        assert ready(client) == (503, {"ready": False, **OK, "migrations": "pending", "cleanup": "never"})
    finally:
        call_command("migrate", "rooms", fake=True, verbosity=0)


@pytest.mark.parametrize(("number", "word"), [(errno.ENOSPC, "full"), (errno.EIO, "unavailable")])
def test_not_ready_without_a_storage(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch, number: int, word: str
) -> None:
    def fail(*args: Any) -> None:
        raise OSError(number, "no", "/srv/secret")

    monkeypatch.setattr(LocalPhotoStorage, "save_durably", fail)
    assert ready(client) == (503, {"ready": False, **OK, "storage": word, "cleanup": "never"})


def test_the_storage_is_tried_twice_a_minute_and_nothing_stays(
    client: Client, db: None, media_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []
    monkeypatch.setattr(monitoring, "_try_storage", lambda: tries.append(1) or "ok")
    now = [1000.0]
    monkeypatch.setattr(monitoring.time, "monotonic", lambda: now[0])
    for second in (0, 10, 29.9, 30.1, 59):
        now[0] = 1000 + second
        ready(client)
    assert len(tries) == 2
    monkeypatch.undo()
    assert monitoring._try_storage() == "ok"
    assert files_in(media_root) == set()


def test_what_a_killed_probe_left_is_taken_by_a_later_one(
    db: None, media_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = LocalPhotoStorage(location=media_root)
    storage.save_durably({"health/03": monitoring.PROBE[:10]})
    monkeypatch.setattr(monitoring.secrets, "randbelow", lambda below: 3)
    assert monitoring._try_storage() == "ok"
    assert files_in(media_root) == set()


def test_an_audit_has_nothing_to_say_of_probes(
    client: Client, db: None, media_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ready(client)
    LocalPhotoStorage(location=media_root).save_durably({"health/03": monitoring.PROBE})
    call_command("cleanup_temp_images", audit=True)
    assert "health" not in capsys.readouterr().out
    assert not CleanupRun.objects.get().findings
