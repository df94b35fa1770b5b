"""Photos that get new files: one that is turned, and those that lack some of theirs.

A turned photo has its files under new names, in the same row, with the same place and caption. Photos of an
older system lack smaller versions, and so do those of a backup without them. New photos get all on the way
in (`uploads`).
"""

import functools
from contextlib import suppress
from typing import Final

from django.contrib.auth.models import User
from django.core.exceptions import SuspiciousFileOperation
from django.db import DatabaseError, transaction

from rooms import images, storage
from rooms.errors import InvalidRequest, NotFound, StorageUnavailable
from rooms.models import Gallery, RoomImage, photo_files
from rooms.models.photo import photo_storage
from rooms.pixels import formats
from rooms.services import history

QUARTER_TURNS: Final = (1, 2, 3)
MEASURED_MAX_PHOTOS: Final = 500


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
    return list(gallery.photos_for_advice().select_related("room"))


def is_whole(photo: RoomImage) -> bool:
    """Whether the photo's file has a name of ours, and every smaller version is there and a picture."""
    return storage.is_ours(photo.file_name) and not _find_lacking(photo)


def complete(photo: RoomImage) -> None:
    """Gives the photo the files it lacks.

    Raises a `PhotoError` for a file that cannot be processed, `NotFound` for a photo that has changed
    meanwhile, and what the storage raises for a file that is missing.
    """
    if storage.is_ours(photo.file_name):
        _restore_versions(photo)
    else:
        _adopt(photo)


def measure_older(max_photos: int = MEASURED_MAX_PHOTOS) -> None:
    """Measures the versions of some photos that came before this was measured.

    A storage that does not answer is asked again the next time.
    """
    rows = RoomImage.all_objects.filter(versions_bytes=None).order_by("pk")
    with suppress(OSError, SuspiciousFileOperation):
        for pk, name in rows.values_list("pk", "image")[:max_photos]:
            RoomImage.all_objects.filter(pk=pk, image=name).update(versions_bytes=_measure(name))


def _measure(master_name: str) -> int:
    versions = storage.names_of(master_name)[:-1]  # an older system's file has none
    return sum(storage.find_sizes(photo_storage(), versions))


def _restore_versions(photo: RoomImage) -> None:
    """Writes what is lacking beside the master, and nothing over a version that is good."""
    lacking = _find_lacking(photo)
    made = _reprocess(photo)
    names = {storage.version_name(photo.file_name, side): data for side, data in made.versions.items()}
    with transaction.atomic():
        # Locked, so that a deletion waits and finds all of them.
        rows = RoomImage.all_objects.select_for_update().filter(pk=photo.pk, image=photo.file_name)
        if not rows.values_list("pk"):
            raise NotFound
        storage.remove_files(photo_storage(), lacking)  # with what a write that was cut short left
        storage.store(photo_storage(), {name: names[name] for name in lacking})
        rows.update(versions_bytes=_measure(photo.file_name))


def _adopt(photo: RoomImage) -> None:
    """New files of our own for the row of an older system; a file that rows share goes with the last one."""
    old_name = photo.file_name
    with photo_files.new_file(photo_storage()) as file:
        file.reserve(replaces=old_name)
        processed = _reprocess(photo)
        file.write(processed)
        photo_files.fill(photo, processed)
        figures = {name: getattr(photo, name) for name in photo_files.FIGURES}
        with transaction.atomic():
            file.commit()
            rows = RoomImage.all_objects.filter(pk=photo.pk, image=old_name)
            if not rows.update(image=file.name, **figures):
                raise NotFound
            photo_files.list_deletion(old_name)
    with suppress(OSError, SuspiciousFileOperation):  # it stays on the list
        photo.image.delete(save=False)
        photo_files.strike_off(old_name)


def _reprocess(photo: RoomImage) -> images.ProcessedImage:
    with photo_storage().open(photo.file_name) as content:
        return images.reprocess(content)


def _find_lacking(photo: RoomImage) -> list[str]:
    return [name for name in storage.names_of(photo.file_name)[:-1] if not _is_version(name)]


def _is_version(name: str) -> bool:
    try:
        with photo_storage().open(name) as file:
            return formats.sniff(file.read(formats.HEAD_BYTES)) == "WEBP"
    except FileNotFoundError:
        return False
