"""The one writer of photos' files: reserve a name, write the files, then commit or give back.

A file is on the list of pending files before it is written, until a row has it. It is on the list again
once its row no longer has it. All code that stores a photo uses this module.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, Final

from django.core.files.storage import Storage
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import QuerySet

from rooms import images, storage
from rooms.errors import PhotoError, StorageUnavailable
from rooms.models.pending_file import PendingFile

# What `fill` writes: these go with the file.
FIGURES: Final = ("width", "height", "size", "versions_bytes", "metrics")


class NewFile:
    """A file under a new name in `storage`, from its reservation to its row."""

    def __init__(self, storage_: Storage) -> None:
        self.name = storage.new_master_name()
        self._storage = storage_
        self._is_reserved = False
        self._may_have_row = False

    def reserve(self, *, replaces: str | None = None, **owner: Any) -> None:
        """Lists it as being written, for 15 minutes at most; `owner` names its gallery and its user.

        Raises `StorageUnavailable` where somebody is at another file in the place of `replaces`.
        """
        fields = {"name": self.name, "kind": PendingFile.Kind.UPLOAD, **owner}
        if replaces is None:
            PendingFile.objects.create(**fields)
        else:
            PendingFile.objects.removable().filter(replaces=replaces).update(replaces=None)
            try:
                with transaction.atomic():
                    PendingFile.objects.create(**fields, replaces=replaces)
            except IntegrityError:
                raise StorageUnavailable from None
        self._is_reserved = True

    def is_in_flight(self) -> bool:
        """Whether its row could still be added."""
        return PendingFile.objects.in_flight().filter(name=self.name).exists()

    def write(self, processed: images.ProcessedImage) -> None:
        """Stores the master and its smaller versions: on return they survive a power cut.

        Raises `StorageFull` or `StorageUnavailable`.
        """
        storage.store(self._storage, storage.files_of(self.name, processed.master, processed.versions))

    def write_copy(self, master_name: str) -> None:
        """As `write`, with the bytes of a photo that is stored already. Raises `OSError` too."""
        files = {}
        for new, old in zip(storage.names_of(self.name), storage.names_of(master_name), strict=True):
            if old == master_name or self._storage.exists(old):  # versions can be made again
                with self._storage.open(old) as file:
                    files[new] = file.read()
        storage.store(self._storage, files)

    def commit(self) -> None:
        """Takes it off the list, in the transaction that gives it to a row.

        Raises `StorageUnavailable` where a cleanup thought the upload dead and took the files.
        """
        count, _by_model = PendingFile.objects.uploads().filter(name=self.name).delete()
        if not count:
            raise StorageUnavailable
        self._may_have_row = True

    def give_back(self) -> None:
        """Removes what was written and the reservation; what cannot be removed stays on the list.

        Does nothing where a row has the file: a commit may come through whose answer is lost.
        """
        entries = PendingFile.objects.filter(name=self.name)
        try:
            if self._may_have_row and not _lock(entries):
                return
            if storage.remove_quietly(self._storage, storage.names_of(self.name)):
                entries.delete()
            else:
                entries.to_delete()
        except (DatabaseError, PhotoError):
            return  # the database is away: the entry's lease ends by itself


@transaction.atomic
def _lock(entries: QuerySet[PendingFile]) -> bool:
    """Whether there are any, once a transaction that is still taking them off has ended."""
    return bool(list(entries.select_for_update().values_list("pk")))


@contextmanager
def new_file(storage_: Storage) -> Iterator[NewFile]:
    """A new file to reserve, write and commit, given back whole where the block fails.

    Uncommitted at the end of the block, its reservation stays until a row is saved with it, or ends.
    """
    file = NewFile(storage_)
    try:
        yield file
    except BaseException:
        if file._is_reserved:
            file.give_back()
        raise


def fill(photo: Any, processed: images.ProcessedImage) -> None:
    """Writes what is known of the file into the photo's row."""
    photo.width, photo.height = processed.width_px, processed.height_px
    photo.size = len(processed.master)  # bytes
    photo.versions_bytes = sum(map(len, processed.versions.values()))
    photo.metrics = asdict(processed.metrics)


def copy(storage_: Storage, master_name: str) -> str:
    """Stores the files of a photo once more, and returns their new master's name. To be committed by a save.

    Raises `StorageFull` or `StorageUnavailable`.
    """
    try:
        with new_file(storage_) as file:
            file.reserve()
            file.write_copy(master_name)
    except OSError as error:
        raise StorageUnavailable from error
    return file.name


def hand_over(old_name: str, new_name: str) -> None:
    """In the transaction in which a row takes a new file for an old one; either may be empty."""
    strike_off(new_name)
    if old_name:
        list_deletion(old_name)


def list_deletion(name: str) -> None:
    """In the transaction in which a row lets go of the file: it is to be removed."""
    entry = PendingFile(name=name, kind=PendingFile.Kind.DELETE)
    PendingFile.objects.bulk_create(
        [entry], update_conflicts=True, unique_fields=["name"], update_fields=["kind"]
    )


def strike_off(name: str) -> None:
    """The file has a row, or is gone: nothing is pending any more."""
    PendingFile.objects.filter(name=name).delete()
