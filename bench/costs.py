"""Numbers of several rounds: medians, ranges, tables, and targets with their verdicts."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Spread:
    """The median of several measurements and how far they lie apart."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        return cls(statistics.median(values), min(values), max(values))

    @classmethod
    def of_column(cls, rounds: Sequence[Mapping[str, Any]], name: str) -> "Spread":
        return cls.of([values[name] for values in rounds])

    def __format__(self, spec: str) -> str:
        return f"{self.median:{spec}} ({self.least:{spec}}..{self.most:{spec}})"


@dataclass(frozen=True)
class Target:
    """A limit on a measured number; `aim` is what we would like beyond the duty."""

    what: str
    measured: float
    limit: float
    at_least: bool = False
    aim: float | None = None
    noise: Spread | None = None

    @property
    def is_met(self) -> bool:
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    def row(self) -> list[str]:
        sign = "≥" if self.at_least else "≤"
        aim = "" if self.aim is None else f" (aim {self.aim:g})"
        noise = f"{self.noise.least:.2f}..{self.noise.most:.2f}" if self.noise else ""
        verdict = "pass" if self.is_met else "FAIL"
        return [self.what, f"{self.measured:.2f}", noise, f"{sign} {self.limit:g}{aim}", verdict]

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"is_met": self.is_met}


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, aligned for terminals."""
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in lines
    )


def targets_table(targets: Sequence[Target]) -> str:
    return table(
        ["target", "measured", "by round", "wanted", "verdict"], [target.row() for target in targets]
    )
