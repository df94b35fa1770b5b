"""Telling somebody who waits how far a run has come. What it looks like is theirs."""

from typing import Protocol


class Progress(Protocol):
    def begin(self, what: str, total: int) -> None:
        """A part of the run begins, with so many steps."""

    def advance(self) -> None:
        """One step is done."""


class Silence:
    """For schedulers."""

    def begin(self, what: str, total: int) -> None:
        pass

    def advance(self) -> None:
        pass
