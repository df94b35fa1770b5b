"""What a user does to the photos of galleries: arrange, describe, remove, restore, move to another room.

Every change locks the gallery, so that two clients at once never leave a hole, a double place or an
eleventh photo. Who may do it was decided in `access`; `user` is named in the history. Photos go to another
room all of them or none, moved, or copied with files of their own. They come behind the photos that are
there, in the order they had, with all that is written about them.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.db.models import DateTimeField, ExpressionWrapper, F
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from rooms import limits, storage
from rooms.errors import InvalidRequest, LimitReached, NotFound, StaleOrder, StorageUnavailable
from rooms.models import Gallery, Room, RoomImage, photo_files
from rooms.models.photo import photo_storage
from rooms.models.rows import restorable_time
from rooms.services import history, new_files
from rooms.services.advice import LABELS, guess_kind
from rooms.services.uploads import TEXTS

OFFERED_AT_MOST: Final = 50

_BAD_TEXT = _(
    "Captions and alternative texts have at most %(limit)s characters, and none that cannot be read."
)
type _Copies = list[tuple[RoomImage, photo_files.NewFile]]


def find_photos(gallery: Gallery) -> list[RoomImage]:
    """The present photos in order; rows of an older system get their place and measures now."""
    photos = list(gallery.photos_for_advice())
    if [photo.order for photo in photos] != list(range(1, len(photos) + 1)):
        with transaction.atomic():
            gallery.lock()
            photos = gallery.photos_for_advice().renumber()
    for photo in photos:
        photo.measure()
        photo.room = gallery.room  # its alternative text names the room, and fetches none
    return photos


def find_removed(gallery: Gallery) -> list[RoomImage]:
    """Photos that can be restored, last removed first, each with its `restorable_until`."""
    removed = gallery.removed_photos()
    until = ExpressionWrapper(F("removed_at") + restorable_time(), output_field=DateTimeField())
    return list(removed.annotate(restorable_until=until).order_by("-removed_at", "-pk")[:OFFERED_AT_MOST])


@transaction.atomic
def reorder(gallery: Gallery, photo_ids: Sequence[int], *, user: User | None = None) -> list[RoomImage]:
    """Arranges the photos as `photo_ids`, which names each present photo once.

    Raises `InvalidRequest` for an id named twice, `StaleOrder` where the set is not the present one.
    """
    if len(set(photo_ids)) != len(photo_ids):
        raise InvalidRequest
    gallery.lock()
    present = gallery.photos_for_advice()
    before = [photo.pk for photo in present]
    if set(photo_ids) != set(before):
        raise StaleOrder
    photos = present.renumber(photo_ids)
    history.record_order(user, gallery, before, photos)
    return photos


@transaction.atomic
def update(photo: RoomImage, *, user: User | None = None, **changes: object) -> RoomImage:
    """Changes the named ones of the `EDITABLE` fields, all of them or none.

    Raises `InvalidRequest` where none is named, or where one cannot be kept.
    """
    values = clean(changes)
    if not values:
        raise InvalidRequest
    gallery = Gallery.of(photo)
    gallery.lock()
    if not gallery.photos().filter(pk=photo.pk).update(**values):
        raise NotFound
    guessed = "" if "kind" in values else guess_kind(values.get("caption", ""))
    if guessed and gallery.photos().filter(pk=photo.pk, kind="").update(kind=guessed):
        photo.kind = guessed
    before = {name: getattr(photo, name) for name, value in values.items() if getattr(photo, name) != value}
    for name, value in values.items():
        setattr(photo, name, value)
    history.record_update(user, gallery, photo, before)
    return photo


@transaction.atomic
def remove(photo: RoomImage, *, user: User | None = None) -> None:
    """Removes the photo from its gallery; it can be restored until the cleanup purges it."""
    gallery = Gallery.of(photo)
    gallery.lock()
    if not gallery.photos().filter(pk=photo.pk).update(removed_at=Now()):
        raise NotFound
    gallery.photos().renumber()
    gallery.forget_oldest_removed()
    history.record_removal(user, gallery, photo)


@transaction.atomic
def restore(photo: RoomImage, *, user: User | None = None) -> RoomImage:
    """Puts a removed photo back to its place.

    Raises `NotFound` where its time to be restored is over, `LimitReached` where the gallery is full.
    """
    gallery = Gallery.of(photo)
    gallery.lock()
    removed = gallery.removed_photos().filter(pk=photo.pk).first()
    if removed is None:
        raise NotFound
    photo_ids = [present.pk for present in gallery.photos()]
    if len(photo_ids) + gallery.count_in_flight() >= settings.ROOM_PHOTO_MAX_COUNT:
        raise LimitReached(limit=settings.ROOM_PHOTO_MAX_COUNT)
    photo_ids.insert(max(removed.order, 1) - 1, removed.pk)
    if not gallery.removed_photos().filter(pk=photo.pk).update(removed_at=None):
        raise NotFound  # a cleanup took it this very moment
    restored = next(row for row in gallery.photos().renumber(photo_ids) if row.pk == photo.pk)
    history.record_restoring(user, gallery, restored)
    return restored


def clean(changes: Mapping[str, object]) -> dict[str, Any]:
    """The values as they are kept, by field. Raises `InvalidRequest` for one that cannot be."""
    return {name: EDITABLE[name](value) for name, value in changes.items()}


def _clean_text(text: object) -> str:
    """A text about a photo as it is kept: trimmed, at most 200 characters, none that a database refuses."""
    if not isinstance(text, str):
        raise InvalidRequest
    trimmed = text.strip()
    if len(trimmed) > limits.CAPTION_MAX_CHARS or "\x00" in trimmed or not _is_encodable(trimmed):
        raise InvalidRequest(_BAD_TEXT, limit=limits.CAPTION_MAX_CHARS)
    return trimmed


def _clean_kind(kind: object) -> str:
    if not isinstance(kind, str) or kind not in {"", *RoomImage.Kind.values}:
        raise InvalidRequest
    return kind


def _clean_codes(codes: object) -> list[str]:
    """Codes of advice, in one order and each once."""
    if not isinstance(codes, list) or not all(isinstance(code, str) and code in LABELS for code in codes):
        raise InvalidRequest
    return sorted(set(codes))


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True


# What may be changed of one photo, and how it becomes what is kept.
EDITABLE: Final[Mapping[str, Callable[[object], Any]]] = {
    "caption": _clean_text,
    "alternative_text": _clean_text,
    "kind": _clean_kind,
    "advice_declined": _clean_codes,
}


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
            new_files.complete(photo)


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
