"""The table of cleanups: what one costs, beside a small and a large library, and against the least it could.

Its cost has to follow the garbage: the same thousand photos beside ten thousand and a million others. The
files lie in memory where the machine has such a folder: a disk would hide what the programs do behind itself.
Each step, one of the functions without an underscore, runs in a fresh process on its library.
"""

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from itertools import batched
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from bench.figures import Run, Runs, Target, cell, ratio, report, typical
from bench.image_cost import status_mb
from rooms import storage
from rooms.models import Draft, Establishment, PendingFile, Room, RoomImage
from rooms.services.cleanup import clean_up_alone
from rooms.tests.photo_library import lay_photo
from rooms.tests.postgres_cluster import running_cluster

SMALL, LARGE = 10_000, 1_000_000
SOME, MUCH = 1_000, 50_000
HEAD: Final = ("cleanup", "files", "wall s (min..max)", "CPU s (min..max)", "MB more")
GARBAGE: Final = "room_id IS NULL OR removed_at IS NOT NULL"
# Live photos are rows alone, ten a room: no cleanup reads their files, and a million are made in seconds.
LIVE_PHOTOS: Final = """
INSERT INTO rooms_roomimage (room_id, image, caption, "order")
WITH RECURSIVE place(nth) AS (SELECT 1 UNION ALL SELECT nth + 1 FROM place WHERE nth < 10)
SELECT id, 'photos/live/' || id || '-' || nth || '.jpg', '', nth FROM rooms_room CROSS JOIN place
"""


def run(rounds: int, photo_count: int, work: Path) -> dict[str, Any]:
    """`photo_count` is no matter of this table."""
    found: Runs = {}
    targets: list[Target] = []
    for vendor in find_vendors():
        with _libraries(vendor) as (small, large):
            measured = _measure(small, large, rounds)
        found |= {f"{vendor}: {name}": costs for name, costs in measured.items()}
        targets += _judge(vendor, measured)
    return report(found, HEAD, [[name, *_cells(costs)] for name, costs in found.items()], targets)


def find_vendors() -> tuple[str, ...]:
    """The databases that this machine has."""
    finder = subprocess.run(["bash", ".ci/find-postgres"], stdout=subprocess.DEVNULL, check=False)
    return ("SQLite",) if finder.returncode else ("SQLite", "PostgreSQL")


@contextmanager
def _libraries(vendor: str) -> Iterator[list[dict[str, str]]]:
    """The environments of a small and a large library, each with a database of its own."""
    memory = Path("/dev/shm")
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(dir=memory if memory.is_dir() else None))
        libraries = []
        for live in (SMALL, LARGE):
            url = f"sqlite:///{folder}/{live}.sqlite3"
            if vendor == "PostgreSQL":  # a cluster each: the server's memory is then not shared either
                url = stack.enter_context(running_cluster()).create_database("library")
            libraries.append({"DATABASE_URL": url, "MEDIA_ROOT": f"{folder}/{live}"})
            _call(libraries[-1], "migrate", "--verbosity", "0")
            _step(libraries[-1], f"add_live({live})")
        yield libraries


def _step(library: dict[str, str], step: str) -> Run:
    return _call(library, "shell", "--no-imports", "-c", f"from bench.cleanup_work import *; {step}")


def _call(library: dict[str, str], *arguments: str) -> Run:
    command = [sys.executable, "manage.py", *arguments]
    environment = os.environ | library
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, check=True)
    return dict(json.loads(done.stdout or "{}"))


def _measure(small: dict[str, str], large: dict[str, str], rounds: int) -> Runs:
    measured: Runs = {"small": [], "large": [], "much": [], "floor": []}

    def add(name: str, library: dict[str, str], garbage: int, step: str, turn: int) -> None:
        _step(library, f"add_garbage({garbage})")
        measured[name].append(_step(library, f"measure({step})") | {"round": turn})

    for turn in range(rounds + 1):
        add("small", small, SOME, "clean", turn)
        add("large", large, SOME, "clean", turn)
    del measured["small"][0], measured["large"][0]  # the first one of each only warms up
    add("much", small, MUCH, "clean", 0)
    add("floor", small, MUCH, "unlink_and_delete", 0)
    return measured


