"""How photos expire: their files become pending and their rows are deleted.

No file is touched here. Each kind of idle photo has its own query, so that each uses its index.
"""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import batched, chain
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from rooms.models import Draft, Establishment, PendingFile, Room, RoomImage

BATCH: Final = 500
# Each may hold ten photos.
DRAFTS_AT_ONCE: Final = 100


def find_idle_photos(days: int) -> QuerySet[RoomImage]:
    """Photos to be taken, by the database's clock.

    Removed ones, those of removed rooms and of idle drafts, and those in no gallery.
    """
    kinds = (
        _removed_photos(days),
        _photos_of_removed_rooms(days),
        _draft_photos(days),
        _unheld_photos(days),
    )
    first, *others = (kind.values("pk") for kind in kinds)
    return RoomImage.all_objects.filter(pk__in=first.union(*others)).order_by()


def find_idle_names(days: int) -> Iterator[set[str]]:
    """Names of the files that idle photos leave behind, batch by batch, each once."""
    idle = find_idle_photos(days).order_by("pk").values_list("pk", "image")
    for batch in batched(idle.iterator(chunk_size=BATCH), BATCH):
        yield _find_expiring_names(dict(batch), days)


def expire_idle(days: int) -> Iterator[int]:
    """Makes pending files of all idle photos, batch by batch; yields the number of photos in each."""
    yield from iter(partial(_expire_removed, days), None)
    yield from iter(partial(_expire_with_rooms, days), None)
    yield from iter(partial(_expire_unheld, days), None)
    for draft_ids in _draft_pages(Draft.objects.filter(_untouched("touched_at", days))):
        yield _expire_drafts(days, draft_ids)


def delete_idle_drafts(days: int) -> None:
    """Deletes drafts without photos whose form nobody came back to, saved or not."""
    idle = Draft.objects.filter(_untouched("touched_at", max(days, 1)))
    for draft_ids in _draft_pages(idle):
        _delete_empty(idle.filter(pk__in=draft_ids))


def delete_removed(days: int) -> None:
    """Deletes removed rooms whose time is over and whose photos have expired, then such establishments."""
    while room_ids := list(_removed_rooms(days).values_list("pk", flat=True)[:BATCH]):
        if not _delete_bare_rooms(days, room_ids):
            break  # a photo came into them, past all services: the next run takes it
    for (establishment_id,) in chain.from_iterable(pages(_removed_establishments(days), BATCH)):
        _delete_bare_establishment(days, establishment_id)


def pages(rows: QuerySet[Any], size: int, *columns: str) -> Iterator[list[tuple[Any, ...]]]:
    """Key and `columns` of all rows by their keys, each once, whatever becomes of it meanwhile."""
    rest = rows
    while page := list(rest.order_by("pk").values_list("pk", *columns)[:size]):
        yield page
        rest = rows.filter(pk__gt=page[-1][0])


def _draft_pages(drafts: QuerySet[Draft]) -> Iterator[list[uuid.UUID]]:
    """Drafts are walked through and not asked for by their photos: to find the next one that has some,
    a database may read through all that have just been deleted, again for each batch.
    """
    for page in pages(drafts, DRAFTS_AT_ONCE):
        yield [draft_id for (draft_id,) in page]


def _untouched(clock: str, days: int) -> Q:
    # 0 days: whatever its age, also where the database's clock was set back meanwhile.
    return Q(**{f"{clock}__lt": Now() - timedelta(days=days)}) if days else Q()


def _removed_photos(days: int) -> QuerySet[RoomImage]:
    """`days` is for temporary photos; only 0, which stands for all of any age, is for these too."""
    return RoomImage.all_objects.filter(_is_over(days)).order_by()


def _photos_of_removed_rooms(days: int) -> QuerySet[RoomImage]:
    return RoomImage.all_objects.filter(room__in=_removed_rooms(days).values("pk")).order_by()


def _removed_rooms(days: int) -> QuerySet[Room]:
    return Room.all_objects.filter(_is_over(days)).order_by()


def _removed_establishments(days: int) -> QuerySet[Establishment]:
    return Establishment.all_objects.filter(_is_over(days)).order_by()


def _is_over(days: int) -> Q:
    """Removed, and past the time in which it can be restored."""
    return _untouched("removed_at", days and settings.ROOM_PHOTO_RESTORABLE_DAYS) & Q(
        removed_at__isnull=False
    )


def _draft_photos(days: int) -> QuerySet[RoomImage]:
    in_draft = RoomImage.all_objects.filter(room=None, draft__isnull=False)
    return in_draft.filter(_untouched("draft__touched_at", days)).order_by()


def _unheld_photos(days: int) -> QuerySet[RoomImage]:
    in_none = RoomImage.all_objects.filter(room=None, draft=None)
    return in_none.filter(_untouched("created_at", days)).order_by()


