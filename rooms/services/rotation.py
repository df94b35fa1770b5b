"""Rotation of a photo: new files under new names, the same row, place and caption."""

import functools
from typing import Final

from django.contrib.auth.models import User
from django.db import DatabaseError, transaction

from rooms import images
from rooms.errors import InvalidRequest, NotFound, StorageUnavailable
from rooms.models import Gallery, RoomImage, photo_files
from rooms.models.photo import photo_storage
from rooms.services import history
from rooms.services.gallery import find_photos

QUARTER_TURNS: Final = (1, 2, 3)


def rotate(photo: RoomImage, quarter_turns: int, *, user: User | None = None) -> list[RoomImage]:
    """Turns the photo clockwise by `quarter_turns` (1, 2 or 3), whole or not at all.

    Its old files go after the commit. The history names `user`. Returns the photos of its gallery, read
    before the commit: what the answer says cannot fail once it is turned.

    Raises `InvalidRequest` for another number, `NotFound` where the photo is gone, `StorageUnavailable`
    where somebody else turns it, changed its file meanwhile or its file cannot be read, and what
    `images` raises.
    """
    if quarter_turns not in QUARTER_TURNS:
        raise InvalidRequest
    owner_id = photo.uploaded_by_id if user is None else user.pk
    wait = images.Wait(owner_id, functools.partial(_refuse_stale, photo))
    try:
        with photo_files.new_file(photo_storage()) as file:
            _reserve(photo, file)
            with photo_storage().open(photo.file_name) as content:
                processed = images.reprocess(content, quarter_turns, wait=wait)
            file.write(processed)
            return _exchange(photo, file, processed, user)
    except (DatabaseError, OSError) as error:
        raise StorageUnavailable from error


@transaction.atomic
def _reserve(photo: RoomImage, file: photo_files.NewFile) -> None:
    _refuse_stale(photo)
    file.reserve(replaces=photo.file_name)


def _refuse_stale(photo: RoomImage) -> None:
    """Raises where a rotated file could not take the place of this one any more, before any is decoded."""
    if not RoomImage.objects.filter(pk=photo.pk, image=photo.file_name).exists():
        raise StorageUnavailable if RoomImage.objects.filter(pk=photo.pk).exists() else NotFound


@transaction.atomic
def _exchange(
    photo: RoomImage, file: photo_files.NewFile, processed: images.ProcessedImage, user: User | None
) -> list[RoomImage]:
    gallery = Gallery.of(photo)
    gallery.lock()
    row = gallery.photos().filter(pk=photo.pk).first()
    if row is None:
        raise NotFound
    if row.file_name != photo.file_name:
        raise StorageUnavailable
    file.commit()
    row.image = file.name
    photo_files.fill(row, processed)
    row.save()  # puts the old file on the list
    history.record_rotation(user, gallery, row)
    return find_photos(gallery)
