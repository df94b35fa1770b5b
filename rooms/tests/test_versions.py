"""Smaller versions of photos that came without: those an older system left, or a backup did not hold."""

import errno
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from PIL import Image

from rooms import storage
from rooms.limits import VERSION_SIDES_PX
from rooms.models import PendingFile, Room, RoomImage
from rooms.services.cleanup import clean_up
from rooms.services.versions import has_all_versions, make_versions
from rooms.storage import LocalPhotoStorage
from rooms.tests.conftest import add_photos, files_in, insert_old_row, lay_file, picture

OLD = "old/2019/IMG 1.jpg"


@pytest.fixture
def old_photo(room: Room, media_root: Path) -> RoomImage:
    lay_file(media_root, OLD, picture((900, 600)))
    return insert_old_row(room, OLD, order=1)


def version_names(photo: RoomImage) -> set[str]:
    return set(storage.names_of(photo.file_name)) - {photo.file_name}


def test_older_photo_gets_its_version_on_first_need_and_keeps_it(
    old_photo: RoomImage, client: Client, media_root: Path
) -> None:
    response = client.get(old_photo.thumbnail_url)
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"].startswith("public")
    assert Image.open(io.BytesIO(response.content)).size == (320, 213)
    assert files_in(media_root) == {OLD, *version_names(old_photo)}
    made_at = [(media_root / name).stat().st_mtime_ns for name in sorted(version_names(old_photo))]
    assert client.get(old_photo.thumbnail_url).content == response.content
    assert made_at == [(media_root / name).stat().st_mtime_ns for name in sorted(version_names(old_photo))]
    assert not PendingFile.objects.exists()


def test_version_lost_from_the_storage_is_made_again(room: Room, client: Client, media_root: Path) -> None:
    photo = add_photos(room, 1)[0]
    (media_root / storage.version_name(photo.file_name, 320)).unlink()
    assert client.get(photo.thumbnail_url)["Content-Type"] == "image/webp"
    assert has_all_versions(photo)


def test_while_another_worker_makes_it_the_photo_itself_is_served(
    old_photo: RoomImage, client: Client, media_root: Path
) -> None:
    PendingFile.objects.create(name=storage.home_name(OLD), kind=PendingFile.Kind.UPLOAD)
    assert not make_versions(old_photo)
    response = client.get(old_photo.thumbnail_url)
    assert response["Content-Type"] == "image/jpeg"
    assert "no-store" in response["Cache-Control"]
    assert files_in(media_root) == {OLD}


def test_unreadable_older_photo_is_not_found_and_leaves_nothing(
    room: Room, client: Client, media_root: Path
) -> None:
    lay_file(media_root, OLD, b"no picture")
    photo = insert_old_row(room, OLD)
    assert client.get(photo.thumbnail_url).status_code == 404
    assert files_in(media_root) == {OLD}
    assert not PendingFile.objects.exists()


def test_versions_of_a_photo_deleted_meanwhile_go_at_once_or_with_the_cleanup(
    old_photo: RoomImage, media_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def delete_and_fail(*args: Any) -> None:
        RoomImage.objects.filter(pk=old_photo.pk)._raw_delete("default")
        real_store(*args)
        monkeypatch.setattr(LocalPhotoStorage, "delete", fail)

    def fail(self: Any, name: str) -> None:
        raise OSError(errno.EIO, "no answer", name)

    real_store = storage.store
    with monkeypatch.context() as monkeypatch:
        monkeypatch.setattr(storage, "store", delete_and_fail)
        make_versions(old_photo)
    assert files_in(media_root) > {OLD}

    assert clean_up(1).errors == []
    assert files_in(media_root) == {OLD}
    assert not PendingFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_versions_go_with_their_older_photo(old_photo: RoomImage, media_root: Path) -> None:
    make_versions(old_photo)
    old_photo.delete()
    assert files_in(media_root) == set()
    assert not PendingFile.objects.exists()


def test_rebuild_makes_missing_versions_only(
    old_photo: RoomImage, room: Room, media_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = add_photos(room, 1)[0]
    before = (media_root / storage.version_name(whole.file_name, 320)).stat().st_mtime_ns
    call_command("rebuild_photo_versions", "--missing-only", "--dry-run")
    assert files_in(media_root) == {OLD, *storage.names_of(whole.file_name)}
    call_command("rebuild_photo_versions", "--missing-only")
    assert has_all_versions(old_photo)
    assert (media_root / storage.version_name(whole.file_name, 320)).stat().st_mtime_ns == before
    assert "1" in capsys.readouterr().out.splitlines()[-1]


def test_rebuild_goes_on_past_a_broken_file_and_says_so(
    old_photo: RoomImage, room: Room, media_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = insert_old_row(room, "missing.jpg")
    with pytest.raises(SystemExit) as stop:
        call_command("rebuild_photo_versions")
    assert stop.value.code == 1
    assert f"{broken.pk} missing.jpg" in capsys.readouterr().err
    assert has_all_versions(old_photo)


def test_rebuild_replaces_every_version(room: Room, media_root: Path) -> None:
    photo = add_photos(room, 1)[0]
    small = media_root / storage.version_name(photo.file_name, VERSION_SIDES_PX[0])
    small.write_bytes(b"spoilt")
    call_command("rebuild_photo_versions")
    assert small.read_bytes().startswith(b"RIFF")
    assert files_in(media_root) == set(storage.names_of(photo.file_name))
