"""Folders and ZIP files for the tests of bringing photos in and sending them out."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from django.core.management import call_command
from PIL import Image

from rooms.models import Establishment, Room, RoomImage

type Files = dict[str, bytes]


def photo(number: int = 1, size: tuple[int, int] = (96, 64), file_format: str = "JPEG") -> bytes:
    """A picture unlike those of other numbers."""
    image = Image.new("RGB", size, (number * 37 % 256, number * 91 % 256, number * 53 % 256))
    image.paste((255 - number % 256, number * 17 % 256, 90), (0, 0, size[0] // 3, size[1] // 2))
    buffer = io.BytesIO()
    image.save(buffer, file_format, quality=82)
    return buffer.getvalue()


def lay(folder: Path, files: Files) -> Path:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def pack(path: Path, files: Files, method: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def unpack(content: bytes) -> Files:
    """What is in a ZIP, after a look at its checksums."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def run(command: str, capsys: Any, *arguments: Any) -> tuple[dict[str, Any], int]:
    """The JSON object that a command printed, and its exit status."""
    capsys.readouterr()
    status = 0
    try:
        call_command(command, *map(str, arguments), "--json")
    except SystemExit as error:
        status = int(error.code or 0)
    return json.loads(capsys.readouterr().out), status


def gallery_of(hotel: Establishment, **room: str) -> list[RoomImage]:
    return list(RoomImage.objects.filter(room=Room.objects.get(establishment=hotel, **room)))


def contents(photos: list[RoomImage]) -> list[bytes]:
    found = []
    for one in photos:
        with one.image.storage.open(one.file_name) as file:
            found.append(file.read())
    return found


def codes(report: dict[str, Any]) -> list[tuple[str, str]]:
    return [(error["file"], error["code"]) for error in report["errors"]]
