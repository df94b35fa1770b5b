"""Turning a photo that lies on its side: new files under new names, the same row, place and caption."""

import functools
from dataclasses import asdict
from typing import Any, Final

from django.db import DatabaseError, IntegrityError, transaction

from rooms import images, storage
from rooms.errors import InvalidRequest, NotFound, StorageUnavailable
from rooms.models import Gallery, PendingFile, RoomImage
from rooms.models.photo import photo_storage
from rooms.services import history
from rooms.services.uploads import give_up

QUARTER_TURNS: Final = (1, 2, 3)


def rotate(photo: RoomImage, quarter_turns: int, *, user: Any = None) -> RoomImage:
    """Turns the photo clockwise by `quarter_turns` (1, 2 or 3), whole or not at all.

    Its old files go after the commit. The history names `user`.

    Raises `InvalidRequest` for another number, `NotFound` where the photo is gone, `StorageUnavailable`
    where somebody else turns it, changed its file meanwhile or its file cannot be read, and what
    `images` raises.
    """
    if quarter_turns not in QUARTER_TURNS:
        raise InvalidRequest
    name = storage.new_master_name()
    try:
        _claim(photo, name)
        return _turn(photo, quarter_turns, name, user)
    except (DatabaseError, OSError) as error:
        raise StorageUnavailable from error


@transaction.atomic
def _claim(photo: RoomImage, name: str) -> None:
    """Lists the new file, and sees that the photo has its old one still: before any picture is decoded."""
    _refuse_stale(photo)
    PendingFile.objects.unowned().filter(replaces=photo.file_name).update(replaces=None)
    try:
        with transaction.atomic():
            PendingFile.objects.create(name=name, kind=PendingFile.Kind.UPLOAD, replaces=photo.file_name)
    except IntegrityError:
        raise StorageUnavailable from None


def _refuse_stale(photo: RoomImage) -> None:
    """Raises where a turned photo could not take the place of this one any more."""
    if not RoomImage.objects.filter(pk=photo.pk, image=photo.file_name).exists():
        raise StorageUnavailable if RoomImage.objects.filter(pk=photo.pk).exists() else NotFound


def _turn(photo: RoomImage, quarter_turns: int, name: str, user: Any) -> RoomImage:
    owner_id = photo.uploaded_by_id if user is None else user.pk
    wait = images.Wait(owner_id, functools.partial(_refuse_stale, photo))
    try:
        with photo_storage().open(photo.file_name) as content:
            turned = images.turn(content, quarter_turns, wait=wait)
        storage.store(photo_storage(), storage.files_of(name, turned.master, turned.versions))
        return _exchange(photo, name, turned, user)
    except BaseException:
        give_up(name)
        raise


@transaction.atomic
def _exchange(photo: RoomImage, name: str, turned: images.Photo, user: Any) -> RoomImage:
    gallery = Gallery.of(photo)
    gallery.lock()
    row = gallery.photos().filter(pk=photo.pk).first()
    if row is None:
        raise NotFound
    reserved = PendingFile.objects.uploads().select_for_update().filter(name=name)
    if row.file_name != photo.file_name or not reserved.values_list("pk"):
        raise StorageUnavailable
    row.image = name
    row.width, row.height, row.size = turned.width_px, turned.height_px, len(turned.master)
    row.metrics = asdict(turned.metrics)
    row.save()  # strikes the new name off the list, and puts the old one on it
    history.record_turn(user, gallery, row)
    return row
