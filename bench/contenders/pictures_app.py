"""django-pictures: its own worker task, with its own stages, into a storage in memory.

It has no option for quality: JPEG comes out at Pillow's 75 and WebP at 80, method 4. It counts in widths,
so upright photos ask for smaller ones, for the same pixels.
"""

from pathlib import Path

from django.conf import settings

settings.configure(
    INSTALLED_APPS=["pictures"],
    STORAGES={"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}},
    PICTURES={"USE_PLACEHOLDERS": False, "PROCESSOR": "pictures.tasks.noop"},
)

import django  # noqa: E402  # the models below want settings

django.setup()

from django.core.files.storage import default_storage  # noqa: E402
from pictures.models import PillowPicture  # noqa: E402
from PIL import Image  # noqa: E402

from bench.wanted import Outputs, Wanted  # noqa: E402


def make_outputs(photo: Path, wanted: Wanted) -> Outputs:
    # What `pictures.tasks._process_picture` does, without its detour through class names.
    share = _width_share(photo)
    kinds = {wanted.master_px: "JPEG"} | dict.fromkeys(wanted.sides_px, "WEBP")
    with Image.open(photo) as image:
        upright = PillowPicture.pre_process(image)
        pictures = {
            side: PillowPicture("photo.jpg", kind, None, default_storage, round(side * share))
            for side, kind in kinds.items()
        }
        for picture in pictures.values():
            picture.save(upright)
    return {side: _taken(picture.name) for side, picture in pictures.items()}


def _width_share(photo: Path) -> float:
    """Width by longest side of the upright photo, from the header."""
    with Image.open(photo) as image:
        sideways = image.getexif().get(0x0112, 1) >= 5
        width_px, height_px = image.size[::-1] if sideways else image.size
    return width_px / max(width_px, height_px)


def _taken(name: str) -> bytes:
    with default_storage.open(name) as file:
        data: bytes = file.read()
    default_storage.delete(name)
    return data
