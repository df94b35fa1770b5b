"""The audit finds orphans, which are files without a row, and rows whose files are missing.

It serves restored backups and older systems, for what this product writes and deletes is always pending.
For each folder it lists the storage first and asks the database second, so that no new file looks like an
orphan. Only orphans stay in memory. Links are never followed, and names of another pattern are ignored.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import batched
from typing import Any, Final

from django.core.exceptions import SuspiciousFileOperation
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from rooms import storage
from rooms.limits import UPLOAD_LEASE_MINUTES
from rooms.models import RoomImage
from rooms.models.photo import photo_storage
from rooms.services.cleanup.delete import Found, Progress, Sentences, Tally, find_listed, find_owned
from rooms.services.cleanup.expire import BATCH, pages

# More orphans than both: then rather the database or the media folder is not the right one.
SUSPICIOUS_PERCENT: Final = 20
SUSPICIOUS_COUNT: Final = 10
# However few days were asked for: an upload may take so long.
LEAST_AGE_S: Final = UPLOAD_LEASE_MINUTES * 60
_DAY_S: Final = 24 * 3600

type Files = dict[str, list[storage.Entry]]  # a photo's files by its master's name
type Row = tuple[int, str, int | None]  # id, master's name, size in bytes


@dataclass
class Audit:
    """What the storage has and the database does not know, and the reverse."""

    scanned_files: int = 0
    photos: int = 0
    photos_without_file: int = 0
    orphans: Found = field(default_factory=Found)
    young_orphans: Found = field(default_factory=Found)
    missing: Sentences = field(default_factory=Sentences)
    left_alone: Sentences = field(default_factory=Sentences)
    refused: str = ""

    @property
    def has_lost_all(self) -> bool:
        """Whether there are photos, and not one of them has its file."""
        return 0 < self.photos == self.photos_without_file

    def to_json(self) -> dict[str, Any]:
        return {
            "scanned_files": self.scanned_files,
            "unknown_count": self.orphans.count,
            "unknown_bytes": self.orphans.bytes,
            "unknown_files": list(self.orphans.names),
            "young_count": self.young_orphans.count,
            "young_bytes": self.young_orphans.bytes,
            "young_files": list(self.young_orphans.names),
            "missing_count": self.missing.total,
            "missing": list(self.missing),
            "left_alone": self.left_alone.closed(),
            "refused": self.refused,
        }


def audit_storage(
    audit: Audit, tally: Tally, days: int, *, dry_run: bool, force: bool, progress: Progress
) -> None:
    """Deletes orphans that are old enough, and says which rows lack their files.

    Fills `audit`; counts in `tally` what goes, or with `dry_run` would go. Orphans that are suspiciously
    many stay unless `force`. Nothing goes where `audit.has_lost_all`; `tally.errors` says so.
    """
    scan = _Scan(audit, tally, young_after_s(days))
    scan.check_older_rows()
    folders, listable = storage.all_folders(), scan.find_listable()
    for done, folder in enumerate(folders, start=1):
        scan.scan_folder(folder, is_listable=folder in listable)
        progress(_("Auditing"), done, len(folders))
    if audit.has_lost_all:
        text = _("None of %(count)s photos has its file: is it the right media folder? Nothing was removed.")
        tally.errors.add(text % {"count": audit.photos})
        return
    audit.refused = "" if force else _doubt(audit)
    if audit.refused:
        return
    if dry_run:
        tally.files += scan.candidate_files
        tally.bytes += scan.candidate_bytes
    else:
        _purge(scan.candidates, tally, progress)


def young_after_s(days: int) -> float:
    """What changed after this, in seconds since 1970, is young: N days ago, at least a lease's time ago.

    By the clock of the database or of this machine, whichever is behind: where they disagree a
    file goes too late, and never too early.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT CURRENT_TIMESTAMP")
        (now,) = cursor.fetchone()
    # SQLite has no type for it and returns a text, in UTC.
    now = now if isinstance(now, datetime) else datetime.fromisoformat(now).replace(tzinfo=UTC)
    return min(time.time(), now.timestamp()) - max(days * _DAY_S, LEAST_AGE_S)


