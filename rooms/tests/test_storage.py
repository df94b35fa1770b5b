"""Names are ours, files are whole or absent, and what fails leaves nothing behind."""

import errno
import os
import stat

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage

from rooms import storage
from rooms.errors import StorageFull, StorageUnavailable
from rooms.models.photo import photo_storage
from rooms.storage import bucket as bucket_storage
from rooms.tests.conftest import files_in

NAME = "photos/ab/" + "ab" * 16 + ".jpg"
FILES = storage.files_of(NAME, b"master", {320: b"small", 640: b"middle", 1280: b"large"})


def test_new_names_never_repeat():
    names = {storage.new_master_name() for _number in range(1000)}
    assert len(names) == 1000
    assert all(storage.is_ours(name) and name == name.lower() for name in names)
    assert {len(name) for name in names} == {storage.NAME_CHARS}


@pytest.mark.parametrize(
    "name",
    [
        "",
        "photo.jpg",
        "photos/x.jpg",
        "old/2019/IMG 1.jpg",
        NAME.upper(),
        NAME + "\n",
        "x/" + NAME,
        NAME + "x",
    ],
)
def test_foreign_name_is_not_ours(name):
    assert not storage.is_ours(name)
    assert storage.names_of(name) == [name]
    assert storage.master_of(name) == name


def test_every_version_leads_to_its_master():
    assert {storage.master_of(name) for name in storage.names_of(NAME)} == {NAME}


def test_master_is_written_last():
    assert list(FILES)[-1] == storage.names_of(NAME)[-1] == NAME


def test_stored_files_are_whole(media_root):
    storage.store(photo_storage(), FILES)
    assert {name: (media_root / name).read_bytes() for name in files_in(media_root)} == FILES


def test_stored_files_are_on_the_disk_before_they_have_their_name(monkeypatch, media_root):
    calls = []
    real_fsync, real_rename = os.fsync, os.rename

    def fsync(descriptor):
        calls.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        real_fsync(descriptor)

    def rename(source, target):
        calls.append("rename")
        real_rename(source, target)

    storage.store(photo_storage(), FILES)  # its folder lasts
    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "rename", rename)
    storage.store(photo_storage(), FILES)
    assert calls == ["file"] * 4 + ["rename"] * 4 + ["folder"]


@pytest.mark.parametrize("call", ["fsync", "rename"])
@pytest.mark.parametrize("nth", [1, 2, 4])
@pytest.mark.parametrize(
    ("number", "error"),
    [(errno.ENOSPC, StorageFull), (errno.EDQUOT, StorageFull), (errno.EIO, StorageUnavailable)],
)
def test_failure_leaves_no_file(monkeypatch, media_root, call, nth, number, error):
    count = 0
    real = getattr(os, call)

    def fail(*args):
        nonlocal count
        count += 1
        if count == nth:
            raise OSError(number, "injected")
        return real(*args)

    (media_root / NAME).parent.mkdir(parents=True)
    monkeypatch.setattr(os, call, fail)
    with pytest.raises(error):
        storage.store(photo_storage(), FILES)
    assert files_in(media_root) == set()


def test_media_folder_that_is_a_file_is_unavailable(media_root):
    media_root.write_bytes(b"")
    with pytest.raises(StorageUnavailable):
        storage.store(photo_storage(), FILES)


def test_another_storage_keeps_the_exact_names():
    memory = InMemoryStorage()
    storage.store(memory, FILES)
    assert all(memory.open(name).read() == data for name, data in FILES.items())


def test_name_already_taken_is_never_overwritten():
    memory = InMemoryStorage()
    memory.save(NAME, ContentFile(b"somebody else's"))
    with pytest.raises(StorageUnavailable):
        storage.store(memory, {NAME: b"mine"})


def test_removing_twice_is_no_error(media_root):
    storage.store(photo_storage(), FILES)
    storage.remove(photo_storage(), NAME)
    storage.remove(photo_storage(), NAME)
    assert files_in(media_root) == set()


def test_removing_goes_on_past_a_failure(monkeypatch, media_root):
    storage.store(photo_storage(), FILES)
    disk = photo_storage()
    real_delete = disk.delete

    def delete(name):
        if name == NAME:
            raise PermissionError(name)
        real_delete(name)

    monkeypatch.setattr(disk, "delete", delete)
    assert not storage.remove_quietly(disk, FILES)
    assert files_in(media_root) == {NAME}


def test_file_saved_the_django_way_is_safe_too(media_root):
    assert photo_storage().save("old/text.txt", ContentFile("à")) == "old/text.txt"
    assert (media_root / "old/text.txt").read_bytes() == "à".encode()


def test_bucket_never_overwrites_and_lets_our_view_serve(settings):
    settings.AWS_STORAGE_BUCKET_NAME = "photos"
    bucket = bucket_storage.BucketPhotoStorage()
    assert not bucket.file_overwrite
    assert bucket.url("photos/é 1.jpg") == "/media/photos/%C3%A9%201.jpg"
