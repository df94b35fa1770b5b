"""The sources of an import: a folder or a ZIP file, whoever made it.

A ZIP that is built to do harm is refused as a whole, before any of its files is read. Files are read one at a
time, so that memory stays small however large the source is. The gate judges what is in them.
"""

import os
import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from rooms.errors import InvalidImage, InvalidRequest, PhotoError, Text

MAX_ENTRIES: Final = 20_000
# Photos hardly shrink in a ZIP: what grows so much, and to so many photos' size, is a bomb.
BOMB_RATIO: Final = 100
BOMB_PHOTOS: Final = 4
BOMB_TOTAL_BYTES: Final = 2**30

_MISSING: Final = _("There is no folder and no ZIP file of this name, or it cannot be read.")
_DAMAGED: Final = _(
    "This is no ZIP file, or it is damaged: make it or download it again. Nothing of it was taken."
)
_LEADS_OUT: Final = _("This ZIP was refused, nothing of it was taken: %(name)s leads out of its folder.")
_SPECIAL: Final = _("This ZIP was refused, nothing of it was taken: %(name)s is a link, not a photo.")
_LOCKED: Final = _("This ZIP was refused, nothing of it was taken: it has a password. Make one without.")
_BOMB: Final = _(
    "This ZIP was refused, nothing of it was taken: %(name)s is far larger than it pretends to be."
)
_TWICE: Final = _("This ZIP was refused, nothing of it was taken: %(name)s is in it twice.")
_TOO_MANY: Final = _(
    "There are more than %(limit)s files in it: import it in parts. Nothing of it was taken."
)
_LINK: Final = _("This is a link, or no file that can be read. Put the photo itself here.")


class SourceRefused(InvalidRequest):
    """Nothing of the source may be taken."""


@dataclass(frozen=True)
class SourceFile:
    """A file by its path inside the source, with `/`; `size` in bytes, as far as it is known unread."""

    path: str
    size: int
    _read: Callable[[int], bytes] = field(repr=False)

    def read(self, max_bytes: int) -> bytes:
        """Its bytes; of a longer one just one byte more. Raises `InvalidImage` where it is damaged."""
        try:
            return self._read(max_bytes + 1)
        except (OSError, EOFError, ValueError, RuntimeError, zlib.error, zipfile.BadZipFile) as error:
            raise InvalidImage from error


@dataclass
class Source:
    """All files, and those that were refused unread, with the reason."""

    files: list[SourceFile] = field(default_factory=list)
    refused: list[tuple[str, PhotoError]] = field(default_factory=list)


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """The folder or ZIP file at `path`. Raises `SourceRefused`."""
    if path.is_dir():
        yield _look_through(path)
        return
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise SourceRefused(_DAMAGED) from error
    except OSError as error:
        raise SourceRefused(_MISSING) from error
    with archive:
        yield Source([_zipped(archive, info) for info in _checked(archive, path.stat().st_size)])


# --- ZIP files ------------------------------------------------------------------------------


def _zipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> SourceFile:
    def read(max_bytes: int) -> bytes:
        with archive.open(info) as file:
            return file.read(max_bytes)

    return SourceFile(_path_of(info), info.file_size, read)


def _checked(archive: zipfile.ZipFile, archive_bytes: int) -> list[zipfile.ZipInfo]:
    """The entries that are files. Raises `SourceRefused` for an archive that nobody made of photos."""
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise SourceRefused(_TOO_MANY, limit=MAX_ENTRIES)
    for info in entries:
        _refuse_entry(info)
    files = [info for info in entries if not info.is_dir() and not _path_of(info).endswith("/")]
    names = Counter(map(_path_of, files))
    _refuse_if(_TWICE, next((name for name, count in names.items() if count > 1), None))
    _refuse_if(_BOMB, _find_overlap(files))
    total_bytes = sum(info.file_size for info in files)
    if total_bytes > BOMB_TOTAL_BYTES and total_bytes > BOMB_RATIO * archive_bytes:
        raise SourceRefused(_BOMB, name=_path_of(files[0]))
    return files


def _refuse_entry(info: zipfile.ZipInfo) -> None:
    name, kind = _path_of(info), stat.S_IFMT(info.external_attr >> 16)
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/"):
        raise SourceRefused(_LEADS_OUT, name=name)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise SourceRefused(_SPECIAL, name=name)
    if info.flag_bits & 0x41:  # one cipher or the other
        raise SourceRefused(_LOCKED)
    is_large = info.file_size > BOMB_PHOTOS * settings.ROOM_PHOTO_MAX_BYTES
    if is_large and info.file_size > BOMB_RATIO * info.compress_size:
        raise SourceRefused(_BOMB, name=name)


def _find_overlap(files: list[zipfile.ZipInfo]) -> str | None:
    """The name of an entry whose bytes are another one's too: how few bytes become many files."""
    end = 0
    for info in sorted(files, key=lambda info: info.header_offset):
        if info.header_offset < end:
            return _path_of(info)
        end = info.header_offset + info.compress_size
    return None


def _refuse_if(text: Text, name: str | None) -> None:
    if name is not None:
        raise SourceRefused(text, name=name)


def _path_of(info: zipfile.ZipInfo) -> str:
    """With `/`; a name that does not say that it is UTF-8 is read so where it can be."""
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode()
        except UnicodeError:
            name = info.filename
    name = name.replace("\\", "/")
    while name.startswith("./"):
        name = name[2:]
    return re.sub("/{2,}", "/", name)


# --- folders --------------------------------------------------------------------------------


def _look_through(top: Path) -> Source:
    source, folders, seen = Source(), [""], 0
    while folders:
        folder = folders.pop()
        try:
            entries = sorted(os.scandir(top / folder), key=lambda entry: entry.name)
        except OSError:
            source.refused.append((_shown(folder) or str(top), InvalidRequest(_LINK)))
            continue
        seen += len(entries)
        if seen > MAX_ENTRIES:
            raise SourceRefused(_TOO_MANY, limit=MAX_ENTRIES)
        for entry in entries:
            name = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_dir(follow_symlinks=False):
                folders.append(name)
            elif entry.is_file(follow_symlinks=False):
                size = entry.stat(follow_symlinks=False).st_size
                source.files.append(SourceFile(_shown(name), size, partial(_read_file, top / name)))
            else:
                source.refused.append((_shown(name), InvalidRequest(_LINK)))
    return source


def _read_file(path: Path, max_bytes: int) -> bytes:
    # No link either where one was put in its place meanwhile.
    with open(path, "rb", opener=_open_itself) as file:
        return file.read(max_bytes)


def _open_itself(path: Any, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC)


def _shown(name: str) -> str:
    """A name that is no UTF-8, with a sign in the place of what cannot be read."""
    return os.fsencode(name).decode(errors="replace")
