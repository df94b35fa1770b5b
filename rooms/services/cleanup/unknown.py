"""What an audit found that no row knows, and what is done with it. Looking for it is `audit`'s."""

from collections.abc import Iterable

from django.db import transaction

from rooms import storage
from rooms.models import PendingFile
from rooms.models.photo import photo_storage
from rooms.services.cleanup.files import owned_names
from rooms.services.cleanup.idle import BATCH
from rooms.services.cleanup.report import Audit, Report
from rooms.services.cleanup.spool import Spool


def listed_names(names: Iterable[str]) -> set[str]:
    """Those that are on the list of pending files."""
    return set(PendingFile.objects.filter(name__in=list(names)).values_list("name", flat=True))


class Unknown:
    """Photos that go by their master's name, with all their files, and strays that go by themselves.

    Strays are remains of writes that were cut short, and versions of a size that is made no more.
    """

    def __init__(self) -> None:
        self._photos, self._strays = Spool(), Spool()
        self._files = self._bytes = 0

    def close(self) -> None:
        self._photos.close()
        self._strays.close()

    def sift(self, suspects: Spool, audit: Audit) -> None:
        """Takes in what is nobody's, and tells it in `audit`."""
        for batch in suspects.batches(BATCH):
            for master_name, files in batch:
                if storage.whole_name(files[0][0]):
                    self._add_strays(master_name, files)
                else:
                    self._add_photo(master_name, files, audit)

    def handle(self, report: Report) -> None:
        """Removes strays and lists the photos' files as pending; asks the database once more before."""
        if report.dry_run:
            report.files += self._files
            report.bytes += self._bytes
        for strays in self._strays.batches(BATCH):
            _handle_strays(report, strays)
        if not report.dry_run:
            for photos in self._photos.batches(BATCH):
                _list_unknown([master_name for (master_name,) in photos])

    def _add_strays(self, master_name: str, files: list[tuple[str, int]]) -> None:
        for name, size in files:
            self._strays.add(master_name, name, size)

    def _add_photo(self, master_name: str, files: list[tuple[str, int]], audit: Audit) -> None:
        self._photos.add(master_name)
        usual_names = storage.names_of(master_name)
        self._add_strays(master_name, [file for file in files if file[0] not in usual_names])
        for name, size in files:
            audit.unknown_count += 1
            audit.unknown_bytes += size
            audit.unknown_files.add(name)
            if name in usual_names:
                self._files += 1
                self._bytes += size


def _handle_strays(report: Report, strays: list[list[str]]) -> None:
    masters = {master_name for master_name, _name, _size in strays}
    listed, owned = listed_names(masters), owned_names(list(masters))
    for master_name, name, size in strays:
        is_version = not storage.whole_name(name)
        if master_name in listed or (is_version and master_name in owned):
            continue
        if report.dry_run:
            report.count_files([int(size)])
        else:
            _remove_stray(report, name)


def _remove_stray(report: Report, name: str) -> None:
    try:
        report.count_files(storage.remove_files(photo_storage(), [name]))
    except Exception as error:  # whatever a storage raises: report it, go on
        report.add_failure(name, error)


@transaction.atomic
def _list_unknown(names: list[str]) -> None:
    fresh = set(names) - owned_names(names)
    PendingFile.objects.bulk_create([PendingFile(name=name) for name in fresh], ignore_conflicts=True)
