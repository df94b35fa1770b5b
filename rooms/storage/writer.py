"""How a photo's files are written, all or none, and removed, on a disk or in a bucket."""

import errno
from collections.abc import Iterable, Mapping

from django.core.files.base import ContentFile
from django.core.files.storage import Storage

from rooms.errors import StorageFull, StorageUnavailable
from rooms.storage.disk import LocalPhotoStorage
from rooms.storage.names import names_of

_FULL = {errno.ENOSPC, errno.EDQUOT}


class BucketUnavailable(OSError):
    """The bucket did not answer, or not with what was asked for: trying again later may help."""


def store(storage: Storage, files: Mapping[str, bytes]) -> None:
    """Keeps all `files` (bytes by name) safely, or none: on return they survive a power cut.

    Raises `StorageFull` or `StorageUnavailable` after removing what was written.
    """
    begun: list[str] = []
    try:
        if isinstance(storage, LocalPhotoStorage):
            begun.extend(files)
            storage.save_durably(files)
        else:
            for name, data in files.items():
                begun.append(name)
                _save_exactly(storage, name, data)
    except Exception as error:
        remove_quietly(storage, begun)
        is_full = isinstance(error, OSError) and error.errno in _FULL
        raise (StorageFull() if is_full else StorageUnavailable()) from error


def remove(storage: Storage, master_name: str) -> list[int]:
    """Removes all files of a photo and returns their bytes, each; one that is gone already is no error.

    Raises what the storage raises.
    """
    return remove_files(storage, reversed(names_of(master_name)))


def remove_files(storage: Storage, names: Iterable[str]) -> list[int]:
    """As `remove`, but just these files, in their order."""
    if isinstance(storage, LocalPhotoStorage):
        return storage.remove_counted(names)
    sizes = []
    for name in names:
        sizes.extend(find_sizes(storage, [name]))
        storage.delete(name)
    return sizes


def remove_partials(storage: Storage, master_name: str) -> None:
    """Removes what a writing of its files that was cut short left; the files themselves stay."""
    if isinstance(storage, LocalPhotoStorage):  # a bucket has whole files only
        storage.remove_partials(names_of(master_name))


def find_sizes(storage: Storage, names: Iterable[str]) -> list[int]:
    """Bytes of those files that are there."""
    sizes = []
    for name in names:
        try:
            sizes.append(storage.size(name))
        except FileNotFoundError:
            continue
    return sizes


def remove_quietly(storage: Storage, names: Iterable[str]) -> bool:
    """Removes `names` where it can; False where something may be left. For cleaning up after a failure."""
    is_clean = True
    for name in names:
        try:
            storage.delete(name)
        except Exception:  # the first failure is what the caller reports; the pending entry keeps the rest
            is_clean = False
    return is_clean


def _save_exactly(storage: Storage, name: str, data: bytes) -> None:
    saved = storage.save(name, ContentFile(data))
    if saved != name:  # 128 random bits twice, or a storage that renames: either way not our file
        storage.delete(saved)
        raise FileExistsError(errno.EEXIST, "name already taken", name)
