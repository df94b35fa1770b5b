"""Photos that lack some of their files: those of an older system, and those of a backup without versions.

New photos get all of them on the way in (`uploads`).
"""

from contextlib import suppress
from typing import Final

from django.core.exceptions import SuspiciousFileOperation
from django.db import transaction

from rooms import images, storage
from rooms.errors import NotFound
from rooms.models import RoomImage, photo_files
from rooms.models.photo import photo_storage
from rooms.pixels import formats

MEASURED_MAX_PHOTOS: Final = 500


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
