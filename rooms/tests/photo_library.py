"""Photos by the thousand, as files with or without rows: as small as can be, and as old as a test likes."""

import io
import json
import os
import time
from pathlib import Path
from typing import Any

from django.core.management import call_command

from rooms import storage
from rooms.models import Room, RoomImage
from rooms.tests.conftest import lay_file

HOUR_S = 3600
DAY_S = 24 * HOUR_S
STEMS = [f"{number:02x}" * 16 for number in range(256)]


def name_of(number: int) -> str:
    stem = STEMS[number % 256][:-2] + f"{number // 256:02x}"
    return f"photos/{stem[:2]}/{stem}.jpg"


def partial(name: str) -> str:
    folder, _slash, base = name.rpartition("/")
    return f"{folder}/.{base}.part"


def age(path: Path, seconds: float) -> Path:
    os.utime(path, (time.time() - seconds,) * 2, follow_symlinks=False)
    return path


def lay_photo(folder: Path, name: str, seconds: float = 2 * DAY_S, content: bytes = b"12345") -> None:
    """All files of a photo, without a row."""
    for file in storage.names_of(name):
        age(lay_file(folder, file, content), seconds)


def lay_library(folder: Path, room: Room, count: int) -> list[RoomImage]:
    """Rows with all their files, as small as can be."""
    photos = [RoomImage(room=room, image=name_of(number), size=5, order=1) for number in range(count)]
    RoomImage.all_objects.bulk_create(photos)
    for photo in photos:
        lay_photo(folder, photo.file_name)
    return photos


def run(*arguments: str) -> tuple[dict[str, Any], int]:
    """What the command prints as JSON, and its exit status."""
    status, output = 0, io.StringIO()
    try:
        call_command("cleanup_temp_images", "--json", "--audit", *arguments, stdout=output)
    except SystemExit as end:
        status = int(end.code or 0)
    return json.loads(output.getvalue()), status
