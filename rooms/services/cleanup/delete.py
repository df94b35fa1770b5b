"""How pending files are deleted and their entries removed, and how a run reports on files.

Photos' rows are not touched here.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from rooms import storage
from rooms.models import PendingFile, RoomImage
from rooms.models.photo import photo_storage
from rooms.services.cleanup.expire import BATCH, pages

# Of a storage that is away, a list of ten million sentences helps nobody.
REPORT_MAX_SENTENCES: Final = 1000
# Spaces of French sentences, which Python thinks unprintable.
_NO_BREAK_SPACES: Final = "\u00a0\u202f"

# What is being done, how much of it is done, and how much there is.
type Progress = Callable[[str, int, int], None]


class Sentences(list[str]):
    """Sentences or names, of which the first thousand are kept and the rest is counted."""

    total: int = 0

    def add(self, sentence: str) -> None:
        self.total += 1
        if self.total <= REPORT_MAX_SENTENCES:
            self.append(printable(sentence))

    def closed(self) -> list[str]:
        """All that are kept, and how many more there were."""
        more = self.total - len(self)
        return [*self, _("And %(count)s more.") % {"count": more}] if more else list(self)


@dataclass(kw_only=True)
class Tally:
    """Files that were deleted and their bytes, and sentences about what failed."""

    files: int = 0
    bytes: int = 0
    errors: Sentences = field(default_factory=Sentences)

    def count_files(self, sizes_bytes: list[int]) -> None:
        self.files += len(sizes_bytes)
        self.bytes += sum(sizes_bytes)

    def delete(self, name: str, delete_files: Callable[[], list[int]]) -> bool:
        """Counts the bytes of the files that `delete_files` deletes; False, and a report, where it fails."""
        try:
            self.count_files(delete_files())
        except Exception as error:  # whatever a storage raises: report it, go on, try again next time
            self.errors.add(_("%(name)s could not be removed: %(error)s.") % {"name": name, "error": error})
            return False
        return True


@dataclass
class Found:
    """Files: how many, their bytes, and the names of the first thousand."""

    count: int = 0
    bytes: int = 0
    names: Sentences = field(default_factory=Sentences)

    def add(self, file: storage.Entry) -> None:
        self.count += 1
        self.bytes += file.size
        self.names.add(file.name)


def printable(text: str) -> str:
    """As `text`, but on one line and encodable, whatever bytes a file's name is made of."""
    return "".join(
        char
        if char.isprintable() or char in _NO_BREAK_SPACES
        else char.encode("unicode_escape", "surrogatepass").decode()
        for char in text
    )


def find_pending() -> Iterator[dict[int, str]]:
    """Names on the list that no upload waits for, by their entry's id; each once, however many fail."""
    for page in pages(PendingFile.objects.removable(), BATCH, "name"):
        yield dict(page)


def find_owned(names: Iterable[str]) -> set[str]:
    """Those of `names` that a photo has."""
    # Asked by name, a batch at a time: a join might read every photo there is.
    rows = RoomImage.all_objects.filter(image__in=list(names)).order_by()
    return set(rows.values_list("image", flat=True))


def find_listed(names: Iterable[str]) -> set[str]:
    """Those of `names` that are on the list of pending files."""
    return set(PendingFile.objects.filter(name__in=list(names)).values_list("name", flat=True))


def delete_pending(tally: Tally, progress: Progress) -> None:
    """Deletes pending files that nobody waits for; one that cannot be deleted is named and stays listed."""
    done, total = 0, PendingFile.objects.removable().count()
    for batch in find_pending():
        progress(_("Removing files"), done, total)
        _delete_batch(tally, batch)
        done += len(batch)
    progress(_("Removing files"), done, total)


def _delete_batch(tally: Tally, batch: dict[int, str]) -> None:
    # An upload whose lease has ended finds its entry taken, and gives up instead of adding its row.
    PendingFile.objects.removable().uploads().filter(pk__in=batch).to_delete()
    entries = PendingFile.objects.deletions().filter(pk__in=batch)
    taken = dict(entries.values_list("pk", "name"))
    owned = find_owned(taken.values())
    gone = [pk for pk, name in taken.items() if name not in owned and _delete_photo_files(tally, name)]
    PendingFile.objects.filter(pk__in=gone).delete()
    if owned:
        _strike_off_owned([pk for pk, name in taken.items() if name in owned])


def _delete_photo_files(tally: Tally, master_name: str) -> bool:
    return tally.delete(master_name, lambda: storage.remove(photo_storage(), master_name))


@transaction.atomic
def _strike_off_owned(entry_ids: list[int]) -> None:
    """Drops entries of photos that are there: of rows made in bulk, which leave their files' entries."""
    # Locked, then looked at again: who deletes the photo this moment lists its files once more.
    entries = PendingFile.objects.select_for_update().filter(pk__in=entry_ids).order_by("pk")
    names = dict(entries.values_list("pk", "name"))
    owned = find_owned(names.values())
    for name in owned:
        storage.remove_partials(photo_storage(), name)
    PendingFile.objects.filter(pk__in=[pk for pk, name in names.items() if name in owned]).delete()
