"""The table of image work: what it costs to make the four outputs of one photo, ours and peers.

A fresh process for each photo, contender and round; the contenders take turns at each photo.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from bench.contenders import Wanted
from bench.figures import Run, Runs, Target, cell, ratio, report, take_turns, typical
from bench.photos import made, make_photos
from bench.ssim import ssim
from rooms import images
from rooms.limits import VERSION_SIDES_PX

CONTENDERS: Final = {
    "ours": "ours",
    "libvips": "libvips, tuned (the floor)",
    "cascade": "Pillow, Lanczos cascade, WebP method 4",
    "pictures_app": "django-pictures",
    "willow_app": "Wagtail's Willow",
}
COSTS: Final = ("who", "CPU s a photo (min..max)", "first of a process", "to libvips")
HEAD: Final = (*COSTS, "peak MB, first / then", "before MB", "kB", "SSIM")


def run(rounds: int, photo_count: int, work: Path) -> dict[str, Any]:
    photos, wanted = make_photos()[:photo_count], wanted_by_product()
    runs: Runs = {name: [] for name in CONTENDERS}
    for photo in photos:
        for turn, name in take_turns(list(CONTENDERS), rounds):
            keep = str(work / name) if turn == 0 and photo == photos[0] else ""
            runs[name].append(_measure(name, photo, wanted, keep) | {"round": turn, "photo": photo.name})
    rows = [_row(name, runs, photos[0], work) for name in CONTENDERS]
    first_mb, then_mb = _peaks_mb(runs["ours"])
    targets = [
        ratio("ours / libvips, CPU", runs, "ours", "libvips", 1.4, aim=1.25),
        ratio("the same, first of a process", runs, "ours", "libvips", 1.4, key="first_cpu_s"),
        ratio("django-pictures / ours, CPU", runs, "pictures_app", "ours", 2.3, at_least=True),
        ratio("ours / Lanczos cascade m4, CPU", runs, "ours", "cascade", 0.7),
        Target("ours, peak MB, first of a process", first_mb, 130),
        Target("ours, peak MB, after it", then_mb, 130),
    ]
    return report(runs, HEAD, rows, targets)


def wanted_by_product() -> Wanted:
    sides_px = tuple(sorted(VERSION_SIDES_PX, reverse=True))
    qualities = (images.JPEG_QUALITY, images.WEBP_QUALITY, images.WEBP_METHOD)
    return Wanted(settings.ROOM_PHOTO_MAX_SIDE, sides_px, settings.ROOM_PHOTO_MAX_PIXELS, *qualities)


def _measure(name: str, photo: Path, wanted: Wanted, keep: str) -> Run:
    arguments = [name, str(photo), str(made("tiny.jpg", 0, (320, 240))), json.dumps(wanted), keep]
    command = [sys.executable, "-m", "bench.image_cost", *arguments]
    environment = os.environ | {"VIPS_CONCURRENCY": "1"}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, timeout=60, check=True)
    return dict(json.loads(done.stdout))


def _row(name: str, runs: Runs, photo: Path, work: Path) -> list[str]:
    costs = runs[name]
    return [
        CONTENDERS[name],
        cell(costs, "cpu_s"),
        cell(costs, "first_cpu_s"),
        f"{typical(costs, 'cpu_s') / typical(runs['libvips'], 'cpu_s'):.2f}",
        " / ".join(f"{peak_mb:.0f}" for peak_mb in _peaks_mb(costs)),
        f"{typical(costs, 'before_mb'):.0f}",
        " ".join(f"{size / 1000:.0f}" for size in costs[0]["bytes"].values()),
        " ".join(f"{ssim(work / name / side, photo, int(side)):.3f}" for side in costs[0]["bytes"]),
    ]


def _peaks_mb(runs: list[Run]) -> list[float]:
    """The highest up to the end of the first photo of a process, and of the second."""
    return [max(run[key] for run in runs) for key in ("first_peak_mb", "peak_mb")]
