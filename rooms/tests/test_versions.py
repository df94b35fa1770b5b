"""Photos that lack files: those an older system left, and those of a backup that held no versions."""

import errno
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models.functions import Now
from django.test import Client
from PIL import Image

from rooms import images, storage
from rooms.errors import NotFound, StorageUnavailable
from rooms.limits import VERSION_SIDES_PX
from rooms.models import Draft, PendingFile, Room, RoomImage, photo_files
from rooms.services import gallery as galleries
from rooms.services.cleanup import clean_up
from rooms.services.new_files import complete, is_whole, rotate
from rooms.storage import LocalPhotoStorage
from rooms.tests.conftest import add_photos, files_in, insert_old_row, lay_file, picture

OLD = "old/2019/IMG 1.jpg"

commits = pytest.mark.django_db(transaction=True)


@pytest.fixture
def old_photo(room: Room, media_root: Path) -> RoomImage:
    lay_file(media_root, OLD, picture((900, 600)))
    return insert_old_row(room, OLD, "Vue", order=1)


def rebuild(*options: str) -> None:
    call_command("rebuild_photo_versions", *options)


def assert_whole(photo: RoomImage, media_root: Path) -> None:
    photo.refresh_from_db()
    assert is_whole(photo)
    assert files_in(media_root) == set(storage.names_of(photo.file_name))
    assert not PendingFile.objects.exists()


# --- rows of an older system --------------------------------------------------------------


def test_older_photo_is_its_own_thumbnail(
    old_photo: RoomImage, as_alice: Client, room: Room, media_root: Path
) -> None:
    image = as_alice.get(f"/rooms/{room.pk}/images/").json()["images"][0]
    assert (image["thumbnail_url"], image["srcset"]) == (image["url"], "")
    assert image["url"] == "/media/old/2019/IMG%201.jpg"
    page = as_alice.get(f"/admin/rooms/room/{room.pk}/change/").content.decode()
    assert f'src="{image["url"]}"' in page
    assert "srcset=" not in page
    assert f'src="{image["url"]}"' in as_alice.get("/admin/rooms/room/").content.decode()
    assert as_alice.get(image["url"] + "?side=320").content == (media_root / OLD).read_bytes()
    assert files_in(media_root) == {OLD}


@commits
def test_rebuild_gives_an_older_photo_files_of_our_own(
    old_photo: RoomImage, client: Client, media_root: Path
) -> None:
    before = RoomImage.objects.values("caption", "order", "room", "removed_at").get()
    rebuild()
    assert_whole(old_photo, media_root)
    assert RoomImage.objects.values("caption", "order", "room", "removed_at").get() == before
    assert (old_photo.width, old_photo.height) == (900, 600)
    assert old_photo.size == (media_root / old_photo.file_name).stat().st_size
    assert old_photo.metrics
    assert len(old_photo.srcset.split(",")) == 2
    thumbnail = Image.open(io.BytesIO(client.get(old_photo.thumbnail_url).content))
    assert (thumbnail.format, thumbnail.size) == ("WEBP", (320, 213))


@commits
def test_rebuilding_again_changes_nothing(old_photo: RoomImage, media_root: Path) -> None:
    def state() -> Any:
        written_at = {name: (media_root / name).stat().st_mtime_ns for name in files_in(media_root)}
        return written_at, list(RoomImage.objects.values())

    rebuild()
    before = state()
    rebuild()
    assert state() == before


@commits
@pytest.mark.parametrize("place", ["removed", "unattached", "draft"])
def test_older_photo_is_adopted_wherever_it_is(room: Room, media_root: Path, place: str, alice: Any) -> None:
    lay_file(media_root, OLD, picture((900, 600)))
    photo = insert_old_row(room if place == "removed" else None, OLD)
    if place == "removed":
        galleries.remove(photo)
    if place == "draft":
        RoomImage.objects.update(draft=Draft.objects.create(user=alice))
    rebuild()
    assert_whole(RoomImage.all_objects.get(), media_root)
    assert (RoomImage.all_objects.get().removed_at is not None) == (place == "removed")


