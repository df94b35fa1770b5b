"""Names by the million, kept in a temporary file and not in memory."""

import json
import tempfile
from collections.abc import Iterator
from itertools import batched
from typing import Any


class Spool:
    """Rows of plain values: added one by one, then read in batches, in their order."""

    def __init__(self) -> None:
        # Deleted by the system once this process ends, however it ends.
        self._file = tempfile.TemporaryFile("w+", encoding="ascii")  # noqa: SIM115

    def add(self, *values: Any) -> None:
        self._file.write(json.dumps(values) + "\n")

    def batches(self, size: int) -> Iterator[list[list[Any]]]:
        self._file.seek(0)
        for lines in batched(self._file, size):
            yield [json.loads(line) for line in lines]

    def close(self) -> None:
        self._file.close()
