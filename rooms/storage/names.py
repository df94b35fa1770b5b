"""Names of photo files, the folders they lie in, and how a storage lists them. No file is touched here.

A photo is a master and its smaller versions. Their names follow from one random stem, never from anything
that a client sent, and no name is used twice.
"""

import re
import secrets
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Final, NamedTuple, Protocol

from django.core.files.storage import Storage

from rooms.limits import VERSION_SIDES_PX

# Of a master's name, with its folders.
NAME_CHARS: Final = 46
_OUR_NAME = re.compile(r"^(photos/[0-9a-f]{2}/[0-9a-f]{32})(?:\.jpg|_(\d+)\.webp)\Z")
TOP_FOLDER: Final = "photos"
_FOLDER = re.compile(r"^photos/[0-9a-f]{2}\Z")
_PARTIAL = re.compile(r"^(photos/[0-9a-f]{2}/)\.([^/]+)\.part\Z")


def new_master_name() -> str:
    """A name no photo ever had: 128 random bits, spread over 256 folders."""
    stem = secrets.token_hex(16)
    return f"photos/{stem[:2]}/{stem}.jpg"


def is_ours(name: str) -> bool:
    """Whether `name` is one this module made; older systems' files have others."""
    return _OUR_NAME.match(name) is not None


def version_name(master_name: str, side_px: int) -> str:
    """The name of the smaller version whose longest side is `side_px`; `master_name` is one of ours."""
    return f"{master_name.removesuffix('.jpg')}_{side_px}.webp"


def version_url(storage: Storage, master_name: str, side_px: int) -> str:
    """The address of a smaller version; of an older system's photo, which has none, its own."""
    return storage.url(version_name(master_name, side_px) if is_ours(master_name) else master_name)


def master_of(name: str) -> str:
    """The master's name of any of a photo's files; a name that is not ours is its own master."""
    match = _OUR_NAME.match(name)
    return f"{match[1]}.jpg" if match else name


def names_of(master_name: str) -> list[str]:
    """All files of a photo; just the one that an older system left.

    The master is last written and first removed, so it never stands alone.
    """
    if not is_ours(master_name):
        return [master_name]
    return [*(version_name(master_name, side) for side in VERSION_SIDES_PX), master_name]


def files_of(master_name: str, master: bytes, versions: Mapping[int, bytes]) -> dict[str, bytes]:
    """Bytes by name for `store`, versions first."""
    return {**{version_name(master_name, side): data for side, data in versions.items()}, master_name: master}


class Kind(Enum):
    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    OTHER = "other"  # a pipe, a socket, a device


class Entry(NamedTuple):
    """One entry of a folder; `size` in bytes, `modified_s` in seconds since 1970 by the storage's clock."""

    name: str
    kind: Kind
    size: int = 0
    modified_s: float = 0.0


class ListableStorage(Protocol):
    def list_folder(self, folder: str) -> Iterator[Entry]:
        """What lies directly in `folder`, "" being the top; nothing where it is missing.

        A link is listed as one and never followed, not even as `folder` itself. Raises `OSError`.
        """


def is_our_folder(name: str) -> bool:
    """Whether files of photos lie directly in it."""
    return _FOLDER.match(name) is not None


def all_folders() -> list[str]:
    """The folders that the files of photos are spread over."""
    return [f"{TOP_FOLDER}/{number:02x}" for number in range(256)]


def whole_name(name: str) -> str | None:
    """The name that a file was to get whose writing was cut short; None for any other file."""
    match = _PARTIAL.match(name)
    whole = match[1] + match[2] if match else ""
    return whole if is_ours(whole) else None
