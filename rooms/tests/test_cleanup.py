"""The cleanup takes what nobody waits for, all of it, and nothing else."""

import io
import time
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from rooms.models import Draft, Gallery, PendingFile, RoomImage
from rooms.models.photo import photo_storage
from rooms.services import gallery as galleries
from rooms.services import uploads
from rooms.services.cleanup import clean_up, delete, expire
from rooms.tests.conftest import add_photos, files_in, insert_old_row, lay_file, picture

FILES_EACH = 4


def ago(**span):
    return timezone.now() - timedelta(**span)


def idle_draft(user, count=2, **span):
    """A draft with photos, left alone for so long."""
    draft = Draft.objects.create(user=user)
    add_photos(None, count, draft=draft)
    Draft.objects.filter(pk=draft.pk).update(touched_at=ago(**span))
    RoomImage.objects.filter(draft=draft).update(created_at=ago(**span))
    return draft


def result(report):
    return report.photos, report.files, report.errors


@pytest.mark.parametrize(
    ("span", "days", "goes"),
    [
        ({"hours": 23, "minutes": 59}, 1, False),
        ({"hours": 24, "seconds": 5}, 1, True),
        ({"hours": 24, "seconds": 5}, 2, False),
        ({"days": 8}, 7, True),
        ({"seconds": 0}, 0, True),
        ({"days": -3}, 1, False),
        ({"days": -3}, 0, True),
    ],
)
@pytest.mark.parametrize("kind", ["draft", "none"])
def test_photo_goes_when_it_was_left_alone_for_more_than_so_many_days(
    alice, room, media_root, kind, span, days, goes
):
    if kind == "draft":
        idle_draft(alice, 1, **span)
    else:
        add_photos(None, 1)
        RoomImage.objects.update(created_at=ago(**span))
    assert result(clean_up(days)) == ((1, FILES_EACH, []) if goes else (0, 0, []))
    assert RoomImage.all_objects.exists() is not goes
    assert (files_in(media_root) == set()) is goes


@pytest.mark.parametrize(
    ("span", "days", "goes"),
    [
        ({"days": 29, "hours": 23}, 1, False),
        ({"days": 30, "minutes": 1}, 1, True),
        ({"days": 30, "minutes": 1}, 60, True),
        ({"minutes": 1}, 0, True),
    ],
)
def test_removed_photo_goes_when_it_cannot_be_restored_any_more(room, media_root, span, days, goes):
    """Whatever age is asked of temporary ones, but for 0, which takes all."""
    galleries.remove(add_photos(room, 1)[0])
    RoomImage.all_objects.update(removed_at=ago(**span))
    assert result(clean_up(days)) == ((1, FILES_EACH, []) if goes else (0, 0, []))
    assert RoomImage.all_objects.exists() is not goes
    assert (files_in(media_root) == set()) is goes


def test_operator_says_how_long_removed_photos_stay(room, settings):
    settings.ROOM_PHOTO_RESTORABLE_DAYS = 3
    galleries.remove(add_photos(room, 1)[0])
    RoomImage.all_objects.update(removed_at=ago(days=3, minutes=1))
    assert galleries.find_removed(Gallery(room=room)) == []
    assert result(clean_up(1)) == (1, FILES_EACH, [])


def test_working_in_a_draft_keeps_all_of_it(alice):
    draft = idle_draft(alice, 3, days=5)
    galleries.update(RoomImage.objects.select_related("draft", "room").first(), caption="Vue")
    assert result(clean_up(1)) == (0, 0, [])
    assert draft.images.count() == 3


@pytest.mark.parametrize("days", [0, 1])
def test_attached_photos_and_foreign_files_stay(room, media_root, days):
    add_photos(room, 2)
    RoomImage.objects.update(created_at=ago(days=900))
    insert_old_row(room, "old/1.jpg")
    names = ("old/1.jpg", "old/unknown.jpg", "photos/ab/unknown.jpg", ".gitkeep")
    for name in names:
        lay_file(media_root, name)
    before = files_in(media_root)
    assert result(clean_up(days)) == (0, 0, [])
    assert (RoomImage.objects.count(), files_in(media_root)) == (3, before)


@pytest.mark.parametrize(("minutes", "stays"), [(0, True), (14, True), (16, False)])
@pytest.mark.parametrize("days", [0, 1])
def test_upload_under_way_keeps_its_files_while_it_may_live(room, media_root, days, minutes, stays):
    name = "photos/ab/" + "ab" * 16 + ".jpg"
    PendingFile.objects.create(
        name=name, kind=PendingFile.Kind.UPLOAD, noted_at=Now() - timedelta(minutes=minutes), room=room
    )
    lay_file(media_root, name)
    clean_up(days)
    assert PendingFile.objects.exists() is stays
    assert (media_root / name).exists() is stays


@pytest.mark.parametrize("days", [0, 1])
def test_upload_into_an_old_draft_survives_a_cleanup_in_its_midst(alice, monkeypatch, days):
    draft = idle_draft(alice, 0, days=9)
    real = uploads.images.process

    def process(content, **how):
        clean_up(days)
        return real(content)

    monkeypatch.setattr(uploads.images, "process", process)
    received = uploads.add_photo(alice, Gallery(draft=draft), io.BytesIO(picture()))
    assert RoomImage.objects.get() == received.photo


def test_saved_draft_goes_and_its_room_stays(alice, room):
    Draft.objects.create(user=alice, is_saved=True, room=room)
    recent = Draft.objects.create(user=alice)
    Draft.objects.exclude(pk=recent.pk).update(touched_at=ago(days=3))
    clean_up(1)
    assert Draft.objects.get() == recent
    room.refresh_from_db()


