"""kill -9 at any system call of what changes photos: nothing acknowledged is lost, no orphan stays.

A sample by chance; `make crash` takes every call.
"""

import random
from collections.abc import Callable

import pytest

from rooms.tests.live.crash.deeds import DEEDS, Deed
from rooms.tests.live.crash.stage import Stage
from rooms.tests.live.scale import FIGURES, IS_FULL

SAMPLE = {"sqlite": 5, "postgresql": 1}


@pytest.mark.parametrize("deed", DEEDS, ids=str)
def test_process_killed_at_a_call_leaves_all_or_nothing(
    stage: Stage,
    deed: Deed,
    chance: random.Random,
    record_property: Callable[[str, object], None],
) -> None:
    points = stage.find_points(deed)
    sample = (
        points
        if IS_FULL
        else chance.sample(points, SAMPLE["sqlite" if stage.server.is_sqlite else "postgresql"])
    )
    for point in sample:
        print(f"killed at {point.name} {point.number}: {point.text}")
        stage.kill(deed, point)
    record_property(FIGURES, f"{len(points)} calls, {dict(stage.counts)}")
    assert stage.counts["killed"] > 0
