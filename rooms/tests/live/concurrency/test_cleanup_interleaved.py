"""Cleanups among uploads, saved forms and restores, from several processes: no live photo is ever taken."""

import io
import json
import random
import subprocess
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack

from django.core.management import call_command

from rooms.models import RoomImage
from rooms.tests.live.cast import add_owner
from rooms.tests.live.live_server import LiveServer
from rooms.tests.live.scale import FIGURES, scaled

WORKERS = 3


def test_cleanup_never_takes_a_live_photo(
    server: LiveServer,
    chance: random.Random,
    settings: object,
    record_property: Callable[[str, object], None],
) -> None:
    settings.MEDIA_ROOT = str(server.media)  # type: ignore[attr-defined]
    steps = scaled(300, 10_000) // WORKERS
    hands = [f"work('{add_owner().pk}', '{chance.random()}', '{steps}')" for _ in range(WORKERS)]

    with ExitStack() as stack:
        cleaner = start(stack, server, "clean()")
        worked = [result(worker) for worker in [start(stack, server, work) for work in hands]]
        cleaned = result(cleaner)

    live = {photo_id for of_one in worked for photo_id in of_one["live"]}
    assert set(RoomImage.objects.filter(room__isnull=False).values_list("pk", flat=True)) >= live
    assert clean_up()["photos"] >= 0
    assert clean_up() == {"photos": 0, "files": 0, "bytes": 0, "errors": []}
    assert set(RoomImage.all_objects.values_list("pk", flat=True)) >= live
    counts = sum((Counter(of_one["counts"]) for of_one in worked), Counter())
    assert cleaned["photos"] > 0, "the cleanup never met anything: this test tests nothing"
    record_property(FIGURES, f"{dict(counts)} against {cleaned}")


def start(stack: ExitStack, server: LiveServer, call: str) -> "subprocess.Popen[str]":
    process = server.start_python(f"from rooms.tests.live.busy_hands import *; {call}")
    stack.enter_context(process)
    stack.callback(process.kill)
    return process


def result(process: "subprocess.Popen[str]") -> dict[str, Counter[str]]:
    output, complaints = process.communicate()
    assert process.returncode == 0, complaints
    assert not complaints
    return json.loads(output)


def clean_up() -> dict[str, object]:
    call_command("cleanup_temp_images", days=0, json=True, stdout=(report := io.StringIO()))
    return {
        name: value
        for name, value in json.loads(report.getvalue()).items()
        if name not in ("dry_run", "days")
    }
