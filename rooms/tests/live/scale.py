"""How much of a large test is run: a sample by default, all with `SCALE=full`, as `make crash` has it."""

import os

IS_FULL = os.environ.get("SCALE") == "full"
# What a test records with `record_property` under this name, `make crash` prints at its end.
FIGURES = "figures"


def scaled(sample: int, full: int) -> int:
    return full if IS_FULL else sample
