"""Photos of one room go to another one: moved, or copied with files of their own. All of them or none.

They come behind the photos that are there, in the order they had, with all that is written about them.
"""

from collections.abc import Sequence
from contextlib import ExitStack

from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction

from rooms import storage
from rooms.errors import InvalidRequest, LimitReached, NotFound, StorageUnavailable
from rooms.models import Gallery, Room, RoomImage, photo_files
from rooms.models.photo import photo_storage
from rooms.services import history, versions
from rooms.services.gallery import find_photos
from rooms.services.uploads import TEXTS


@transaction.atomic
def move(
    here: Gallery, there: Gallery, photo_ids: Sequence[int], *, user: User | None = None
) -> list[RoomImage]:
    """Makes photos of one room another room's, and returns what is left here.

    Raises `InvalidRequest` for no photo, one named twice or the same room, `NotFound` for a photo that is
    not here, `LimitReached` where the other room has no place for all.
    """
    moving = _lock_wanted(here, there, photo_ids)
    arranged = [photo.pk for photo in (*there.photos(), *moving)]
    here.photos().filter(pk__in=photo_ids).update(room=there.room)
    there.photos().renumber(arranged)
    history.record_photos_moved(user, here, there, len(moving))
    return here.photos_for_advice().renumber()


def copy(
    here: Gallery, there: Gallery, photo_ids: Sequence[int], *, user: User | None = None
) -> list[RoomImage]:
    """Gives another room a copy of each photo, and returns its photos. Files are copied outside transactions.

    Photos of an older system get files of our own by it. Raises what `move` raises, `StorageFull` or
    `StorageUnavailable`; after it neither row nor file is left.
    """
    try:
        _adopt_older(here, photo_ids)
        with ExitStack() as files:
            copies = _reserve(here, there, photo_ids, files, user)
            for photo, file in copies:
                file.write_copy(photo.file_name)
            return _add_rows(here, there, copies, user)
    except (DatabaseError, OSError) as error:
        raise StorageUnavailable from error


type _Copies = list[tuple[RoomImage, photo_files.NewFile]]


@transaction.atomic
def _reserve(
    here: Gallery, there: Gallery, photo_ids: Sequence[int], files: ExitStack, user: User | None
) -> _Copies:
    copies = []
    for photo in _lock_wanted(here, there, photo_ids):
        file = files.enter_context(photo_files.new_file(photo_storage()))
        file.reserve(user=user, room=there.room)
        copies.append((photo, file))
    return copies


@transaction.atomic
def _add_rows(here: Gallery, there: Gallery, copies: _Copies, user: User | None) -> list[RoomImage]:
    there.lock()
    present = there.photos().renumber()
    kept = (*TEXTS, *photo_files.FIGURES)
    rows = []
    for order, (photo, file) in enumerate(copies, start=len(present) + 1):
        file.commit()
        values = {name: getattr(photo, name) for name in kept}
        rows.append(RoomImage(image=file.name, room=there.room, order=order, uploaded_by=user, **values))
    RoomImage.all_objects.bulk_create(rows)
    history.record_photos_copied(user, here, there, len(rows))
    return find_photos(there)


def _adopt_older(here: Gallery, photo_ids: Sequence[int]) -> None:
    for photo in here.photos().filter(pk__in=photo_ids):
        if not storage.is_ours(photo.file_name):
            versions.complete(photo)


def _lock_wanted(here: Gallery, there: Gallery, photo_ids: Sequence[int]) -> list[RoomImage]:
    """The photos in their order, once both rooms are locked and the other one has places for all."""
    wanted, room_ids = set(photo_ids), {here.get_room().pk, there.get_room().pk}
    if not wanted or len(wanted) != len(photo_ids) or len(room_ids) != 2:
        raise InvalidRequest
    if len(Room.objects.filter(pk__in=room_ids).lock()) != 2:
        raise NotFound
    found = [photo for photo in here.photos() if photo.pk in wanted]
    if len(found) != len(wanted):
        raise NotFound
    taken = there.photos().count() + there.count_in_flight()
    if taken + len(found) > settings.ROOM_PHOTO_MAX_COUNT:
        raise LimitReached(limit=settings.ROOM_PHOTO_MAX_COUNT)
    return found
