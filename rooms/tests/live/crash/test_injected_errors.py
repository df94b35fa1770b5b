"""System calls that fail under an upload: nothing is kept, the answer says so, the next upload works.

A full disk, a quota, a broken or read-only disk, no descriptors left: injected by
strace, so that the product meets them where the kernel has them.
"""

import random
from collections.abc import Callable

import pytest

from rooms.tests.live.crash.deeds import DEEDS, Deed
from rooms.tests.live.crash.stage import Stage
from rooms.tests.live.crash.tracing import Call
from rooms.tests.live.scale import FIGURES, IS_FULL
from rooms.tests.live.visitor import Answer

UPLOADS = DEEDS[: 2 if IS_FULL else 1]
FULL = ("ENOSPC", "EDQUOT")
ERRORS = (
    *(("write", error) for error in (*FULL, "EIO")),
    ("pwrite64", "ENOSPC"),
    ("pwrite64", "EIO"),
    ("fsync", "EIO"),
    ("fdatasync", "EIO"),
    *(("openat", error) for error in (*FULL, "EMFILE", "ENFILE", "EROFS")),
    ("mkdir", "EROFS"),
    ("mkdir", "ENOSPC"),
    ("rename", "EIO"),
    ("rename", "EROFS"),
)


def chosen(points: list[Call], name: str, chance: random.Random) -> list[Call]:
    """The calls of that name; of a sample one of them."""
    named = [point for point in points if point.name == name and "<pipe:" not in point.text]
    return named if IS_FULL or not named else [chance.choice(named)]


def assert_answered(answer: Answer | None, point: Call, error: str) -> None:
    """A success is there whole (the stage has looked); a refusal says whether and when to try again."""
    assert answer is not None, "no answer"
    if answer.status != 201:
        is_photo = ".part" in point.text
        assert (answer.status, answer.code) in ((503, "storage_unavailable"), (507, "storage_full"))
        assert not is_photo or (answer.status == 507) == (error in FULL)
        assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("deed", UPLOADS, ids=str)
def test_call_that_fails_leaves_nothing(
    stage: Stage, deed: Deed, chance: random.Random, record_property: Callable[[str, object], None]
) -> None:
    points = stage.find_points(deed)
    for name, error in ERRORS:
        for point in chosen(points, name, chance):
            print(f"{error} at {point.name} {point.number}: {point.text}")
            assert_answered(stage.fail(deed, point, error), point, error)
    record_property(FIGURES, dict(stage.counts))
    assert stage.counts["failed"] > 0