def test_dry_run_says_what_a_run_takes_and_changes_nothing(alice, room, media_root):
    idle_draft(alice, 2, days=5)
    galleries.remove(add_photos(room, 1)[0])
    RoomImage.all_objects.exclude(removed_at=None).update(removed_at=ago(days=31))
    for name in ("old/shared.jpg", "old/kept.jpg", "old/twice.jpg"):
        lay_file(media_root, name)
    insert_old_row(room, "old/kept.jpg")
    RoomImage.objects.bulk_create(
        RoomImage(image=name)
        for name in ("old/shared.jpg", "old/kept.jpg", "old/twice.jpg", "old/twice.jpg", "")
    )
    RoomImage.objects.filter(room=None, draft=None).update(created_at=ago(days=2))
    PendingFile.objects.create(name="photos/cd/" + "cd" * 16 + ".jpg")
    lay_file(media_root, "photos/cd/" + "cd" * 16 + ".jpg")
    before = files_in(media_root), list(RoomImage.all_objects.values()), list(PendingFile.objects.values())
    dry = clean_up(1, dry_run=True)
    after = files_in(media_root), list(RoomImage.all_objects.values()), list(PendingFile.objects.values())
    assert before == after
    wet = clean_up(1)
    assert (dry.photos, dry.files, dry.bytes) == (wet.photos, wet.files, wet.bytes)
    assert (wet.photos, wet.errors) == (8, [])
    assert files_in(media_root) == {"old/kept.jpg"}
    assert result(clean_up(1)) == (0, 0, [])


def test_run_goes_on_past_a_file_that_cannot_be_removed(alice, media_root, monkeypatch):
    idle_draft(alice, 3, days=5)
    stuck = RoomImage.objects.first().image.name
    disk = photo_storage()
    real_delete = disk.delete

    def delete(name):
        if name == stuck:
            raise PermissionError(name)
        real_delete(name)

    with monkeypatch.context() as patch:
        patch.setattr(disk, "delete", delete)
        report = clean_up(1)
    assert len(report.errors) == 1
    assert stuck in report.errors[0]
    assert (report.photos, report.files) == (3, 2 * FILES_EACH)
    assert not RoomImage.all_objects.exists()
    assert PendingFile.objects.get().name == stuck
    assert result(clean_up(1))[2] == []
    assert files_in(media_root) == set()


def test_batches_take_everything(alice, media_root, monkeypatch):
    for module in (delete, expire):
        monkeypatch.setattr(module, "BATCH", 2)
    for _number in range(3):
        idle_draft(alice, 3, days=5)
    assert result(clean_up(1)) == (9, 9 * FILES_EACH, [])
    assert (files_in(media_root), PendingFile.objects.count(), Draft.objects.count()) == (set(), 0, 0)


@pytest.mark.django_db(transaction=True)
def test_kept_photo_is_one_that_was_saved_in_the_last_moment(alice, room, media_root):
    """Attached between the look and the lock: the second look finds it."""
    draft = idle_draft(alice, 1, days=5)
    ids = list(expire.find_idle_photos(1).values_list("pk", flat=True))
    RoomImage.objects.update(room=room, draft=None)
    assert result(clean_up(1)) == (0, 0, [])
    assert RoomImage.objects.get().pk == ids[0]
    assert not Draft.objects.filter(pk=draft.pk).exists()
    assert len(files_in(media_root)) == FILES_EACH


@pytest.mark.parametrize("hours", [-2, 2])
def test_age_is_told_by_the_database_whatever_this_machine_s_clock_says(alice, monkeypatch, hours):
    kept, gone = idle_draft(alice, 1, hours=23), idle_draft(alice, 1, hours=25)
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + hours * 3600)
    assert result(clean_up(1)) == (1, FILES_EACH, [])
    assert kept.images.exists()
    assert not gone.images.exists()


def test_folder_in_a_file_s_place_is_named_and_the_others_go(alice, media_root):
    idle_draft(alice, 2, days=5)
    stuck = media_root / RoomImage.objects.first().file_name
    stuck.unlink()
    stuck.mkdir()
    report = clean_up(1)
    assert [stuck.name in error for error in report.errors] == [True]
    assert (report.files, PendingFile.objects.count(), stuck.is_dir()) == (FILES_EACH, 1, True)


def test_entry_of_versions_cut_short_goes_and_their_photo_stays(room, media_root):
    photo = add_photos(room, 1)[0]
    PendingFile.objects.create(
        name=photo.file_name, kind=PendingFile.Kind.UPLOAD, noted_at=Now() - timedelta(hours=2)
    )
    folder, _slash, base = photo.file_name.rpartition("/")
    lay_file(media_root, f"{folder}/.{base}.part")
    assert result(clean_up(1)) == (0, 0, [])
    assert (len(files_in(media_root)), PendingFile.objects.count()) == (FILES_EACH, 0)


def test_versions_being_made_do_not_keep_the_files_of_an_idle_photo(alice, media_root):
    photo = idle_draft(alice, 1, days=5).images.get()
    PendingFile.objects.create(name=photo.file_name, kind=PendingFile.Kind.UPLOAD)
    assert result(clean_up(1)) == (1, FILES_EACH, [])
    assert (files_in(media_root), PendingFile.objects.count()) == (set(), 0)


def test_sentences_about_a_storage_that_is_away_are_counted_and_not_all_kept(db, monkeypatch):
    monkeypatch.setattr(delete, "REPORT_MAX_SENTENCES", 3)
    PendingFile.objects.bulk_create(PendingFile(name=f"x/{number}.jpg") for number in range(5))

    def fail(name):
        raise OSError("away")

    monkeypatch.setattr(photo_storage(), "delete", fail)
    errors = clean_up(1).to_json()["errors"]
    assert len(errors) == 4
    assert "2" in errors[-1]
    assert PendingFile.objects.count() == 5
