"""`python -m bench`: makes the photos, measures, prints the tables, writes JSON into `bench/results/`.

Always exits with 0 once it has measured: a missed target is printed as FAIL and not hidden, but on a
busy machine it is no error.
"""

import argparse
import json
import os
import platform
import shutil
import time
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings

from bench import cleanup_work, gallery_work, image_work
from bench.photos import make_missing_photos
from bench.wanted import Wanted
from rooms import images
from rooms.limits import VERSION_SIDES_PX

FOLDER = Path(__file__).parent
PACKAGES = ("pillow", "pyvips", "pyvips-binary", "django-pictures", "wagtail", "Willow", "Django", "gunicorn")


def main() -> None:
    arguments = _read_arguments()
    photos = make_missing_photos()
    wanted, work = _wanted_by_product(), FOLDER / "work"
    shutil.rmtree(work, ignore_errors=True)
    machine = _describe_machine()
    print("  ".join(f"{name} {value}" for name, value in machine.items()), end="\n\n", flush=True)
    results: dict[str, Any] = {"machine": machine, "wanted": json.loads(wanted.to_json())}
    if arguments.only in (None, "images"):
        chosen = photos[: arguments.photos]
        results["images"] = image_work.run(chosen, arguments.rounds, wanted, work / "images")
    if arguments.only in (None, "gallery"):
        results["gallery"] = gallery_work.run(photos, arguments.rounds, wanted, work)
    if arguments.only in (None, "cleanup"):
        results["cleanup"] = cleanup_work.run(arguments.rounds)
    print("Written:", _write(results))


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--rounds", type=int, default=3, help="measured rounds (default 3)")
    parser.add_argument("--photos", type=int, default=6, help="photos of the first table (default 6)")
    parser.add_argument("--only", choices=("images", "gallery", "cleanup"), help="one table only")
    return parser.parse_args()


def _wanted_by_product() -> Wanted:
    return Wanted(
        master_px=settings.ROOM_PHOTO_MAX_SIDE,
        sides_px=tuple(sorted(VERSION_SIDES_PX, reverse=True)),
        max_pixels=settings.ROOM_PHOTO_MAX_PIXELS,
        jpeg_quality=images.JPEG_QUALITY,
        webp_quality=images.WEBP_QUALITY,
        webp_method=images.WEBP_METHOD,
    )


def _describe_machine() -> dict[str, str]:
    return {
        "when": datetime.now().astimezone().isoformat(timespec="minutes"),
        "Python": platform.python_version(),
        "CPUs": str(os.cpu_count()),
        "load": f"{os.getloadavg()[0]:.1f}",
        **{name: version(name) for name in PACKAGES},
    }


def _write(results: dict[str, Any]) -> Path:
    path = FOLDER / "results" / f"{time.strftime('%Y%m%d-%H%M%S')}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(results, indent=1))
    return path


if __name__ == "__main__":
    main()
