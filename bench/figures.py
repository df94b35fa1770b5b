"""Numbers of several rounds: medians, ranges, tables, and targets with their verdicts."""

import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

type Run = dict[str, Any]
# What was measured, by contender: each with its `round`, and where photos differ with its `photo`.
type Runs = dict[str, list[Run]]


@dataclass(frozen=True)
class Target:
    """A limit on a measured number; `aim` is what we would like beyond the duty, `noise` each round's."""

    what: str
    measured: float
    limit: float
    at_least: bool = False
    aim: float | None = None
    noise: Sequence[float] = ()

    def row(self) -> list[str]:
        is_met = self.measured >= self.limit if self.at_least else self.measured <= self.limit
        wanted = f"{'≥' if self.at_least else '≤'} {self.limit:g}" + (
            f" (aim {self.aim:g})" if self.aim else ""
        )
        noise = f"{min(self.noise):.2f}..{max(self.noise):.2f}" if self.noise else ""
        return [self.what, f"{self.measured:.2f}", noise, wanted, "pass" if is_met else "FAIL"]


def take_turns(names: Sequence[str], rounds: int) -> Iterator[tuple[int, str]]:
    """Each round begins with another one, so that whatever else the machine does meets all alike."""
    for turn in range(rounds):
        first = turn % len(names)
        yield from ((turn, name) for name in (*names[first:], *names[:first]))


def typical(runs: Sequence[Run], key: str) -> float:
    """The mean over the photos of each one's median: photos with a foreign profile cost more than others."""
    by_photo = defaultdict(list)
    for run in runs:
        by_photo[run.get("photo")].append(run[key])
    return float(statistics.mean(map(statistics.median, by_photo.values())))


def cell(runs: Sequence[Run], key: str) -> str:
    values = [run[key] for run in runs]
    return f"{typical(runs, key):.2f} ({min(values):.2f}..{max(values):.2f})"


def ratio(
    what: str, runs: Runs, above: str, below: str, limit: float, key: str = "cpu_s", **wanted: Any
) -> Target:
    """How much more `above` takes than `below`."""

    def of(rounds: set[int]) -> float:
        over, under = ([run for run in runs[name] if run["round"] in rounds] for name in (above, below))
        return typical(over, key) / typical(under, key)

    rounds = {run["round"] for run in runs[above]}
    return Target(what, of(rounds), limit, noise=[of({one}) for one in rounds], **wanted)


def report(runs: Any, head: Sequence[str], rows: list[list[str]], targets: Sequence[Target] = ()) -> Run:
    """Prints the table and the targets; returns them for the JSON."""
    _print(head, rows)
    if targets:
        _print(["target", "measured", "by round", "wanted", "verdict"], [target.row() for target in targets])
    return {"runs": runs, "rows": rows, "targets": [asdict(target) for target in targets]}


def _print(head: Sequence[str], rows: list[list[str]]) -> None:
    """In Markdown, aligned for terminals."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for line in (head, ["-" * width for width in widths], *rows):
        print("|", " | ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)), "|")
    print(flush=True)
