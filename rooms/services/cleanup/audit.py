"""The audit: files that no row knows, and rows whose files are not there (`audit_rows`).

For backups that were restored, and for older systems: what this product writes and removes is on
the list of pending files anyway. The storage is listed first and the database asked second, so that a
file is never older news than its row; folder by folder, so that ten million files need no memory.
Files found here are put on that list and go as all others do. A link is never followed, and a
name that is not of our own pattern is nobody's business here.
"""

from collections.abc import Iterable
from contextlib import closing
from itertools import batched

from django.utils.translation import gettext as _

from rooms import storage
from rooms.models.photo import photo_storage
from rooms.services.cleanup.audit_rows import RowCheck, rows_in_folder
from rooms.services.cleanup.grace import young_after_s
from rooms.services.cleanup.idle import BATCH
from rooms.services.cleanup.progress import Progress
from rooms.services.cleanup.report import Audit, Report
from rooms.services.cleanup.spool import Spool
from rooms.services.cleanup.unknown import Unknown, listed_names

# More unknown files than both: then rather the database or the media folder is not the right one.
SUSPICIOUS_PERCENT = 20
SUSPICIOUS_COUNT = 10

type Found = dict[str, list[storage.Entry]]  # a photo's files by its master's name


def audit_storage(report: Report, progress: Progress, *, force: bool) -> None:
    """Puts files that no row knows on the list of pending files, and says which rows lack theirs.

    Fills `report.audit`. Removes remains of writes that were cut short; with `dry_run` changes
    nothing and counts in `report` what would go.
    """
    report.audit = Audit()
    with closing(Spool()) as suspects, closing(Unknown()) as unknown:
        scan = _Scan(report, report.audit, young_after_s(report.days), suspects)
        progress.begin(_("Auditing"), len(storage.all_folders()))
        listable = scan.find_listable()
        for folder in storage.all_folders():
            scan.scan_folder(folder, is_listable=folder in listable)
            progress.advance()
        scan.rows.check_older()
        unknown.sift(suspects, report.audit)
        report.audit.refused = "" if force else _doubt(report.audit)
        if not report.audit.refused:
            unknown.handle(report)


class _Scan:
    """One look at each folder; suspects are what no row and no entry of the list accounts for."""

    def __init__(self, report: Report, audit: Audit, young_after_s: float, suspects: Spool) -> None:
        self.report, self.audit = report, audit
        self.young_after_s = young_after_s
        self.suspects = suspects
        self.rows = RowCheck(audit)

    def find_listable(self) -> set[str]:
        """Our folders that are there and no links; names what lies about instead."""
        try:
            top = [entry for entry in self._list("") if entry.name == storage.TOP_FOLDER]
            folders = list(self._list(storage.TOP_FOLDER)) if top else []
        except OSError as error:
            self._add_unlistable(storage.TOP_FOLDER, error)
            return set()
        return {entry.name for entry in folders if storage.is_our_folder(entry.name)}

    def scan_folder(self, folder: str, *, is_listable: bool) -> None:
        photos: Found = {}
        partials: Found = {}
        try:
            for entry in self._list_files(folder) if is_listable else ():
                whole = storage.whole_name(entry.name)
                group = photos if whole is None else partials
                group.setdefault(storage.master_of(whole or entry.name), []).append(entry)
        except OSError as error:
            self._add_unlistable(folder, error)
            return
        self.audit.scanned_files += sum(map(len, photos.values()))
        known = self.rows.check(photos, rows_in_folder(folder))
        self._suspect({name: files for name, files in photos.items() if name not in known})
        self._suspect(partials)

    def _list(self, folder: str) -> Iterable[storage.Entry]:
        """Entries that are files or folders; links are named and skipped."""
        listed: storage.ListableStorage = photo_storage()  # type: ignore[assignment]
        for entry in listed.list_folder(folder):
            if entry.kind is storage.Kind.LINK:
                self.audit.left_alone.add(_("%(name)s is a link: left alone.") % {"name": entry.name})
            else:
                yield entry

    def _list_files(self, folder: str) -> Iterable[storage.Entry]:
        for entry in self._list(folder):
            if not (storage.is_ours(entry.name) or storage.whole_name(entry.name)):
                continue
            if entry.kind is storage.Kind.FILE:
                yield entry
            else:
                self.audit.left_alone.add(_("%(name)s is no file: left alone.") % {"name": entry.name})

    def _suspect(self, groups: Found) -> None:
        for names in batched(groups, BATCH):
            for name in set(names) - listed_names(names):
                files = groups[name]
                # One that is young, or from the future, makes its photo young.
                if max(entry.modified_s for entry in files) <= self.young_after_s:
                    self.suspects.add(name, [(entry.name, entry.size) for entry in files])

    def _add_unlistable(self, folder: str, error: OSError) -> None:
        self.report.errors.add(
            _("%(name)s could not be listed: %(error)s.") % {"name": folder, "error": error}
        )


def _doubt(audit: Audit) -> str:
    """Why this can hardly be right; empty where it can."""
    if audit.unknown_count <= SUSPICIOUS_COUNT:
        return ""
    if audit.unknown_count * 100 <= audit.scanned_files * SUSPICIOUS_PERCENT:
        return ""
    return _(
        "%(unknown)s of %(total)s files belong to no photo that this database knows, and none of them was "
        "removed. Is it the right database, and the right media folder? If so, --force removes them."
    ) % {"unknown": audit.unknown_count, "total": audit.scanned_files}
