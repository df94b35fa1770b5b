"""The names of folders and files that an export writes: legal on every system, and each only once."""

import re
import unicodedata
from typing import Final

from rooms.search import plain

TABLE_NAME: Final = "photos.csv"
REPORT_NAME: Final = "report.txt"
# A file system takes 255; what makes a name unique has to find room.
NAME_MAX_BYTES: Final = 240
WORDS_MAX_CHARS: Final = 60
# What programs leave in folders; such a name would not come back.
PASSED_OVER: Final = ("__macosx", "thumbs.db", "desktop.ini")
_ILLEGAL: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u2028\u2029]')
_RESERVED: Final = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|\Z)", re.IGNORECASE
)


def safe_name(text: str) -> str:
    """`text` as the name of a folder, on Windows too: at most 240 bytes, never empty nor passed over."""
    name = _ILLEGAL.sub("-", unicodedata.normalize("NFC", text)).strip(" ")
    name = name.encode()[:NAME_MAX_BYTES].decode(errors="ignore").rstrip(" .")
    if not name or is_passed_over(name):
        return f"_{name}"
    if reserved := _RESERVED.match(name):
        end = len(reserved[0].rstrip("."))
        return f"{name[:end]}_{name[end:]}"
    return name


def photo_name(place: int, caption: str, shown: str, extension: str) -> str:
    """Such as `01-salle-de-bain.jpg`: its place, and the words of the caption, else of what is `shown`."""
    words = _words(caption) or _words(shown)
    return f"{place:02}{f'-{words}' if words else ''}{extension}"


def unique_name(name: str, taken: set[str]) -> str:
    """`name`, with a number behind it where it is `taken` already, and takes it; case does not count."""
    stem, number = name, 1
    while _folded(name) in taken:
        number += 1
        name = f"{stem} ({number})"
    taken.add(_folded(name))
    return name


def is_passed_over(path: str) -> bool:
    """Whether a path inside a source is a system's own: `.DS_Store`, `__MACOSX`, `Thumbs.db` and the like."""
    return any(part.startswith(".") or part.lower() in PASSED_OVER for part in path.split("/"))


def _words(text: str) -> str:
    words = "-".join(re.findall(r"[a-z0-9]+", plain(text)))
    return words[:WORDS_MAX_CHARS].rstrip("-")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
