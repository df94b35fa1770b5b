"""`manage.py cleanup_temp_images`: what it prints, and how it ends."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from rooms.models import RoomImage
from rooms.models.photo import photo_storage
from rooms.tests.conftest import add_photos, files_in


def run(*arguments, **options):
    call_command("cleanup_temp_images", *arguments, **options)


@pytest.fixture
def garbage(db):
    photos = add_photos(None, 2)
    RoomImage.objects.update(created_at=timezone.now() - timedelta(days=3))
    return photos


def test_json_is_one_object_of_the_contracts_shape(garbage, capsys, media_root):
    bytes_there = sum((media_root / name).stat().st_size for name in files_in(media_root))
    run("--json")
    assert json.loads(capsys.readouterr().out) == {
        "dry_run": False,
        "days": 1,
        "photos": 2,
        "files": 8,
        "bytes": bytes_there,
        "errors": [],
    }
    assert files_in(media_root) == set()


def test_dry_run_prints_the_same_and_changes_nothing(garbage, capsys, media_root):
    run("--json", "--dry-run", "--days", "2")
    dry = json.loads(capsys.readouterr().out)
    assert (RoomImage.objects.count(), len(files_in(media_root))) == (2, 8)
    run("--json", "--days", "2")
    assert json.loads(capsys.readouterr().out) == dry | {"dry_run": False}


def test_days_default_to_one_and_zero_takes_all(db, capsys):
    add_photos(None, 1)
    for arguments, photos in (([], 0), (["--days", "1"], 0), (["--days=0"], 1)):
        run("--json", *arguments)
        assert json.loads(capsys.readouterr().out)["photos"] == photos


@pytest.mark.parametrize(("language", "word"), [("fr", "supprim"), ("en", "emoved")])
def test_people_get_a_sentence_in_their_language(garbage, capsys, language, word):
    with translation.override(language):
        run("--dry-run")
        run()
    dry, wet = capsys.readouterr().out.splitlines()
    assert dry != wet
    assert "2" in dry
    assert "2" in wet
    assert word in wet


def test_file_that_cannot_be_removed_ends_with_status_1_after_all_else(garbage, capsys, monkeypatch):
    disk = photo_storage()
    real_delete, stuck = disk.delete, garbage[0].image.name

    def delete(name):
        if name == stuck:
            raise PermissionError(name)
        real_delete(name)

    monkeypatch.setattr(disk, "delete", delete)
    with pytest.raises(SystemExit) as end:
        run("--json")
    captured = capsys.readouterr()
    assert end.value.code == 1
    assert json.loads(captured.out)["photos"] == 2
    assert stuck in json.loads(captured.out)["errors"][0]
    assert stuck in captured.err
    assert not photo_storage().exists(garbage[1].image.name)


@pytest.mark.parametrize("days", ["-1", "36501", "x"])
def test_impossible_days_are_refused(db, days):
    with pytest.raises(CommandError):
        run(f"--days={days}")
