"""Cleaning up: photos nobody waits for, and files without a photo. Its cost follows the garbage.

Two steps, each in batches: idle photos become loose files in one transaction, then loose
files are removed and struck off the list. A run that is killed anywhere is finished by the next.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from rooms import storage
from rooms.models import Draft, LooseFile, RoomImage
from rooms.models.photo import photo_storage

BATCH = 500


@dataclass
class Report:
    """What a run removed, or with `dry_run` would remove; `errors` are sentences."""

    dry_run: bool
    days: int
    photos: int = 0
    files: int = 0
    bytes: int = 0
    errors: list[str] = field(default_factory=list)


def clean_up(days: int, *, dry_run: bool = False) -> Report:
    """Removes unattached and removed photos untouched for more than `days`, and loose files.

    Never takes an attached photo or an upload under way. Goes on past a file that cannot be
    removed and names it in `errors`; that file stays on the list for the next run.
    """
    report = Report(dry_run=dry_run, days=days)
    if dry_run:
        _count(report, days)
        return report
    while _loosen_batch(report, days):
        pass
    for batch in _loose_batches():
        _remove_batch(report, batch)
    idle_drafts(days).filter(images=None).delete()
    return report


def idle_photos(days: int) -> QuerySet[RoomImage]:
    """Photos to be taken: of idle drafts, of none, or removed; by the database's clock."""
    long_ago = Now() - timedelta(days=days)
    everything = Q() if days == 0 else Q(pk__in=())
    removed = Q(removed_at__isnull=False) & (everything | Q(removed_at__lt=long_ago))
    in_draft = Q(room=None, draft__isnull=False) & (everything | Q(draft__touched_at__lt=long_ago))
    in_none = Q(room=None, draft=None) & (everything | Q(created_at__lt=long_ago))
    return RoomImage.all_objects.filter(removed | in_draft | in_none)


def idle_drafts(days: int) -> QuerySet[Draft]:
    """Drafts whose form nobody came back to, saved or not."""
    return Draft.objects.filter(touched_at__lt=Now() - timedelta(days=max(days, 1)))


def unowned_files() -> QuerySet[LooseFile]:
    """Loose files that may go: no upload waits for them and no photo has them."""
    owner = RoomImage.all_objects.filter(image=OuterRef("name"))
    return LooseFile.objects.unowned().filter(~Exists(owner))


@transaction.atomic
def _loosen_batch(report: Report, days: int) -> int:
    # Locked, then looked at again: a photo that was saved or restored meanwhile is not taken.
    ids = list(idle_photos(days).order_by("pk").values_list("pk", flat=True)[:BATCH])
    locked = RoomImage.all_objects.select_for_update(of=("self",)).filter(pk__in=ids)
    list(locked.order_by("pk").values_list("pk"))
    taken = list(idle_photos(days).filter(pk__in=ids).values_list("pk", "image"))
    LooseFile.objects.bulk_create(
        [LooseFile(name=name) for _pk, name in taken if name], ignore_conflicts=True
    )
    photos = RoomImage.all_objects.filter(pk__in=[pk for pk, _name in taken])
    report.photos += photos._raw_delete(photos.db)  # no signals: their files are on the list already
    return len(taken)


def _loose_batches() -> Iterator[list[str]]:
    """Names to remove, each once, however many of them fail."""
    last_pk = 0
    while True:
        batch = list(unowned_files().filter(pk__gt=last_pk).order_by("pk").values_list("pk", "name")[:BATCH])
        if not batch:
            return
        last_pk = batch[-1][0]
        yield [name for _pk, name in batch]


def _remove_batch(report: Report, names: list[str]) -> None:
    # An upload whose lease has ended finds its entry taken, and gives up instead of adding its row.
    LooseFile.objects.unowned().filter(name__in=names).update(in_flight_since=None)
    LooseFile.objects.filter(name__in=[name for name in names if _remove_files(report, name)]).delete()


def _remove_files(report: Report, master_name: str) -> bool:
    try:
        sizes = _sizes(master_name)
        storage.remove(photo_storage(), master_name)
    except Exception as error:  # whatever a storage raises: report it, go on, try again next time
        report.errors.append(
            _("%(name)s could not be removed: %(error)s.") % {"name": master_name, "error": error}
        )
        return False
    report.files += len(sizes)
    report.bytes += sum(sizes)
    return True


def _sizes(master_name: str) -> list[int]:
    """Bytes of those files of a photo that are there."""
    sizes = []
    for name in storage.names_of(master_name):
        try:
            sizes.append(photo_storage().size(name))
        except FileNotFoundError:
            continue
    return sizes


def _count(report: Report, days: int) -> None:
    photos = idle_photos(days)
    report.photos = photos.count()
    for names in (photos.values_list("image", flat=True), unowned_files().values_list("name", flat=True)):
        for name in names.iterator():
            sizes = _sizes(name)
            report.files += len(sizes)
            report.bytes += sum(sizes)