class _Scan:
    """One look at older rows, then at each folder: fills `audit`, and gathers what may go."""

    def __init__(self, audit: Audit, tally: Tally, young_after_s: float) -> None:
        self.audit, self.tally = audit, tally
        self.young_after_s = young_after_s
        # Names of files; that of a master stands for all usual files of its photo.
        self.candidates: list[str] = []
        self.candidate_files = self.candidate_bytes = 0

    def check_older_rows(self) -> None:
        """Looks for the files of older systems' rows one by one, for they may lie anywhere."""
        for page in pages(RoomImage.all_objects.all(), BATCH, "image", "size"):
            older = [(pk, name, size) for pk, name, size in page if name and not storage.is_ours(name)]
            self.audit.photos += len(older)
            self._look_for(older)

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
        photos: Files = {}
        partials: Files = {}
        try:
            for file in self._list_files(folder) if is_listable else ():
                whole = storage.whole_name(file.name)
                group = photos if whole is None else partials
                group.setdefault(storage.master_of(whole or file.name), []).append(file)
        except OSError as error:
            self._add_unlistable(folder, error)
            return
        rows = _find_rows(folder)
        self.audit.scanned_files += sum(map(len, photos.values()))
        self.audit.photos += len(rows)
        self._look_for(row for row in rows if not _is_whole(row, photos.get(row[1], ())))
        self._add_partials(partials)
        known = {name for _pk, name, _size in rows}
        self._add_orphans({name: files for name, files in photos.items() if name not in known})

    def _look_for(self, rows: Iterable[Row]) -> None:
        """Looks by name for what a listing lacks, for the row may be newer, and reports what is wrong."""
        for batch in batched(rows, BATCH):
            faults = {row: fault for row in batch if (fault := _find_fault(row))}
            for row in _find_unchanged(faults):
                has_file, sentence = faults[row]
                self.audit.photos_without_file += not has_file
                figures = {"id": row[0], "name": row[1], "fault": sentence}
                self.audit.missing.add(_("Photo %(id)s, %(name)s: %(fault)s.") % figures)

    def _add_partials(self, partials: Files) -> None:
        for names in batched(partials, BATCH):
            for master_name in set(names) - find_listed(names):
                files = partials[master_name]
                for file in () if self._is_young(files) else files:
                    self._add_candidate(file, master_name)

    def _add_orphans(self, photos: Files) -> None:
        for names in batched(photos, BATCH):
            unlisted = set(names) - find_listed(names)
            # Once more: an upload may have ended since the folder's rows were asked for.
            for master_name in unlisted - find_owned(unlisted):
                self._add_orphan(master_name, photos[master_name])

    def _add_orphan(self, master_name: str, files: list[storage.Entry]) -> None:
        is_young = self._is_young(files)
        for file in files:
            (self.audit.young_orphans if is_young else self.audit.orphans).add(file)
            if not is_young:
                self._add_candidate(file, master_name)

    def _add_candidate(self, file: storage.Entry, master_name: str) -> None:
        self.candidate_files += 1
        self.candidate_bytes += file.size
        name = master_name if file.name in storage.names_of(master_name) else file.name
        if self.candidates[-1:] != [name]:
            self.candidates.append(name)

    def _is_young(self, files: Iterable[storage.Entry]) -> bool:
        # One that is young, or from the future, makes its photo young.
        return max(file.modified_s for file in files) > self.young_after_s

    def _list(self, folder: str) -> Iterator[storage.Entry]:
        """Entries that are files or folders; links are named and skipped."""
        listed: storage.ListableStorage = photo_storage()  # type: ignore[assignment]
        for entry in listed.list_folder(folder):
            if entry.kind is storage.Kind.LINK:
                self.audit.left_alone.add(_("%(name)s is a link: left alone.") % {"name": entry.name})
            else:
                yield entry

    def _list_files(self, folder: str) -> Iterator[storage.Entry]:
        for entry in self._list(folder):
            if not (storage.is_ours(entry.name) or storage.whole_name(entry.name)):
                continue
            if entry.kind is storage.Kind.FILE:
                yield entry
            else:
                self.audit.left_alone.add(_("%(name)s is no file: left alone.") % {"name": entry.name})

    def _add_unlistable(self, folder: str, error: OSError) -> None:
        figures = {"name": folder, "error": error}
        self.tally.errors.add(_("%(name)s could not be listed: %(error)s.") % figures)


