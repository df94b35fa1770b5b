"""The audit's other half: rows whose files are missing, or are not the ones that were stored.

What a listing lacks is looked for once more by name, for the row may be newer than the listing.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.core.exceptions import SuspiciousFileOperation
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from rooms import storage
from rooms.models import PendingFile, RoomImage
from rooms.models.photo import photo_storage
from rooms.services.cleanup.report import Audit

type Row = tuple[int, str, int | None]  # id, master's name, size in bytes

_PAGE: Final = 5000
_KEY_DIGITS: Final = 16  # of 32; enough to tell a hundred million apart


class Homes:
    """Names that the smaller versions of older systems' photos are under: eight bytes each.

    Quick for names that are asked for folder by folder.
    """

    def __init__(self) -> None:
        self._keys_by_folder: defaultdict[str, array[int]] = defaultdict(lambda: array("Q"))
        self._folder, self._keys = "", set[int]()

    def add(self, master_name: str) -> None:
        folder, key = _split(storage.home_name(master_name))
        self._keys_by_folder[folder].append(key)

    def __contains__(self, name: str) -> bool:
        folder, key = _split(name)
        if folder != self._folder:
            self._folder, self._keys = folder, set(self._keys_by_folder.get(folder, ()))
        return key in self._keys


def rows_in_folder(folder: str) -> list[Row]:
    """Rows whose file lies in one of our folders."""
    if connection.vendor == "postgresql":
        # Has an index of its own; that of the whole column may be in the order of some language.
        in_folder = Q(image__startswith=f"{folder}/")
    else:
        in_folder = Q(image__gte=f"{folder}/", image__lt=f"{folder}0")  # 0 comes right behind the slash
    return list(RoomImage.all_objects.filter(in_folder).order_by().values_list("pk", "image", "size"))


class RowCheck:
    """Compares rows with what is stored and says in `audit.missing` what is wrong, row by row."""

    def __init__(self, audit: Audit) -> None:
        self.audit = audit

    def check(self, photos: Mapping[str, Sequence[storage.Entry]], rows: Iterable[Row]) -> set[str]:
        """Checks rows against the files of their folder; returns the names of all of them."""
        known = set()
        for row in rows:
            _pk, name, size = row
            known.add(name)
            sizes = {entry.name: entry.size for entry in photos.get(name, ())}
            is_whole = all(file in sizes for file in storage.names_of(name))
            if storage.is_ours(name) and not (is_whole and sizes[name] == (size or sizes[name])):
                self._check_again(row)
        return known

    def check_older(self) -> Homes:
        """Checks the rows of older systems, whose files may lie anywhere, one by one."""
        homes = Homes()
        last_pk = 0
        while True:
            rows = RoomImage.all_objects.filter(pk__gt=last_pk).order_by("pk")
            page = list(rows.values_list("pk", "image", "size")[:_PAGE])
            if not page:
                return homes
            last_pk = page[-1][0]
            for row in page:
                if row[1] and not storage.is_ours(row[1]):
                    homes.add(row[1])
                    self._check_again(row)

    def _check_again(self, row: Row) -> None:
        pk, name, size = row
        try:
            fault = _find_fault(name, size)
        except (OSError, SuspiciousFileOperation) as error:
            fault = _("it cannot be read: %(error)s") % {"error": error}
        if fault and _is_confirmed(pk, name):
            self.audit.missing.add(
                _("Photo %(id)s, %(name)s: %(fault)s.") % {"id": pk, "name": name, "fault": fault}
            )


def _find_fault(name: str, size: int | None) -> str:
    """What is wrong with a photo's files; empty where nothing is."""
    found = storage.find_sizes(photo_storage(), [name])
    if not found:
        return _("the file is missing")
    if size is not None and found != [size]:
        return _("the file has %(found)s bytes instead of %(size)s") % {"found": found[0], "size": size}
    # Those of older systems' photos are made when they are first needed.
    versions = storage.names_of(name)[:-1] if storage.is_ours(name) else []
    lacking = [version for version in versions if not photo_storage().exists(version)]
    if lacking:
        return _("%(names)s is missing (rebuild_photo_versions --missing-only makes it)") % {
            "names": ", ".join(lacking)
        }
    return ""


def _is_confirmed(pk: int, name: str) -> bool:
    """Whether the row is still there, and nobody is just making its smaller versions."""
    if PendingFile.objects.in_flight().filter(name=name).exists():
        return False
    return RoomImage.all_objects.filter(pk=pk, image=name).exists()


def _split(name: str) -> tuple[str, int]:
    folder, _slash, base = name.rpartition("/")
    return folder, int(base[:_KEY_DIGITS], 16)
