"""Photos in a folder of a local disk. When a write returns, the files survive a power cut."""

import errno
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils.functional import cached_property

from rooms.storage.names import Entry, Kind, is_ours

# What photos leave free, for the database, its logs and whatever else must go on: this much, or on a small
# disk this part of it. Deleting stays possible, and so does all work on rooms.
RESERVE_BYTES: Final = 100_000_000
RESERVE_SHARE: Final = 0.02


class LocalPhotoStorage(FileSystemStorage):
    """Files on a local disk, never partial under their public name."""

    def save_durably(self, files: Mapping[str, bytes]) -> None:
        """Writes each file under a temporary name, syncs it, renames it, then syncs the folders.

        Raises `OSError` (`ENOSPC`) before the disk is full: photos leave a reserve free.
        """
        _refuse_reserve(Path(self.location), sum(map(len, files.values())))
        targets = {self.path(name): data for name, data in files.items()}
        folders = {Path(target).parent for target in targets}
        for folder in folders:
            self._make_folder(folder)
        partials: dict[str, str] = {}
        try:
            for target, data in targets.items():
                partials[target] = _partial_name(target)
                _write_synced(partials[target], data)
            for target, partial in partials.items():
                os.rename(partial, target)
        except BaseException:
            for partial in partials.values():
                _unlink(partial)
            raise
        for folder in folders:
            _sync_folder(folder)

    @cached_property
    def _lasting_folders(self) -> set[Path]:
        """Whose names this process has synced."""
        return set()

    def _make_folder(self, folder: Path) -> None:
        """On return `folder`'s name survives a power cut, whoever made it.

        Another process may not have synced it yet, or have died before.
        """
        if folder in self._lasting_folders and folder.is_dir():
            return
        if Path(self.location) not in folder.parents:
            _make_missing(folder)
            return
        self._make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)
        self._lasting_folders.add(folder)

    def path(self, name: str) -> str:
        # A name of our pattern leads nowhere else: it need not be looked at part by part.
        return f"{self.location}/{name}" if is_ours(name) else super().path(name)

    def delete(self, name: str) -> None:
        """Removes the file, and what a write of it that was cut short left; a folder of that name stays."""
        path = self.path(name)
        try:
            os.unlink(path)
        except FileNotFoundError:  # else it was renamed, and there is no half of it
            _unlink(_partial_name(path))

    def remove_counted(self, names: Iterable[str]) -> list[int]:
        """As `delete` of each, in their order; returns the bytes of those that were there."""
        sizes: list[int] = []
        for name in names:
            try:
                size = os.lstat(self.path(name)).st_size
            except FileNotFoundError:
                self.delete(name)  # a half of it may be there
                continue
            self.delete(name)
            sizes.append(size)
        return sizes

    def remove_partials(self, names: Iterable[str]) -> None:
        """Removes what writes of these files that were cut short left."""
        for name in names:
            _unlink(_partial_name(self.path(name)))

    def list_folder(self, folder: str) -> Iterator[Entry]:
        """What lies directly in `folder`; see `names.ListableStorage`."""
        try:
            # Opened without following a link, and read by that handle: no path is walked a second time.
            path = self.path(folder) if folder else self.location
            no_follow = os.O_NOFOLLOW if folder else 0
            descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | no_follow)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
                return
            raise
        try:
            with os.scandir(descriptor) as entries:
                for entry in entries:
                    yield from _look_at(entry, f"{folder}/{entry.name}" if folder else entry.name)
        finally:
            os.close(descriptor)

    def _save(self, name: str, content: "File[bytes]") -> str:
        # The way in for everything else that saves through Django: the same care, one file.
        data: Any = content.read()
        self.save_durably({name: data if isinstance(data, bytes) else data.encode()})
        return name


def _refuse_reserve(folder: Path, needed_bytes: int) -> None:
    while not folder.is_dir():  # before the first photo
        folder = folder.parent
    disk = os.statvfs(folder)
    size_bytes, free_bytes = disk.f_blocks * disk.f_frsize, disk.f_bavail * disk.f_frsize
    if free_bytes - needed_bytes < min(RESERVE_BYTES, size_bytes * RESERVE_SHARE):
        raise OSError(errno.ENOSPC, "only the reserve is left", str(folder))


def _partial_name(name: str) -> str:
    folder, _slash, base = name.rpartition("/")
    return f"{folder}/.{base}.part" if folder else f".{base}.part"


def _unlink(path: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(path)


def _look_at(entry: "os.DirEntry[str]", name: str) -> Iterator[Entry]:
    try:
        found = entry.stat(follow_symlinks=False)
    except FileNotFoundError:  # removed since the folder was opened
        return
    yield Entry(name, _kind(found.st_mode), found.st_size, found.st_mtime)


def _kind(mode: int) -> Kind:
    if stat.S_ISREG(mode):
        return Kind.FILE
    if stat.S_ISDIR(mode):
        return Kind.FOLDER
    return Kind.LINK if stat.S_ISLNK(mode) else Kind.OTHER


def _make_missing(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_missing(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _write_synced(path: str, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
