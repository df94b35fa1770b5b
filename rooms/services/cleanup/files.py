"""Pending files that may go, and their removal. Photos' rows are not touched here."""

from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from rooms import storage
from rooms.models import PendingFile, RoomImage
from rooms.models.photo import photo_storage
from rooms.services.cleanup.idle import BATCH
from rooms.services.cleanup.progress import Progress
from rooms.services.cleanup.report import Report


def find_pending() -> Iterator[dict[int, str]]:
    """Names on the list that no upload waits for, by their entry's id; each once, however many fail."""
    last_pk = 0
    while True:
        entries = PendingFile.objects.unowned().filter(pk__gt=last_pk).order_by("pk")
        batch = dict(entries.values_list("pk", "name")[:BATCH])
        if not batch:
            return
        last_pk = max(batch)
        yield batch


def owned_names(names: list[str]) -> set[str]:
    """Those of `names` that a photo has."""
    # Asked by name, a batch at a time: a join might read every photo there is.
    return set(RoomImage.all_objects.filter(image__in=names).order_by().values_list("image", flat=True))


def delete_pending(report: Report, progress: Progress) -> None:
    """Removes pending files that nobody waits for; one that cannot be removed is named and stays listed."""
    progress.begin(_("Removing files"), PendingFile.objects.unowned().count())
    for batch in find_pending():
        _remove_batch(report, batch, progress)


def _remove_batch(report: Report, batch: dict[int, str], progress: Progress) -> None:
    # An upload whose lease has ended finds its entry taken, and gives up instead of adding its row.
    PendingFile.objects.unowned().uploads().filter(pk__in=batch).to_delete()
    taken = dict(PendingFile.objects.deletions().filter(pk__in=batch).values_list("pk", "name"))
    owned = owned_names(list(taken.values()))
    gone = []
    for pk, name in taken.items():
        if name not in owned and _remove_files(report, name):
            gone.append(pk)
        progress.advance()
    PendingFile.objects.filter(pk__in=gone).delete()
    if owned:
        _strike_off_owned([pk for pk, name in taken.items() if name in owned])


def _remove_files(report: Report, master_name: str) -> bool:
    try:
        report.count_files(storage.remove(photo_storage(), master_name))
    except Exception as error:  # whatever a storage raises: report it, go on, try again next time
        report.add_failure(master_name, error)
        return False
    return True


@transaction.atomic
def _strike_off_owned(entry_ids: list[int]) -> None:
    """Drops entries of photos that are there: of making their smaller versions, cut short."""
    # Locked, then looked at again: who deletes the photo this moment lists its files once more.
    entries = PendingFile.objects.select_for_update().filter(pk__in=entry_ids).order_by("pk")
    names = dict(entries.values_list("pk", "name"))
    owned = owned_names(list(names.values()))
    for name in owned:
        storage.remove_partials(photo_storage(), name)
    PendingFile.objects.filter(pk__in=[pk for pk, name in names.items() if name in owned]).delete()
