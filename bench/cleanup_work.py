"""The third table: what a cleanup costs, beside a small and a large library, and against the least it could.

Its cost has to follow the garbage: the same thousand photos beside ten thousand and a million others. The
files lie in memory where the machine has such a folder: a disk would hide what the programs do behind itself.
"""

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from bench.costs import Spread, Target, table, targets_table
from bench.postgres import running_cluster

ROOT: Final = Path(__file__).resolve().parent.parent
SMALL, LARGE = 10_000, 1_000_000
GARBAGE, MUCH_GARBAGE = 1_000, 50_000
# Two tenths of a second each, and as much noise as difference: many of them.
ROUNDS: Final = 15
IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108


@dataclass(frozen=True)
class Library:
    """A database with so many live photos, and its folder."""

    database_url: str
    media: Path

    def run(self, *arguments: str) -> dict[str, float]:
        """One step of `cleanup_costs` in a process of its own."""
        command = [sys.executable, "-m", "bench.cleanup_costs", *arguments]
        printed = self._call(command)
        return json.loads(printed) if printed else {}

    def prepare(self, live: int) -> "Library":
        self._call([sys.executable, "manage.py", "migrate", "--noinput", "--verbosity", "0"])
        self.run("live", str(live))
        return self

    def _call(self, command: list[str]) -> str:
        places = {"DATABASE_URL": self.database_url, "MEDIA_ROOT": str(self.media)}
        done = subprocess.run(  # noqa: S603  # our own
            command, cwd=ROOT, env=os.environ | places, stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout


def run(rounds: int) -> dict[str, Any]:
    """Measures, prints and returns the table and its targets as JSON-ready values."""
    found: dict[str, list[dict[str, float]]] = {}
    targets: list[Target] = []
    for vendor in ("SQLite", "PostgreSQL"):
        with ExitStack() as stack:
            media = Path(
                stack.enter_context(TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None))
            )
            urls = [f"sqlite:///{media}/{live}.sqlite3" for live in (SMALL, LARGE)]
            if vendor == "PostgreSQL":
                # A cluster each: the server's memory is then not shared either.
                clusters = [stack.enter_context(running_cluster()) for _ in urls]
                if None in clusters:
                    print("PostgreSQL's programs were not found: SQLite only.", end="\n\n")
                    continue
                urls = [str(url) for url in clusters]
            measured = _measure(media, urls, rounds)
        found |= {f"{vendor}: {what}": costs for what, costs in measured.items()}
        targets += _judge(vendor, measured)
    print(_cost_table(found), targets_table(targets), sep="\n\n", end="\n\n")
    return {"runs": found, "targets": [target.to_json() for target in targets]}


def _measure(media: Path, urls: list[str], rounds: int) -> dict[str, list[dict[str, float]]]:
    small, large = (
        Library(url, media / str(live)).prepare(live) for url, live in zip(urls, (SMALL, LARGE), strict=True)
    )
    measured: dict[str, list[dict[str, float]]] = {"small": [], "large": [], "much": [], "floor": []}
    for number in range(max(rounds, ROUNDS) + 1):
        for name, library in (("small", small), ("large", large)):
            library.run("garbage", str(GARBAGE))
            cost = library.run("clean")
            if number:  # the first one of each only warms up
                measured[name].append(cost)
    for name, step in (("much", "clean"), ("floor", "floor")):
        small.run("garbage", str(MUCH_GARBAGE))
        measured[name].append(small.run(step))
    return measured


def _judge(vendor: str, measured: dict[str, list[dict[str, float]]]) -> list[Target]:
    wall_s = {name: Spread.of_column(costs, "wall_s") for name, costs in measured.items()}
    pairs = zip(measured["large"], measured["small"], strict=True)
    by_round = Spread.of([large["wall_s"] / small["wall_s"] for large, small in pairs])
    growth_mb = max(cost["growth_mb"] for name in ("small", "large", "much") for cost in measured[name])
    return [
        Target(
            f"{vendor}: beside a million / ten thousand live photos",
            wall_s["large"].median / wall_s["small"].median, 1.2, noise=by_round,
        ),
        Target(f"{vendor}: 50,000 photos / floor", wall_s["much"].median / wall_s["floor"].median, 3),
        Target(f"{vendor}: memory growth, MB", growth_mb, 50),
    ]  # fmt: skip


def _cost_table(found: dict[str, list[dict[str, float]]]) -> str:
    rows = [
        [
            name,
            f"{costs[0]['removed']:.0f}",
            f"{Spread.of_column(costs, 'wall_s'):.2f}",
            f"{Spread.of_column(costs, 'cpu_s'):.2f}",
            f"{max(cost['growth_mb'] for cost in costs):.0f}",
        ]
        for name, costs in found.items()
    ]
    return table(["cleanup", "files", "wall s (min..max)", "CPU s (min..max)", "MB more"], rows)
