"""Smaller versions of photos that have none: those of an older system, or of a backup that left them out.

New photos get theirs on the way in (`uploads`). One worker makes them, whoever asks at the
same time meanwhile does without.
"""

from django.db import IntegrityError, transaction

from rooms import images, storage
from rooms.errors import PhotoError
from rooms.limits import VERSION_SIDES_PX
from rooms.models import PendingFile, RoomImage
from rooms.models.photo import photo_storage


def has_all_versions(photo: RoomImage) -> bool:
    """Whether every smaller version is in the storage."""
    names = (storage.version_name(photo.file_name, side) for side in VERSION_SIDES_PX)
    return all(photo_storage().exists(name) for name in names)


def make_versions(photo: RoomImage) -> bool:
    """Makes and stores the smaller versions anew; False where another worker is at it.

    Raises a `PhotoError` for a file that cannot be read or shrunk, and `OSError` for one that is missing.
    """
    home = storage.home_name(photo.file_name)
    if not _claim(home):
        return False
    is_clean = True
    try:
        with photo_storage().open(photo.file_name) as content:
            versions = images.shrink(content)
        names = {storage.version_name(photo.file_name, side): data for side, data in versions.items()}
        storage.remove_quietly(photo_storage(), names)  # a half of them may be there
        storage.store(photo_storage(), names)
        if not RoomImage.all_objects.filter(pk=photo.pk).exists():  # deleted meanwhile
            is_clean = storage.remove_quietly(photo_storage(), names)
    finally:
        _release(home, is_clean)
    return True


def try_versions(photo: RoomImage) -> bool:
    """As `make_versions`, but False too for a photo that cannot have them."""
    try:
        return make_versions(photo)
    except (PhotoError, OSError):
        return False


def _claim(home: str) -> bool:
    """One pending entry a photo: it keeps others away, and a crash from leaving strays."""
    PendingFile.objects.unowned().uploads().filter(name=home).delete()
    try:
        with transaction.atomic():
            PendingFile.objects.create(name=home, kind=PendingFile.Kind.UPLOAD)
    except IntegrityError:
        return False
    return True


def _release(home: str, is_clean: bool) -> None:
    """Strikes the entry off, or leaves it to the cleanup where there may be files that nobody has."""
    # Not an entry that a deletion made meanwhile: it has files to remove.
    claimed = PendingFile.objects.uploads().filter(name=home)
    if is_clean:
        claimed.delete()
    else:
        claimed.to_delete()
