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
from rooms.models import Draft, LooseFile, Room, RoomImage
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
    while _drop_drafts_batch(days):
        pass
    return report


def idle_photos(days: int) -> QuerySet[RoomImage]:
    """Photos to be taken: of idle drafts, of none, or removed; by the database's clock."""

    def untouched(clock: str) -> Q:
        # 0 days: whatever its age, also where the database's clock was set back meanwhile.
        return Q(**{f"{clock}__lt": Now() - timedelta(days=days)}) if days else Q()

    removed = Q(removed_at__isnull=False) & untouched("removed_at")
    in_draft = Q(room=None, draft__isnull=False) & untouched("draft__touched_at")
    in_none = Q(room=None, draft=None) & untouched("created_at")
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
    found = list(idle_photos(days).order_by("pk").values_list("pk", "draft_id", "room_id")[:BATCH])
    photo_ids = [photo_id for photo_id, _draft_id, _room_id in found]
    draft_ids = {draft_id for _photo_id, draft_id, _room_id in found if draft_id}
    room_ids = {room_id for _photo_id, _draft_id, room_id in found if room_id}
    # Locked as every change of a gallery is, then looked at again: what was saved or restored
    # meanwhile is not taken, and of a draft all or nothing, so that no hole is left in its order.
    Draft.objects.filter(pk__in=draft_ids).lock()
    Room.objects.filter(pk__in=room_ids).lock()
    in_none = RoomImage.all_objects.filter(pk__in=photo_ids, room=None, draft=None)
    list(in_none.order_by("pk").select_for_update().values_list("pk"))
    idle = idle_photos(days).filter(Q(pk__in=photo_ids) | Q(draft__in=draft_ids))
    taken = dict(idle.values_list("pk", "image"))
    if taken:
        names = [name for name in taken.values() if name]
        LooseFile.objects.bulk_create([LooseFile(name=name) for name in names], ignore_conflicts=True)
        photos = RoomImage.all_objects.filter(pk__in=list(taken))
        report.photos += photos._raw_delete(photos.db)  # no signals: their files are on the list already
    return len(taken)


@transaction.atomic
def _drop_drafts_batch(days: int) -> int:
    empty = idle_drafts(days).filter(images=None)
    # Locked first: an upload that comes this moment waits, and finds no draft instead of half a one.
    draft_ids = Draft.objects.filter(pk__in=list(empty.values_list("pk", flat=True)[:BATCH])).lock()
    dropped, _by_model = empty.filter(pk__in=draft_ids).delete()
    return dropped


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
    # Rows of an older system may share a file: it goes once, and not while another row needs it.
    staying = RoomImage.all_objects.filter(image=OuterRef("image")).exclude(pk__in=photos.values("pk"))
    idle = photos.exclude(image="").filter(~Exists(staying)).order_by().values_list("image", flat=True)
    for names in (idle.distinct(), unowned_files().values_list("name", flat=True)):
        for name in names.iterator():
            sizes = _sizes(name)
            report.files += len(sizes)
            report.bytes += sum(sizes)
