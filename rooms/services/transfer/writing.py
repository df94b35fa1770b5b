"""The files of an export as a ZIP that is sent while it is made, as a ZIP on the disk, or as a folder.

One export at a time for each user: it takes a process's thread for minutes.
"""

import fcntl
import hashlib
import os
import tempfile
import zipfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rooms.errors import RateLimited
from rooms.services.transfer.exporting import Exported

# Photos do not shrink any further.
_METHOD: Final = zipfile.ZIP_STORED


class _Sink:
    """What a ZIP is written to that is sent at once: nobody goes back in it."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: Any, /) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Nothing is open."""

    def take(self) -> bytes:
        """What was written since the last time."""
        data = b"".join(self._parts)
        self._parts.clear()
        return data


def stream_zip(files: Iterable[Exported]) -> Generator[bytes, None, None]:
    """The bytes of a ZIP, a part after each file. One file at a time is in memory."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", _METHOD) as archive:
        for file in files:
            _add(archive, file)
            yield sink.take()
    yield sink.take()


def write_zip(files: Iterable[Exported], target: Path) -> None:
    """A ZIP at `target`, whole or not at all. Raises `OSError`."""
    partial = target.with_name(f".{target.name}.part")
    try:
        with zipfile.ZipFile(partial, "w", _METHOD) as archive:
            for file in files:
                _add(archive, file)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def write_folder(files: Iterable[Exported], target: Path) -> None:
    """Each file at its path below `target`, in the place of what bears its name. Raises `OSError`."""
    target.mkdir(parents=True, exist_ok=True)
    for file in files:
        path = target / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.parent.resolve().is_relative_to(target.resolve()):
            raise NotADirectoryError(f"{path.parent} leads out of {target}.")
        partial = path.with_name(f".{path.name[:200]}.part")
        partial.write_bytes(file.content)
        os.replace(partial, path)


def _add(archive: zipfile.ZipFile, file: Exported) -> None:
    made_at = timezone.localtime(file.made_at)
    info = zipfile.ZipInfo(file.path, (max(made_at.year, 1980), *made_at.timetuple()[1:6]))
    info.external_attr = 0o644 << 16
    archive.writestr(info, file.content, _METHOD)


class ExportUnderWay(RateLimited):
    text = _("A download of yours is still under way. Wait until it has ended, or stop it, then try again.")
    retry_after_s = 10


@contextmanager
def only_export_of(user: User) -> Iterator[None]:
    """Raises `ExportUnderWay`. On each machine by itself; a lock ends with its process, however that ends."""
    # Another site on this machine has users of the same numbers.
    site = hashlib.sha256(f"{settings.BASE_DIR} {settings.MEDIA_ROOT} {os.getuid()}".encode())
    path = Path(tempfile.gettempdir(), f"room-photos-export-{site.hexdigest()[:16]}-{user.pk}")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise ExportUnderWay from None
    try:
        yield
    finally:
        # Somebody who has it open already may begin beside a third one: that does no harm.
        path.unlink(missing_ok=True)
        os.close(descriptor)
