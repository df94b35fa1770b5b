"""django-pictures: its own worker task, with its own stages, into a storage in memory.

It has no option for quality: JPEG comes out at Pillow's 75 and WebP at 80, method 4. It counts in widths,
so upright photos ask for smaller ones, for the same pixels.
"""

from pathlib import Path

import django
from django.conf import settings

settings.configure(
    INSTALLED_APPS=["pictures"],
    STORAGES={"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}},
    PICTURES={"USE_PLACEHOLDERS": False, "PROCESSOR": "pictures.tasks.noop"},
)
django.setup()

from django.core.files.storage import default_storage
from pictures.models import PillowPicture
from PIL import Image

from bench.contenders import Outputs, Wanted


def make_outputs(photo: Path, wanted: Wanted) -> Outputs:
    # What `pictures.tasks._process_picture` does, without its detour through class names.
    outputs = {}
    with Image.open(photo) as image:
        upright = PillowPicture.pre_process(image)
        share = upright.width / max(upright.size)
        for side_px, kind in wanted.kinds.items():
            picture = PillowPicture("photo.jpg", kind, None, default_storage, round(side_px * share))
            picture.save(upright)
            with default_storage.open(picture.name) as file:
                outputs[side_px] = file.read()
            default_storage.delete(picture.name)
    return outputs
