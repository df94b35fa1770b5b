"""The first table: what it costs to make the four outputs of one photo, ours and peers.

A fresh process for each photo, contender and round; the contenders take turns at each photo, each round
beginning with another one, so that whatever else the machine does meets all of them alike.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from PIL import Image

from bench.costs import Spread, Target, table, targets_table
from bench.likeness import read_reference, ssim
from bench.wanted import Wanted

CONTENDERS: Final = {
    "ours": "ours",
    "libvips": "libvips, tuned (the floor)",
    "cascade": "Pillow, Lanczos cascade, WebP method 4",
    "pictures_app": "django-pictures",
    "willow_app": "Wagtail's Willow",
}
HEAD: Final = (
    "who",
    "CPU s a photo (min..max)",
    "first of a process",
    "to libvips",
    "peak MB, first / then",
    "before MB",
    "kB",
    "SSIM",
)
CHILD_LIMIT_S: Final = 60

type Runs = dict[str, list[dict[str, Any]]]


def run(photos: list[Path], rounds: int, wanted: Wanted, folder: Path) -> dict[str, Any]:
    """Measures, prints and returns the table and its targets as JSON-ready values."""
    runs: Runs = {name: [] for name in CONTENDERS}
    names = list(CONTENDERS)
    for turn in range(rounds):
        for photo in photos:
            names.append(names.pop(0))
            for name in names:
                keep = folder / name if turn == 0 and photo == photos[0] else None
                runs[name].append(_measure(name, photo, wanted, keep) | {"round": turn, "photo": photo.name})
    likeness = {name: _likeness(photos[0], wanted, folder / name) for name in CONTENDERS}
    targets = _judge(runs)
    print(_cost_table(runs, likeness, wanted), targets_table(targets), sep="\n\n", end="\n\n")
    return {"runs": runs, "ssim": likeness, "targets": [target.to_json() for target in targets]}


def _measure(name: str, photo: Path, wanted: Wanted, keep: Path | None) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.measure", name, str(photo), wanted.to_json()]
    if keep:
        command += ["--keep", str(keep)]
    environment = os.environ | {"VIPS_CONCURRENCY": "1"}
    done = subprocess.run(  # noqa: S603  # our own module
        command, env=environment, stdout=subprocess.PIPE, timeout=CHILD_LIMIT_S, check=True
    )
    cost: dict[str, Any] = json.loads(done.stdout)
    return cost


def _likeness(photo: Path, wanted: Wanted, folder: Path) -> dict[int, float]:
    """SSIM of each output against a Lanczos resize from the original, by longest side in pixels."""
    found = {}
    for side_px in (wanted.master_px, *wanted.sides_px):
        with Image.open(folder / str(side_px)) as image:
            found[side_px] = ssim(image, read_reference(photo, side_px))
    return found


def _judge(runs: Runs) -> list[Target]:
    first_mb, then_mb = _peaks_mb(runs["ours"])
    return [
        _target("ours / libvips, CPU", runs, "ours", "libvips", 1.4, aim=1.25),
        _target("the same, first of a process", runs, "ours", "libvips", 1.4, key="first_cpu_s"),
        _target("django-pictures / ours, CPU", runs, "pictures_app", "ours", 2.3, at_least=True),
        _target("ours / Lanczos cascade m4, CPU", runs, "ours", "cascade", 0.70),
        Target("ours, peak MB, first of a process", first_mb, 130),
        Target("ours, peak MB, after it", then_mb, 130),
    ]


def _target(
    what: str, runs: Runs, above: str, below: str, limit: float, *, key: str = "cpu_s", **wanted: Any
) -> Target:
    """The ratio of CPU seconds; its noise is the range of the rounds' own ratios."""

    def ratio(turns: set[int]) -> float:
        medians = [
            _median([run for run in runs[name] if run["round"] in turns], key) for name in (above, below)
        ]
        return medians[0] / medians[1]

    turns = {run["round"] for run in runs[above]}
    noise = Spread.of([ratio({turn}) for turn in turns])
    return Target(what, ratio(turns), limit, noise=noise, **wanted)


def _cost_table(runs: Runs, likeness: dict[str, dict[int, float]], wanted: Wanted) -> str:
    rows = []
    for name, label in CONTENDERS.items():
        sizes = runs[name][0]["bytes"]
        rows.append(
            [
                label,
                _cpu_cell(runs[name], "cpu_s"),
                _cpu_cell(runs[name], "first_cpu_s"),
                f"{_median(runs[name]) / _median(runs['libvips']):.2f}",
                " / ".join(f"{peak_mb:.0f}" for peak_mb in _peaks_mb(runs[name])),
                f"{Spread.of_column(runs[name], 'before_mb').median:.0f}",
                " ".join(f"{sizes[str(side)] / 1000:.0f}" for side in (wanted.master_px, *wanted.sides_px)),
                " ".join(f"{value:.3f}" for value in likeness[name].values()),
            ]
        )
    return table(HEAD, rows)


def _peaks_mb(runs: list[dict[str, Any]]) -> list[float]:
    """The highest up to the end of the first photo of a process, and of the second."""
    return [Spread.of_column(runs, name).most for name in ("first_peak_mb", "peak_mb")]


def _cpu_cell(runs: list[dict[str, Any]], key: str) -> str:
    spread = Spread.of_column(runs, key)
    return f"{_median(runs, key):.2f} ({spread.least:.2f}..{spread.most:.2f})"


def _median(runs: list[dict[str, Any]], key: str = "cpu_s") -> float:
    """The mean over the photos of each one's median: photos with a foreign profile cost more than others."""
    photos = {run["photo"] for run in runs}
    medians = [Spread.of_column([run for run in runs if run["photo"] == name], key).median for name in photos]
    return sum(medians) / len(medians)
