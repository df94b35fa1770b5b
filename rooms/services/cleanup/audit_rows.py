"""The audit's other half: rows whose files are missing, or are not the ones that were stored.

What a listing lacks is looked for once more by name, for the row may be newer than the listing.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.core.exceptions import SuspiciousFileOperation
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from rooms import storage
from rooms.models import RoomImage
from rooms.models.photo import photo_storage
from rooms.services.cleanup.report import Audit

type Row = tuple[int, str, int | None]  # id, master's name, size in bytes

_PAGE: Final = 5000


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

    def check_older(self) -> None:
        """Checks the rows of older systems, whose files may lie anywhere, one by one."""
        last_pk = 0
        while True:
            rows = RoomImage.all_objects.filter(pk__gt=last_pk).order_by("pk")
            page = list(rows.values_list("pk", "image", "size")[:_PAGE])
            if not page:
                return
            last_pk = page[-1][0]
            for row in page:
                if row[1] and not storage.is_ours(row[1]):
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
    lacking = [version for version in storage.names_of(name)[:-1] if not photo_storage().exists(version)]
    if lacking:
        return _("%(names)s is missing (rebuild_photo_versions makes it)") % {"names": ", ".join(lacking)}
    return ""


def _is_confirmed(pk: int, name: str) -> bool:
    """Whether the row is still there."""
    return RoomImage.all_objects.filter(pk=pk, image=name).exists()
