"""The audit finds every file that no row knows and every row without its files, and doubts itself."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import translation

from rooms import storage
from rooms.models import CleanupRun, PendingFile, Room, RoomImage
from rooms.services.cleanup import audit, clean_up
from rooms.tests.conftest import add_photos, files_in, insert_old_row, lay_file
from rooms.tests.photo_library import DAY_S, age, lay_library, lay_photo, name_of, partial, run


def test_thirty_faults_among_a_thousand_rows_are_all_found_and_no_other(room: Room, media_root: Path) -> None:
    photos = lay_library(media_root, room, 1000)
    without_master, without_version, resized = photos[5:500:50], photos[20:520:100], photos[30:530:100]
    for photo in without_master:
        (media_root / photo.file_name).unlink()
    for photo in without_version:
        (media_root / storage.version_name(photo.file_name, 640)).unlink()
    for photo in resized:
        (media_root / photo.file_name).write_bytes(b"123")
    orphans = [name_of(number) for number in range(2000, 2010)]
    for name in orphans:
        age(lay_file(media_root, name), 2 * DAY_S)

    printed, status = run()

    assert len(without_master) + len(without_version) + len(resized) + len(orphans) == 30
    assert status == 0
    assert sorted(printed["unknown_files"]) == orphans
    assert {sentence.split(",")[0] for sentence in printed["missing"]} == {
        f"Photo {photo.pk}" for photo in (*without_master, *without_version, *resized)
    }
    assert len(printed["missing"]) == printed["missing_count"] == 20
    assert printed["scanned_files"] == 4000 - 10 - 5 + 10
    assert (printed["files"], printed["errors"], printed["left_alone"]) == (10, [], [])
    assert len(files_in(media_root)) == 4000 - 15
    assert RoomImage.objects.count() == 1000
    again, _status = run()
    assert (again["unknown_files"], again["files"], again["missing"]) == ([], 0, printed["missing"])


def test_dry_run_says_what_a_run_does_and_changes_nothing(room: Room, media_root: Path) -> None:
    lay_library(media_root, room, 60)
    lay_photo(media_root, name_of(300))
    age(lay_file(media_root, name_of(301).replace(".jpg", "_999.webp"), b"1234567"), 2 * DAY_S)
    age(lay_file(media_root, partial(name_of(302)), b"12"), 2 * DAY_S)
    add_photos(None, 1)
    RoomImage.objects.filter(room=None).update(created_at=RoomImage.objects.first().created_at - timedelta(9))
    before = files_in(media_root)
    dry, _status = run("--dry-run")
    assert files_in(media_root) == before
    assert not PendingFile.objects.exists()
    assert not CleanupRun.objects.exists()
    wet, _status = run()
    assert dry | {"dry_run": False} == wet
    assert (wet["photos"], wet["files"], wet["unknown_count"]) == (1, 4 + 4 + 2, 5)
    assert len(files_in(media_root)) == 240
    again, status = run()
    assert (again["files"], again["unknown_count"], status) == (0, 0, 0)


@pytest.mark.parametrize(("orphans", "refused"), [(10, False), (12, False), (13, True)])
def test_too_many_unknown_files_are_refused(
    room: Room, media_root: Path, orphans: int, refused: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    lay_library(media_root, room, 12)  # 48 files, of which 12 more are a fifth
    for number in range(orphans):
        age(lay_file(media_root, name_of(300 + number)), 2 * DAY_S)
    age(lay_file(media_root, partial(name_of(20))), 2 * DAY_S)
    dry, dry_status = run("--dry-run")
    printed, status = run()
    assert (status, dry_status) == ((2, 2) if refused else (0, 0))
    assert printed["files"] == dry["files"] == (0 if refused else orphans + 1)
    assert bool(printed["refused"]) is refused
    assert (str(orphans) in capsys.readouterr().err) is refused
    assert len(files_in(media_root)) == (48 + orphans + 1 if refused else 48)
    forced, status = run("--force")
    assert (status, forced["refused"], len(files_in(media_root))) == (0, "", 48)


def test_ten_unknown_files_are_removed_however_small_the_library(db: None, media_root: Path) -> None:
    for number in range(audit.SUSPICIOUS_COUNT):
        age(lay_file(media_root, name_of(number)), 2 * DAY_S)
    assert clean_up(1, audit=True).files == 10


def test_empty_database_takes_nothing_from_a_full_folder(db: None, media_root: Path) -> None:
    for number in range(5):
        lay_photo(media_root, name_of(number))
    printed, status = run()
    assert (status, printed["files"], len(files_in(media_root))) == (2, 0, 20)
    assert CleanupRun.objects.get().findings == [printed["refused"]]


@pytest.mark.parametrize("arguments", [(), ("--dry-run",), ("--force",)])
@pytest.mark.parametrize("count", [1, 30])
def test_library_without_any_of_its_files_is_an_error_and_nothing_goes(
    room: Room, media_root: Path, tmp_path: Path, count: int, arguments: tuple[str, ...]
) -> None:
    """The folder of another system is mounted, say: what is pending must not be struck off either."""
    lay_library(media_root, room, count)
    RoomImage.objects.create(room=None, image="old/1.jpg", caption="", order=0)
    (media_root / "photos").rename(tmp_path / "elsewhere")
    for number in range(3):
        lay_photo(media_root, name_of(300 + number))
    PendingFile.objects.create(name=name_of(303))
    lay_photo(media_root, name_of(303))
    printed, status = run("--days=0", *arguments)
    assert status == 1
    assert [f" {count + 1} " in sentence for sentence in printed["errors"]] == [True]
    assert (printed["files"], printed["photos"], printed["missing_count"]) == (0, 0, count + 1)
    assert (len(files_in(media_root)), PendingFile.objects.count()) == (16, 1)
    assert RoomImage.objects.count() == count + 1
    recorded = [error for record in CleanupRun.objects.all() for error in record.errors]
    assert recorded == ([] if "--dry-run" in arguments else printed["errors"])
    (media_root / "photos").rename(tmp_path / "of another system")
    (tmp_path / "elsewhere").rename(media_root / "photos")
    assert run()[1] == 0


def test_one_file_that_is_there_makes_the_others_faults_of_their_own(room: Room, media_root: Path) -> None:
    photos = lay_library(media_root, room, 5)
    for photo in photos[1:]:
        (media_root / photo.file_name).unlink()
    printed, status = run()
    assert (status, printed["missing_count"], printed["errors"]) == (0, 4, [])


def test_young_orphans_are_counted_and_named_and_go_later(
    room: Room, media_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lay_library(media_root, room, 12)
    lay_photo(media_root, name_of(300), 3600)
    lay_photo(media_root, name_of(301), 3600)
    PendingFile.objects.create(name=name_of(301), kind=PendingFile.Kind.UPLOAD)
    printed, status = run()
    assert (status, printed["unknown_count"], printed["files"]) == (0, 0, 0)
    assert (printed["young_count"], printed["young_bytes"]) == (4, 20)
    assert sorted(printed["young_files"]) == sorted(storage.names_of(name_of(300)))
    with translation.override("en"):
        call_command("cleanup_temp_images", audit=True)
    told = capsys.readouterr().out
    assert "0 of no photo (0\xa0bytes), and 4 too young to go" in told
    assert all(
        f"{name} belongs to no photo, but is too young to go" in told for name in printed["young_files"]
    )
    assert len(files_in(media_root)) == 14 * 4
    for name in storage.names_of(name_of(300)):
        age(media_root / name, 2 * DAY_S)
    printed, _status = run()
    assert (printed["young_count"], printed["unknown_count"], printed["files"]) == (0, 4, 4)


def test_photo_saved_between_the_look_at_files_and_at_entries_is_no_young_orphan(
    room: Room, media_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_photo(media_root, name_of(1), 60)
    real = audit.find_listed

    def save_meanwhile(names: Any) -> set[str]:
        RoomImage.all_objects.bulk_create([RoomImage(room=room, image=name_of(1), size=5)])
        return real(names)

    monkeypatch.setattr(audit, "find_listed", save_meanwhile)
    printed, _status = run()
    assert (printed["young_count"], printed["unknown_count"]) == (0, 0)


def test_files_of_older_photos_are_looked_for_and_left_alone(room: Room, media_root: Path) -> None:
    lay_file(media_root, "old/1.jpg")
    insert_old_row(room, "old/1.jpg")
    insert_old_row(room, "old/gone.jpg")
    insert_old_row(room, "../outside.jpg")
    for name in files_in(media_root):
        age(media_root / name, 9 * DAY_S)
    report = clean_up(1, audit=True)
    assert report.audit
    assert (report.files, report.errors, report.audit.orphans.count) == (0, [], 0)
    assert files_in(media_root) == {"old/1.jpg"}
    assert ["gone" in sentence or "outside" in sentence for sentence in report.audit.missing] == [True, True]


def test_photo_that_is_saved_after_the_scan_is_kept(
    room: Room, media_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_photo(media_root, name_of(1))
    real = audit._doubt

    def save_meanwhile(found: Any) -> str:
        RoomImage.all_objects.bulk_create([RoomImage(room=room, image=name_of(1))])
        return real(found)

    monkeypatch.setattr(audit, "_doubt", save_meanwhile)
    report = clean_up(1, audit=True)
    assert (report.files, len(files_in(media_root)), PendingFile.objects.count()) == (0, 4, 0)


def test_upload_under_way_keeps_its_files_whatever_their_age(db: None, media_root: Path) -> None:
    lay_photo(media_root, name_of(1), 99 * DAY_S)
    age(lay_file(media_root, partial(name_of(1))), 99 * DAY_S)
    PendingFile.objects.create(name=name_of(1), kind=PendingFile.Kind.UPLOAD)
    assert clean_up(0, audit=True).files == 0
    assert len(files_in(media_root)) == 5


def timezone_now() -> Any:
    return CleanupRun.objects.create(days=1).started_at


def test_json_without_audit_is_as_it_ever_was(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("cleanup_temp_images", "--json")
    assert set(json.loads(capsys.readouterr().out)) == {
        "dry_run", "days", "photos", "files", "bytes", "errors",
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_row_deleted_behind_our_back_leaves_files_that_the_audit_takes(room: Room, media_root: Path) -> None:
    photos = lay_library(media_root, room, 30)
    RoomImage.all_objects.filter(pk=photos[0].pk)._raw_delete("default")
    assert clean_up(0).files == 0
    assert clean_up(1, audit=True).files == 4
    assert len(files_in(media_root)) == 29 * 4


def test_restored_backup_loses_no_file(room: Room, media_root: Path, tmp_path: Path) -> None:
    photos = lay_library(media_root, room, 12)
    backup = tmp_path / "backup.json"
    call_command("dumpdata", "rooms.roomimage", "--all", output=str(backup))
    RoomImage.all_objects.all()._raw_delete("default")
    assert run()[1] == 2  # no rows: refused
    call_command("loaddata", str(backup), verbosity=0)
    printed, status = run()
    assert (printed["files"], printed["unknown_count"], printed["missing"], status) == (0, 0, [], 0)
    assert len(files_in(media_root)) == len(photos) * 4