def _judge(vendor: str, measured: Runs) -> list[Target]:
    beside = f"{vendor}: beside a million / ten thousand live photos"
    much = typical(measured["much"], "wall_s") / typical(measured["floor"], "wall_s")
    cleanups = [cost for name in ("small", "large", "much") for cost in measured[name]]
    return [
        ratio(beside, measured, "large", "small", 1.2, key="wall_s"),
        Target(f"{vendor}: 50,000 photos / floor", much, 3),
        Target(f"{vendor}: memory growth, MB", _growth_mb(cleanups), 50),
    ]


def _cells(costs: list[Run]) -> list[str]:
    return [str(costs[0]["files"]), cell(costs, "wall_s"), cell(costs, "cpu_s"), f"{_growth_mb(costs):.0f}"]


def _growth_mb(costs: list[Run]) -> float:
    return float(max(cost["growth_mb"] for cost in costs))


def add_live(number: int) -> None:
    """Told to the planner as a database does by itself in time."""
    establishment = Establishment.objects.create(name="Library", owner=User.objects.create_user("owner"))
    for batch in batched(range(number // 10), 5000):
        Room.objects.bulk_create([Room(establishment=establishment, name=str(index)) for index in batch])
    with connection.cursor() as cursor:
        cursor.execute(LIVE_PHOTOS)
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")


@transaction.atomic
def add_garbage(number: int) -> None:
    """Photos with files: of ten, seven in an idle draft, one removed, one in none, one of a dead upload."""
    room, long_ago = Room.objects.earliest("pk"), timezone.now() - timedelta(days=40)
    for _ in range(number // 10):
        ten = [f"photos/{(stem := uuid.uuid4().hex)[:2]}/{stem}.jpg" for _ in range(10)]
        draft = Draft.objects.create(user=room.establishment.owner, touched_at=long_ago)
        owners: list[dict[str, Any]] = [*[{"draft": draft}] * 7, {"room": room, "removed_at": long_ago}, {}]
        named = zip(ten, owners, strict=False)
        photos = [RoomImage(image=name, created_at=long_ago, **owner) for name, owner in named]
        RoomImage.all_objects.bulk_create(photos)
        PendingFile.objects.create(name=ten[9], kind=PendingFile.Kind.UPLOAD, noted_at=long_ago)
        for name in ten:
            lay_photo(Path(settings.MEDIA_ROOT), name, content=bytes(300))


def clean() -> int:
    """The product's command."""
    report = clean_up_alone(1)
    if not report.is_good:
        raise RuntimeError("the cleanup did not do its work")
    return report.files


def unlink_and_delete() -> int:
    """The least that any program has to do: one statement a kind, and the files."""
    names = [*RoomImage.all_objects.extra(where=[GARBAGE]).values_list("image", flat=True)]
    names += PendingFile.objects.values_list("name", flat=True)
    with transaction.atomic(), connection.cursor() as cursor:
        for what in (f"rooms_roomimage WHERE {GARBAGE}", "rooms_pendingfile", "rooms_draft"):
            cursor.execute(f"DELETE FROM {what}")
    files = [Path(settings.MEDIA_ROOT, file) for master in names for file in storage.names_of(master)]
    for file in files:
        file.unlink()
    return len(files)


def measure(work: Callable[[], int]) -> None:
    """Prints its cost."""
    connection.ensure_connection()
    before_mb, cpu_s, wall_s = status_mb("self", "VmHWM"), time.process_time(), time.perf_counter()
    cost = {"files": work(), "wall_s": time.perf_counter() - wall_s, "cpu_s": time.process_time() - cpu_s}
    print(json.dumps(cost | {"growth_mb": status_mb("self", "VmHWM") - before_mb}))