@commits
def test_each_of_two_older_rows_gets_a_file_of_its_own(room: Room, media_root: Path) -> None:
    lay_file(media_root, OLD)
    insert_old_row(room, OLD)
    RoomImage.objects.create(room=room, image=OLD)
    first, second = RoomImage.objects.order_by("pk")
    complete(first)
    assert OLD in files_in(media_root)
    complete(second)
    names = [photo.file_name for photo in RoomImage.objects.all()]
    assert files_in(media_root) == {file for name in names for file in storage.names_of(name)}
    assert len(files_in(media_root)) == 2 * 4
    assert not PendingFile.objects.exists()


@pytest.mark.parametrize("name", ["missing.jpg", "../outside.jpg", "/etc/passwd", "broken.jpg", ""])
def test_older_photo_that_cannot_be_processed_is_named_and_left(
    old_photo: RoomImage, room: Room, media_root: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    lay_file(media_root, "broken.jpg", b"no picture")
    broken = insert_old_row(room, name)
    with pytest.raises(SystemExit) as stop:
        rebuild()
    assert stop.value.code == 1
    assert f"{broken.pk} {name}: " in capsys.readouterr().err
    broken.refresh_from_db()
    old_photo.refresh_from_db()
    assert (broken.file_name, is_whole(old_photo)) == (name, True)
    assert "broken.jpg" in files_in(media_root)
    assert not PendingFile.objects.filter(kind=PendingFile.Kind.UPLOAD).exists()


def test_older_photo_that_went_meanwhile_leaves_nothing(
    old_photo: RoomImage, media_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = images.reprocess

    def delete_meanwhile(*args: Any, **how: Any) -> images.ProcessedImage:
        RoomImage.objects.filter(pk=old_photo.pk)._raw_delete("default")
        return real(*args, **how)

    monkeypatch.setattr(images, "reprocess", delete_meanwhile)
    with pytest.raises(NotFound):
        complete(old_photo)
    assert files_in(media_root) == {OLD}
    assert not PendingFile.objects.exists()


def test_photo_that_is_being_rotated_is_not_adopted_too(
    old_photo: RoomImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = images.reprocess

    def adopt_meanwhile(*args: Any, **how: Any) -> images.ProcessedImage:
        monkeypatch.setattr(images, "reprocess", real)
        with pytest.raises(StorageUnavailable):
            complete(RoomImage.objects.get())
        return real(*args, **how)

    monkeypatch.setattr(images, "reprocess", adopt_meanwhile)
    assert [row.width for row in rotate(old_photo, 1)] == [600]
    assert RoomImage.objects.get().width == 600


@commits
def test_old_file_that_cannot_be_removed_is_on_the_list(
    old_photo: RoomImage, media_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Any, name: str) -> None:
        raise OSError(errno.EIO, "no answer", name)

    with monkeypatch.context() as patch:
        patch.setattr(LocalPhotoStorage, "delete", fail)
        rebuild()
    assert PendingFile.objects.deletions().get().name == OLD
    assert clean_up(1).errors == []
    assert_whole(old_photo, media_root)


class Killed(BaseException):
    """Nothing is tidied up after it."""


@commits
@pytest.mark.parametrize(
    ("place", "is_adopted"), [("write", False), ("commit", False), ("list_deletion", False), ("delete", True)]
)
def test_adoption_cut_short_is_whole_or_finished_by_the_next(
    old_photo: RoomImage, media_root: Path, monkeypatch: pytest.MonkeyPatch, place: str, is_adopted: bool
) -> None:
    def die(*args: Any, **how: Any) -> None:
        raise Killed

    owner = {"list_deletion": photo_files, "delete": LocalPhotoStorage}.get(place, photo_files.NewFile)
    with monkeypatch.context() as patch:
        patch.setattr(owner, place, die)
        patch.setattr(photo_files.NewFile, "give_back", lambda self: None)
        with pytest.raises(Killed):
            rebuild()
    old_photo.refresh_from_db()
    assert is_whole(old_photo) == is_adopted
    listed = {name for entry in PendingFile.objects.all() for name in storage.names_of(entry.name)}
    assert files_in(media_root) <= {*storage.names_of(old_photo.file_name), *listed}
    PendingFile.objects.update(noted_at=Now() - timedelta(hours=1))
    rebuild()
    assert clean_up(1).errors == []
    assert_whole(old_photo, media_root)


def test_dry_run_changes_nothing(
    old_photo: RoomImage, media_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rebuild("--dry-run")
    assert files_in(media_root) == {OLD}
    assert RoomImage.objects.get().file_name == OLD
    assert "1" in capsys.readouterr().out.splitlines()[-1]


# --- photos of ours without their versions --------------------------------------------------


def test_version_nobody_made_is_not_found_until_it_is_rebuilt(
    room: Room, client: Client, media_root: Path
) -> None:
    photo = add_photos(room, 1)[0]
    (media_root / storage.version_name(photo.file_name, 320)).unlink()
    assert client.get(photo.thumbnail_url).status_code == 404
    rebuild()
    assert client.get(photo.thumbnail_url)["Content-Type"] == "image/webp"
    assert_whole(photo, media_root)


@pytest.mark.parametrize("options", [(), ("--missing-only",)])
def test_rebuild_makes_missing_versions_only(
    room: Room, media_root: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    whole, lacking = add_photos(room, 2)
    before = (media_root / storage.version_name(whole.file_name, 320)).stat().st_mtime_ns
    (media_root / storage.version_name(lacking.file_name, 640)).unlink()
    rebuild(*options, "--dry-run")
    assert not is_whole(lacking)
    rebuild(*options)
    assert is_whole(lacking)
    assert (media_root / storage.version_name(whole.file_name, 320)).stat().st_mtime_ns == before
    assert "1" in capsys.readouterr().out.splitlines()[-1]
    assert len(files_in(media_root)) == 2 * 4


def test_rebuild_replaces_a_spoilt_version(room: Room, media_root: Path) -> None:
    photo = add_photos(room, 1)[0]
    small = media_root / storage.version_name(photo.file_name, VERSION_SIDES_PX[0])
    small.write_bytes(b"spoilt")
    rebuild()
    assert small.read_bytes().startswith(b"RIFF")
    assert files_in(media_root) == set(storage.names_of(photo.file_name))


def test_rebuild_clears_what_a_write_that_was_cut_short_left(room: Room, media_root: Path) -> None:
    photo = add_photos(room, 1)[0]
    small = media_root / storage.version_name(photo.file_name, 320)
    small.rename(small.with_name(f".{small.name}.part"))
    rebuild()
    assert_whole(photo, media_root)


def test_photo_deleted_while_its_versions_are_made_gets_none(
    room: Room, media_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = add_photos(room, 1)[0]
    for name in storage.names_of(photo.file_name)[:-1]:
        (media_root / name).unlink()
    real = images.reprocess

    def delete_meanwhile(*args: Any, **how: Any) -> images.ProcessedImage:
        RoomImage.objects.filter(pk=photo.pk)._raw_delete("default")
        return real(*args, **how)

    monkeypatch.setattr(images, "reprocess", delete_meanwhile)
    with pytest.raises(NotFound):
        complete(photo)
    assert files_in(media_root) == {photo.file_name}


def test_versions_that_find_no_room_on_the_disk_are_named(
    room: Room, media_root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = add_photos(room, 1)[0]
    (media_root / storage.version_name(photo.file_name, 320)).unlink()
    kept = files_in(media_root)

    def fail(*args: Any) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(LocalPhotoStorage, "save_durably", fail)
    with pytest.raises(SystemExit):
        rebuild()
    assert str(photo.pk) in capsys.readouterr().err
    assert files_in(media_root) == kept
