"""What lies in a storage, told the same way by a disk and by a bucket. Nothing is removed here."""

import re
from collections.abc import Iterator
from enum import Enum
from typing import Final, NamedTuple, Protocol

from rooms.storage.names import is_ours

TOP_FOLDER: Final = "photos"
_FOLDER = re.compile(r"^photos/[0-9a-f]{2}\Z")
_PARTIAL = re.compile(r"^(photos/[0-9a-f]{2}/)\.([^/]+)\.part\Z")


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

        A link is told as one and never followed, not even as `folder` itself. Raises `OSError`.
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
