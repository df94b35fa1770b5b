"""One cleanup in a fresh process: prints what it cost as JSON. Started by `cleanup_work`.

`live` and `garbage` make what is there, `clean` is the product's command, and `floor` the least that
any program has to do: delete the rows in one statement a kind, and unlink the files.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django
from django.conf import settings
from django.db import connection, transaction

django.setup()

from bench.cleanup_library import add_garbage, add_live_rows  # noqa: E402  # models exist only now
from rooms import storage  # noqa: E402
from rooms.models import PendingFile, RoomImage  # noqa: E402
from rooms.services.cleanup import clean_up_alone  # noqa: E402

KIB_PER_MB = 1e6 / 1024
GARBAGE = "room_id IS NULL OR removed_at IS NOT NULL"


def main() -> None:
    match sys.argv[1:]:
        case ["live", number]:
            add_live_rows(int(number))
        case ["garbage", number]:
            add_garbage(int(number))
        case ["clean"]:
            print(json.dumps(measure(clean)))
        case ["floor"]:
            print(json.dumps(measure(floor)))


def measure(work: Callable[[], int]) -> dict[str, float]:
    connection.ensure_connection()
    before_mb, cpu_s, wall_s = _peak_mb(), time.process_time(), time.perf_counter()
    removed = work()
    wall_s, cpu_s = time.perf_counter() - wall_s, time.process_time() - cpu_s
    return {"removed": removed, "wall_s": wall_s, "cpu_s": cpu_s, "growth_mb": _peak_mb() - before_mb}


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_MB


def clean() -> int:
    report = clean_up_alone(1)
    if not report.is_good:
        raise RuntimeError("the cleanup did not do its work")
    return report.files


def floor() -> int:
    names = [*RoomImage.all_objects.extra(where=[GARBAGE]).values_list("image", flat=True)]  # noqa: S610
    names += PendingFile.objects.values_list("name", flat=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM rooms_roomimage WHERE {GARBAGE}")  # noqa: S608
        cursor.execute("DELETE FROM rooms_pendingfile")
        cursor.execute("DELETE FROM rooms_draft")
    removed = 0
    for master_name in names:
        for name in storage.names_of(master_name):
            os.unlink(Path(settings.MEDIA_ROOT, name))
            removed += 1
    return removed


if __name__ == "__main__":
    main()