def _find_rows(folder: str) -> list[Row]:
    """Rows whose file lies in one of our folders and has a name of ours."""
    if connection.vendor == "postgresql":
        # Has an index of its own; that of the whole column may be in the order of some language.
        in_folder = Q(image__startswith=f"{folder}/")
    else:
        in_folder = Q(image__gte=f"{folder}/", image__lt=f"{folder}0")  # 0 comes right behind the slash
    rows = RoomImage.all_objects.filter(in_folder).order_by().values_list("pk", "image", "size")
    return [row for row in rows if storage.is_ours(row[1])]


def _is_whole(row: Row, files: Iterable[storage.Entry]) -> bool:
    _pk, name, size = row
    sizes = {file.name: file.size for file in files}
    return all(file in sizes for file in storage.names_of(name)) and sizes[name] == (size or sizes[name])


def _find_fault(row: Row) -> tuple[bool, str] | None:
    """Whether a photo's file is there, and what is wrong; None where nothing is."""
    _pk, name, size = row
    try:
        found = storage.find_sizes(photo_storage(), [name])
        versions = storage.names_of(name)[:-1] if found else []
        lacking = [version for version in versions if not photo_storage().exists(version)]
    except (OSError, SuspiciousFileOperation) as error:
        return False, _("it cannot be read: %(error)s") % {"error": error}
    if not found:
        return False, _("the file is missing")
    if size is not None and found != [size]:
        figures = {"found": found[0], "size": size}
        return True, _("the file has %(found)s bytes instead of %(size)s") % figures
    if not lacking:
        return None
    text = _("%(names)s is missing (rebuild_photo_versions makes it)")
    return True, text % {"names": ", ".join(lacking)}


def _find_unchanged(rows: Iterable[Row]) -> list[Row]:
    """Those that are still there."""
    there = dict(
        RoomImage.all_objects.filter(pk__in=[row[0] for row in rows]).order_by().values_list("pk", "image")
    )
    return [row for row in rows if there.get(row[0]) == row[1]]


def _purge(candidates: list[str], tally: Tally, progress: Progress) -> None:
    """Deletes candidates; asks the database once more before, a batch at a time."""
    done = 0
    for batch in batched(candidates, BATCH):
        masters = {name: storage.master_of(storage.whole_name(name) or name) for name in batch}
        listed, owned = find_listed(masters.values()), find_owned(masters.values())
        for name, master_name in masters.items():
            # A write that was cut short goes also where its photo is there.
            if master_name not in listed and (storage.whole_name(name) or master_name not in owned):
                names = reversed(storage.names_of(name)) if name == master_name else [name]
                tally.delete(name, partial(storage.remove_files, photo_storage(), names))
        done += len(batch)
        progress(_("Removing files"), done, len(candidates))


def _doubt(audit: Audit) -> str:
    """Why this can hardly be right; empty where it can."""
    orphans, total = audit.orphans.count, audit.scanned_files
    if orphans <= SUSPICIOUS_COUNT or orphans * 100 <= total * SUSPICIOUS_PERCENT:
        return ""
    return _(
        "%(orphans)s of %(total)s files belong to no photo that this database knows, and none of them was "
        "removed. Is it the right database, and the right media folder? If so, --force removes them."
    ) % {"orphans": orphans, "total": total}
