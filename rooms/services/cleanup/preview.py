"""What a run would remove, counted without changing anything."""

from collections.abc import Iterator
from itertools import batched, chain

from rooms import storage
from rooms.models import RoomImage
from rooms.models.photo import photo_storage
from rooms.services.cleanup.files import find_pending, owned_names
from rooms.services.cleanup.idle import BATCH, idle_photos
from rooms.services.cleanup.report import Report


def preview(report: Report, days: int) -> None:
    """Counts in `report` the photos and files that a run takes."""
    report.photos = idle_photos(days).count()
    for names in chain(_idle_names(days), _pending_names()):
        for name in names:
            report.count_files(storage.find_sizes(photo_storage(), storage.names_of(name)))


def _pending_names() -> Iterator[set[str]]:
    for batch in find_pending():
        names = list(batch.values())
        yield set(names) - owned_names(names)


def _idle_names(days: int) -> Iterator[set[str]]:
    idle = idle_photos(days).order_by("pk").values_list("pk", "image")
    for batch in batched(idle.iterator(chunk_size=BATCH), BATCH):
        yield _going(dict(batch), days)


def _going(batch: dict[int, str], days: int) -> set[str]:
    """Names that go with these photos.

    Rows of an older system may share a file: it goes once, and not while another row needs it.
    """
    rows = RoomImage.all_objects.filter(image__in=set(batch.values()) - {""}).order_by()
    holders: dict[str, list[int]] = {}
    for pk, name in rows.values_list("pk", "image"):
        holders.setdefault(name, []).append(pk)
    others = [pk for pks in holders.values() for pk in pks if pk not in batch]
    idle = set(idle_photos(days).filter(pk__in=others).values_list("pk", flat=True)) if others else set()
    return {
        name
        for name, pks in holders.items()
        if min(pks) in batch and all(pk in batch or pk in idle for pk in pks)
    }
