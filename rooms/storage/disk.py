"""Photos in a folder of a local disk: on return they survive a power cut."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class LocalPhotoStorage(FileSystemStorage):
    """Files on a local disk, never partial under their public name."""

    def save_durably(self, files: Mapping[str, bytes]) -> None:
        """Writes each file under a temporary name, syncs it, renames it, then syncs the folders."""
        pending: list[tuple[Path, Path]] = []
        try:
            for name, data in files.items():
                target = Path(self.path(name))
                _make_folder(target.parent)
                partial = Path(self.path(_partial_name(name)))
                pending.append((partial, target))
                _write_synced(partial, data)
            for partial, target in pending:
                os.rename(partial, target)
        except BaseException:
            for partial, _target in pending:
                partial.unlink(missing_ok=True)
            raise
        for folder in {target.parent for _partial, target in pending}:
            _sync_folder(folder)

    def delete(self, name: str) -> None:
        """Removes the file, and what a write of it that was cut short left."""
        super().delete(name)
        Path(self.path(_partial_name(name))).unlink(missing_ok=True)

    def _save(self, name: str, content: "File[bytes]") -> str:
        # The way in for everything else that saves through Django: the same care, one file.
        data: Any = content.read()
        self.save_durably({name: data if isinstance(data, bytes) else data.encode()})
        return name


def _partial_name(name: str) -> str:
    folder, _slash, base = name.rpartition("/")
    return f"{folder}/.{base}.part" if folder else f".{base}.part"


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _write_synced(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    with os.fdopen(descriptor, "wb") as file:
        _write_all(file, data)


def _write_all(file: IO[bytes], data: bytes) -> None:
    file.write(data)
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