# Each batch is locked as every change of a gallery is, then looked at again: what was saved or
# restored meanwhile is not taken. Those that say how many they took say None once there are no more.


@transaction.atomic
def _expire_removed(days: int) -> int | None:
    found = list(_removed_photos(days).values_list("pk", "draft_id", "room_id")[:BATCH])
    Draft.objects.filter(pk__in={draft_id for _pk, draft_id, _room_id in found if draft_id}).lock()
    Room.objects.filter(pk__in={room_id for _pk, _draft_id, room_id in found if room_id}).lock()
    idle = _removed_photos(days).filter(pk__in=[pk for pk, _draft_id, _room_id in found])
    return _expire(idle) if found else None


@transaction.atomic
def _expire_with_rooms(days: int) -> int | None:
    found = list(_photos_of_removed_rooms(days).values_list("pk", "room_id")[:BATCH])
    Room.all_objects.filter(pk__in={room_id for _pk, room_id in found}).lock()
    idle = _photos_of_removed_rooms(days).filter(pk__in=[pk for pk, _room_id in found])
    return _expire(idle) if found else None


@transaction.atomic
def _expire_unheld(days: int) -> int | None:
    photo_ids = list(_unheld_photos(days).values_list("pk", flat=True)[:BATCH])
    photos = _unheld_photos(days).filter(pk__in=photo_ids)
    list(photos.order_by("pk").select_for_update().values_list("pk"))
    return _expire(photos) if photo_ids else None


@transaction.atomic
def _expire_drafts(days: int, draft_ids: list[uuid.UUID]) -> int:
    locked = Draft.objects.filter(pk__in=draft_ids).lock()
    idle = Draft.objects.filter(_untouched("touched_at", days), pk__in=locked).values_list("pk", flat=True)
    # Of a draft all or nothing, so that no hole is left in its order. By their drafts alone: with every
    # further condition a planner may find a way that reads all photos without a room for each batch.
    return _expire(RoomImage.all_objects.filter(draft__in=list(idle)))


def _expire(photos: QuerySet[RoomImage]) -> int:
    photo_ids = list(photos.values_list("pk", flat=True))
    if not photo_ids:
        return 0
    _list_files(photo_ids)
    rows = RoomImage.all_objects.filter(pk__in=photo_ids)
    return rows._raw_delete(rows.db)  # no signals: their files are on the list already


def _list_files(photo_ids: list[int]) -> None:
    """Lists the files of these photos as pending, within the database: far cheaper than by objects."""
    places = ", ".join(["%s"] * len(photo_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {PendingFile._meta.db_table} (name) "  # noqa: S608  # names of our own
            f"SELECT DISTINCT image FROM {RoomImage._meta.db_table} WHERE image <> '' AND id IN ({places}) "
            f"ON CONFLICT (name) DO UPDATE SET kind = '{PendingFile.Kind.DELETE}'",
            photo_ids,
        )


def _find_expiring_names(batch: dict[int, str], days: int) -> set[str]:
    """Names that expire with these photos.

    Rows of an older system may share a file: it goes once, and not while another row needs it.
    """
    rows = RoomImage.all_objects.filter(image__in=set(batch.values()) - {""}).order_by()
    rows_by_name: dict[str, list[int]] = {}
    for pk, name in rows.values_list("pk", "image"):
        rows_by_name.setdefault(name, []).append(pk)
    others = [pk for pks in rows_by_name.values() for pk in pks if pk not in batch]
    idle = set(find_idle_photos(days).filter(pk__in=others).values_list("pk", flat=True)) if others else set()
    return {
        name
        for name, pks in rows_by_name.items()
        if min(pks) in batch and all(pk in batch or pk in idle for pk in pks)
    }


@transaction.atomic
def _delete_empty(drafts: QuerySet[Draft]) -> None:
    # Locked first: an upload that comes this moment waits, and finds no draft instead of half a one.
    draft_ids = drafts.lock()  # type: ignore[attr-defined]
    used = RoomImage.all_objects.filter(draft__in=draft_ids).values_list("draft_id", flat=True)
    drafts.filter(pk__in=set(draft_ids) - set(used)).delete()


@transaction.atomic
def _delete_bare_rooms(days: int, room_ids: list[int]) -> int:
    locked = Room.all_objects.filter(pk__in=room_ids).lock()
    bare = _removed_rooms(days).filter(pk__in=locked, images=None)
    return bare.delete()[0]


@transaction.atomic
def _delete_bare_establishment(days: int, establishment_id: int) -> None:
    same = Establishment.all_objects.filter(pk=establishment_id)
    same.lock_contents()
    if same.filter(pk__in=_removed_establishments(days).values("pk"), rooms=None).exists():
        same.delete()
