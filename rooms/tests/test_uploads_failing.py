"""An upload that fails, or is overtaken by something else, leaves nothing behind."""

import errno
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError
from django.utils import timezone

from rooms import images
from rooms.errors import (
    InvalidImage,
    NotFound,
    PhotoError,
    StorageFull,
    StorageUnavailable,
    UnsupportedType,
)
from rooms.models import Draft, Gallery, PendingFile, RoomImage
from rooms.services import uploads
from rooms.tests.conftest import files_in, picture
from rooms.tests.test_uploads import UPLOAD_ID, make_draft, receive


@pytest.fixture(params=["room", "draft"])
def gallery(request, alice, room):
    return Gallery(room=room) if request.param == "room" else make_draft(alice)


def assert_nothing_kept(media_root: Path) -> None:
    assert not RoomImage.all_objects.exists()
    assert not PendingFile.objects.exists()
    assert files_in(media_root) == set()


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"GIF", UnsupportedType), (picture()[:200], InvalidImage), (b"", PhotoError)],
)
def test_refused_photo_leaves_nothing(gallery, alice, media_root, content, error):
    with pytest.raises(error):
        receive(alice, gallery, content)
    assert_nothing_kept(media_root)


@pytest.mark.parametrize(("number", "error"), [(errno.ENOSPC, StorageFull), (errno.EIO, StorageUnavailable)])
def test_failing_disk_leaves_nothing_and_the_next_upload_works(
    gallery, alice, media_root, monkeypatch, number, error
):
    with monkeypatch.context() as patch:

        def fail(descriptor):
            raise OSError(number, "injected")

        patch.setattr(os, "fsync", fail)
        with pytest.raises(error):
            receive(alice, gallery)
    assert_nothing_kept(media_root)
    assert receive(alice, gallery).is_new


def test_unforeseen_failure_leaves_nothing(gallery, alice, media_root, monkeypatch):
    def fail(content, **how):
        raise RecursionError

    monkeypatch.setattr(images, "process", fail)
    with pytest.raises(RecursionError):
        receive(alice, gallery)
    assert_nothing_kept(media_root)


def test_failing_database_leaves_nothing(gallery, alice, media_root, monkeypatch):
    def fail(*args):
        raise DatabaseError

    monkeypatch.setattr(uploads, "_add_row", fail)
    with pytest.raises(StorageUnavailable):
        receive(alice, gallery)
    assert_nothing_kept(media_root)


@pytest.mark.django_db(transaction=True)
def test_room_deleted_meanwhile_leaves_nothing(alice, room, media_root, monkeypatch):
    _meanwhile(monkeypatch, room.delete)
    with pytest.raises(NotFound):
        receive(alice, Gallery(room=room))
    assert_nothing_kept(media_root)


def test_draft_saved_meanwhile_leaves_nothing(alice, media_root, monkeypatch):
    gallery = make_draft(alice)
    _meanwhile(monkeypatch, lambda: Draft.objects.update(is_saved=True))
    with pytest.raises(NotFound):
        receive(alice, gallery)
    assert_nothing_kept(media_root)


def test_upload_whose_files_a_cleanup_took_gives_up(gallery, alice, media_root, monkeypatch):
    _meanwhile(monkeypatch, lambda: PendingFile.objects.all().to_delete())
    with pytest.raises(StorageUnavailable):
        receive(alice, gallery)
    assert_nothing_kept(media_root)


def test_same_upload_that_was_quicker_wins(gallery, alice, media_root, monkeypatch):
    _meanwhile(monkeypatch, lambda: receive(alice, gallery, upload_id=UPLOAD_ID))
    received = receive(alice, gallery, upload_id=UPLOAD_ID)
    assert not received.is_new
    assert RoomImage.objects.get() == received.photo
    assert not PendingFile.objects.exists()
    assert len(files_in(media_root)) == 4


def _meanwhile(monkeypatch, change):
    """Lets `change` happen while the photo is being made."""
    real = images.process

    def process(content, **how):
        monkeypatch.setattr(images, "process", real)
        change()
        return real(content)

    monkeypatch.setattr(images, "process", process)


def test_upload_touches_its_draft_from_the_start(alice, monkeypatch):
    gallery = make_draft(alice)
    Draft.objects.update(touched_at=timezone.now() - timedelta(days=5))
    seen = []
    _meanwhile(monkeypatch, lambda: seen.append(Draft.objects.get().touched_at))
    receive(alice, gallery)
    assert timezone.now() - seen[0] < timedelta(minutes=1)
