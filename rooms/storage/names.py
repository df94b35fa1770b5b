"""Names of photo files.

A photo is a master and its smaller versions; their names follow from one random stem, never
from anything a client sent, and no name is used twice. Nothing is read or written here.
"""

import re
import secrets
from collections.abc import Mapping
from typing import Final

from django.core.files.storage import Storage

from rooms.limits import VERSION_SIDES_PX

# Of a master's name, with its folders.
NAME_CHARS: Final = 46
_OUR_NAME = re.compile(r"^(photos/[0-9a-f]{2}/[0-9a-f]{32})(?:\.jpg|_(\d+)\.webp)\Z")


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
