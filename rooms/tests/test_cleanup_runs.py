"""One cleanup at a time, and what each of them leaves on record for platform staff."""

import io
import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone, translation

from rooms.models import CleanupRun, RoomImage
from rooms.models.photo import photo_storage
from rooms.services.cleanup import clean_up_alone, is_running, run
from rooms.tests.conftest import add_photos, files_in

LIST = "/admin/rooms/cleanuprun/"


@pytest.fixture
def garbage(db: None) -> list[RoomImage]:
    return add_photos(None, 2)


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "LOCK_PATIENCE_S", 0)


# --- one at a time ----------------------------------------------------------------------


def test_second_run_says_so_does_nothing_and_ends_well(
    garbage: Any, media_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with run.only_one() as is_alone:
        assert is_alone
        assert is_running()
        call_command("cleanup_temp_images", days=0)
        printed = capsys.readouterr()
        assert (printed.out, len(printed.err.splitlines())) == ("", 1)
        call_command("cleanup_temp_images", days=0, json=True)
        printed = capsys.readouterr()
        figures = {"dry_run": False, "days": 0, "photos": 0, "files": 0, "bytes": 0, "errors": []}
        assert json.loads(printed.out) == figures | {"busy": True, "last_good_run_age_s": None}
        assert len(printed.err.splitlines()) == 1
        assert (len(files_in(media_root)), RoomImage.objects.count()) == (8, 2)
        assert not CleanupRun.objects.exists()
    assert not is_running()
    call_command("cleanup_temp_images", days=0, json=True)
    assert files_in(media_root) == set()


def test_run_that_does_nothing_tells_how_old_the_last_good_one_is(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    clean_up_alone(1)
    CleanupRun.objects.update(finished_at=timezone.now() - timedelta(hours=3, seconds=5))
    CleanupRun.objects.create(days=1)
    CleanupRun.objects.create(days=1, errors=["stuck"], finished_at=timezone.now())
    with run.only_one():
        call_command("cleanup_temp_images", json=True)
        printed = json.loads(capsys.readouterr().out)
        with translation.override("en"):
            call_command("cleanup_temp_images")
    assert printed["busy"] is True
    assert 3 * 3600 <= printed["last_good_run_age_s"] < 3 * 3600 + 60
    assert "without errors ended 3\xa0hours ago" in capsys.readouterr().err


def test_run_with_errors_tells_how_old_the_last_good_one_is(
    garbage: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clean_up_alone(1)

    def fail(name: str) -> None:
        raise PermissionError(name)

    monkeypatch.setattr(photo_storage(), "delete", fail)
    with pytest.raises(SystemExit):
        call_command("cleanup_temp_images", days=0, json=True)
    printed = json.loads(capsys.readouterr().out)
    assert printed["busy"] is False
    assert 0 <= printed["last_good_run_age_s"] < 60


def test_dry_run_needs_no_lock(garbage: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with run.only_one():
        call_command("cleanup_temp_images", days=0, json=True, dry_run=True)
    assert json.loads(capsys.readouterr().out)["photos"] == 2


def test_second_run_waits_for_a_first_that_is_about_to_end(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "LOCK_PATIENCE_S", 60)
    first = run._try_lock()
    assert first
    monkeypatch.setattr(run.time, "sleep", lambda seconds: first())
    with run.only_one() as is_alone:
        assert is_alone


def test_lock_is_let_go_after_a_failure(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "expire_idle", fail)
    with pytest.raises(KeyboardInterrupt):
        clean_up_alone(1)
    assert not is_running()
    assert CleanupRun.objects.filter(finished_at=None).count() == 1


def test_database_in_memory_has_no_lock_file(
    monkeypatch: pytest.MonkeyPatch, db: None, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (":memory:", "file:memorydb_default?mode=memory&cache=shared"):
        monkeypatch.setitem(connection.settings_dict, "NAME", name)
        with run.only_one() as is_alone:
            assert is_alone
    assert os.listdir(tmp_path) == []


# --- on record --------------------------------------------------------------------------


def test_run_is_recorded_with_what_it_did(garbage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    disk, stuck = photo_storage(), garbage[0].image.name
    real_delete = disk.delete

    def delete(name: str) -> None:
        if name == stuck:
            raise PermissionError("not yours")
        real_delete(name)

    monkeypatch.setattr(disk, "delete", delete)
    report = clean_up_alone(0, audit=True)
    assert report
    record = CleanupRun.objects.get()
    assert (record.days, record.with_audit, record.forced) == (0, True, False)
    assert (record.photos, record.files, record.bytes) == (2, report.files, report.bytes)
    assert record.errors == report.errors
    assert stuck in record.errors[0]
    assert record.finished_at >= record.started_at


def test_dry_run_is_not_recorded(garbage: Any) -> None:
    call_command("cleanup_temp_images", days=0, dry_run=True, json=True, stdout=io.StringIO())
    assert not CleanupRun.objects.exists()


def test_killed_run_stays_unfinished_and_shows_what_it_had_done(
    garbage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def kill(*args: Any) -> None:
        raise Killed

    monkeypatch.setattr(run, "delete_idle_drafts", kill)
    with pytest.raises(Killed):
        clean_up_alone(0)
    record = CleanupRun.objects.get()
    assert (record.finished_at, record.photos, record.files) == (None, 2, 8)


def test_database_that_is_away_is_an_error_and_no_traceback(
    garbage: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*args: Any) -> None:
        raise DatabaseError("connection lost")

    monkeypatch.setattr(run, "expire_idle", fail)
    with pytest.raises(SystemExit) as end:
        call_command("cleanup_temp_images", json=True)
    assert end.value.code == 1
    assert "connection lost" in json.loads(capsys.readouterr().out)["errors"][0]


def test_only_the_last_runs_are_kept(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "RECORD_MAX_RUNS", 3)
    for days in range(5):
        clean_up_alone(days)
    assert [record.days for record in CleanupRun.objects.all()] == [4, 3, 2]


# --- for platform staff -----------------------------------------------------------------


@pytest.fixture
def runs(garbage: Any) -> list[CleanupRun]:
    CleanupRun.objects.create(days=1, photos=5)
    clean_up_alone(0, audit=True, force=True)
    CleanupRun.objects.filter(days=0).update(errors=["<b>stuck</b>"], bytes=1234567)
    clean_up_alone(2)
    return list(CleanupRun.objects.all())


def test_staff_reads_the_list_and_each_run(as_sam: Client, runs: list[CleanupRun]) -> None:
    page = as_sam.get(LIST, headers={"Accept-Language": "en"}).content.decode()
    for text in ("Interrupted", "With errors", "Finished", "of any age, with audit (forced)", "1.2\xa0MB"):
        assert text in page, text
    assert f'href="{LIST}"' in page
    page = as_sam.get(f"{LIST}{runs[1].pk}/change/", headers={"Accept-Language": "en"}).content.decode()
    assert "&lt;b&gt;stuck" in page
    assert ">With errors<" in "".join(page.split("\n")).replace("> ", ">").replace(" <", "<")


def test_list_says_how_long_ago_a_run_ended_well(as_sam: Client) -> None:
    page = as_sam.get(LIST, headers={"Accept-Language": "en"}).content.decode()
    assert "No cleanup has ended without errors yet." in page
    clean_up_alone(1)
    CleanupRun.objects.update(finished_at=timezone.now() - timedelta(days=2, minutes=1))
    CleanupRun.objects.create(days=1, errors=["stuck"], finished_at=timezone.now())
    page = as_sam.get(LIST, headers={"Accept-Language": "en"}).content.decode()
    assert "The last cleanup without errors ended 2\xa0days ago." in page


def test_run_under_way_is_told_from_one_that_was_killed(as_sam: Client, runs: list[CleanupRun]) -> None:
    CleanupRun.objects.create(days=3)
    with run.only_one():
        assert "Running" in as_sam.get(LIST, headers={"Accept-Language": "en"}).content.decode()
    assert "Running" not in as_sam.get(LIST, headers={"Accept-Language": "en"}).content.decode()


def test_nobody_changes_the_record(as_root: Client, runs: list[CleanupRun]) -> None:
    for path in ("add/", f"{runs[0].pk}/delete/"):
        assert as_root.post(LIST + path, {"post": "yes"}).status_code == 403
    as_root.post(f"{LIST}{runs[0].pk}/change/", {"days": 9})
    as_root.post(LIST, {"action": "delete_selected", "_selected_action": runs[0].pk, "post": "yes"})
    assert list(CleanupRun.objects.values_list("pk", "days")) == [(run.pk, run.days) for run in runs]


def test_owner_does_not_meet_it(as_alice: Client, runs: list[CleanupRun]) -> None:
    assert as_alice.get(LIST).status_code == 403
    assert LIST not in as_alice.get("/admin/rooms/room/").content.decode()


def test_permission_comes_with_the_migrations(db: None) -> None:
    groups = Group.objects.filter(permissions__codename="view_cleanuprun")
    assert [group.name for group in groups] == ["Staff"]
