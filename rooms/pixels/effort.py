"""How much processor time one picture may take: looked at between its stages, for a thread cannot be stopped.

What a file's head tells keeps every stage short; this ends what was not foreseen. Time spent waiting for a
processor does not count, so that a busy machine refuses nothing.
"""

import io
import time
from typing import IO, Final, cast

# Ten times what the costliest picture takes that passes the other checks.
MOST_CPU_S: Final = 20.0


class TooMuchWorkError(Exception):
    """A picture has taken more processor time than any photo does."""


class Budget:
    """What is left to the picture that this thread works on, from now on."""

    def __init__(self) -> None:
        self._end_s = time.thread_time() + MOST_CPU_S

    def check(self) -> None:
        """Raises `TooMuchWorkError` where nothing is left."""
        if time.thread_time() > self._end_s:
            raise TooMuchWorkError


def watched(file: IO[bytes], budget: Budget) -> IO[bytes]:
    """The file, whose reader is stopped when the budget is spent: decoders read as they go on."""
    return cast("IO[bytes]", _Watched(file, budget))


class _Watched(io.RawIOBase):
    """Has what Pillow uses of a file."""

    def __init__(self, file: IO[bytes], budget: Budget) -> None:
        self._file, self._budget = file, budget

    def read(self, size: int = -1, /) -> bytes:
        self._budget.check()
        return self._file.read(size)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()
