"""The table of a crowd: many owners send ten photos each at once, and pages are asked for meanwhile.

Each owner does as the page does: three at a time; sent away by a busy server, all wait as long as it said and
go on with one; anything else that fails is tried again three times. Generator, server, database and bucket
share the machine.
"""

import io
import json
import os
import random
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageOps

from bench.figures import Run, Target, report
from bench.photos import made
from bench.sites import Served
from rooms.tests.live.live_server import running_server
from rooms.tests.live.object_store import settings_of_bucket
from rooms.tests.live.visitor import Visitor
from rooms.tests.postgres_cluster import running_cluster

AT_ONCE: Final = 3
BACKOFF_S: Final = (1, 4, 10)
PAGES: Final = {"start page": "/admin/", "rooms list": "/admin/rooms/room/"}
PAGE_EVERY_S: Final = 0.5
PAGES_ALONE: Final = 10
CROWDS: Final = (50, 200)
PLACES: Final = ("SQLite, disk", "PostgreSQL, bucket")
# As a camera makes them (3 MB), and what the page makes of such a photo before it sends it.
PHOTOS_PX: Final = {"originals": (3264, 2448), "made smaller": (2880, 2160)}
QUALITY_OF_PAGE: Final = 85
# An end for what never comes.
LIMIT_S: Final = 1800
BUCKET_SERVER: Final = """
from rooms.tests.live.object_store import ObjectStore
store = ObjectStore()
print(store.server_port, flush=True)
store.serve_forever()
"""
HEAD: Final = (
    "run", "stored", "a second", "owners done", "lost", "answers", "upload p50 / p95 s",
    "start page p50 / p95", "rooms list p50 / p95", "CPU s a photo (alone; with the pages)",
)  # fmt: skip
# Python that adds owners with a room each, signed in, and staff; prints their sessions and rooms.
PEOPLE: Final = """
import json
from django.contrib.auth.models import User
from django.test import Client
from rooms.models import Room
from rooms.tests.live.cast import add_owner

def sign_in(user):
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value

def add_person():
    hotel = add_owner().establishments.get()
    return sign_in(hotel.owner), Room.objects.create(establishment=hotel, name="Chambre").pk

print(json.dumps([[add_person() for _ in range(COUNT)], sign_in(User.objects.create_superuser("staff"))]))
"""
STORED: Final = """
import json
from django.db.models import Count
from rooms.models import RoomImage
rows = RoomImage.objects.values_list("room").annotate(Count("pk"))
print(json.dumps([list(rows), [str(one) for one in RoomImage.objects.values_list("upload_id", flat=True)]]))
"""


def run(rounds: int, photo_count: int, work: Path) -> dict[str, Any]:
    """Once for each crowd, place and kind of photo, whatever `rounds` says."""
    runs: dict[str, Run] = {}
    for place in PLACES:
        for kind in PHOTOS_PX:
            for owners in CROWDS:
                name = f"{owners} owners, {place}, {kind}"
                with _served(place, work / name.replace(" ", "-")) as site:
                    runs[name] = _measure(site, owners, _photo(kind), photo_count)
                print(name, *_cells(runs[name]), sep=" | ", flush=True)
    pages = [found for one in runs.values() for found in one["pages_s"].values()]
    answers = sum((Counter(one["answers"]) for one in runs.values()), Counter[str]())
    targets = [
        Target("pages, p95 s", max(map(_p95, pages)), 1),
        Target("photos lost", sum(one["lost"] for one in runs.values()), 0),
        Target(
            "owners who end with all", min(r["done"] / r["owners"] for r in runs.values()), 1, at_least=True
        ),
        Target(
            "5xx but 503 with Retry-After",
            sum(answers[a] for a in answers if a[0] == "5" and a != "503 again"),
            0,
        ),
        Target(
            "CPU a photo to one owner's alone", max(r["cpu_s"] / r["alone_cpu_s"] for r in runs.values()), 1.2
        ),
    ]
    return report(runs, HEAD, [[name, *_cells(one)] for name, one in runs.items()], targets)


def _photo(kind: str) -> bytes:
    path = made("crowd.jpg", 1, PHOTOS_PX["originals"])
    if kind == "originals":
        return path.read_bytes()
    with Image.open(path) as original:
        smaller = ImageOps.exif_transpose(original).resize(PHOTOS_PX[kind])
    smaller.convert("RGB").save(buffer := io.BytesIO(), "JPEG", quality=QUALITY_OF_PAGE)
    return buffer.getvalue()


@contextmanager
def _served(place: str, folder: Path) -> Iterator[Served]:
    folder.mkdir(parents=True)
    if place == "SQLite, disk":
        with running_server(folder, f"sqlite:///{folder / 'db.sqlite3'}") as server:
            yield Served(server, "")
    else:
        with (
            _bucket() as bucket,
            running_cluster() as cluster,
            running_server(folder, cluster.create_database("crowd"), **bucket) as server,
        ):
            yield Served(server, "")


@contextmanager
def _bucket() -> Iterator[dict[str, Any]]:
    """The settings of a site whose photos lie in a bucket of a process of its own."""
    process = subprocess.Popen([sys.executable, "-c", BUCKET_SERVER], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield settings_of_bucket(int(process.stdout.readline()))
    finally:
        process.kill()
        process.wait()


def _visitor(site: Served, session: str) -> Visitor:
    visitor = Visitor(site.server.address)
    visitor.cookies = {"sessionid": session, "csrftoken": "t" * 32}
    return visitor


class Owner:
    """One page with its queue of photos."""

    def __init__(self, visitor: Visitor, room_id: int, photo: bytes, count: int) -> None:
        self.visitor, self.path, self.photo = visitor, f"/rooms/{room_id}/upload-image/", photo
        self.waiting = [str(uuid.uuid4()) for _number in range(count)]
        self.stored: list[str] = []
        self.given_up = 0
        self.seconds: list[float] = []
        self.answers: Counter[str] = Counter()
        self.turn = threading.Condition()
        self.under_way, self.is_crowded, self.pause_ends = 0, False, 0.0

    def work(self, until: float) -> None:
        """What one of the three does until nothing is left."""
        while (upload_id := self._take(until)) is not None:
            outcome = self._send(upload_id, until)
            with self.turn:
                self.under_way -= 1
                if outcome == "stored":
                    self.stored.append(upload_id)
                    self.is_crowded = False
                elif outcome == "again":
                    self.waiting.append(upload_id)
                else:
                    self.given_up += 1
                self.turn.notify_all()

    def _take(self, until: float) -> str | None:
        with self.turn:
            while (self.waiting or self.under_way) and (now := time.monotonic()) < until:
                at_once = 1 if self.is_crowded else AT_ONCE
                if self.waiting and self.under_way < at_once and now >= self.pause_ends:
                    self.under_way += 1
                    return self.waiting.pop()
                self.turn.wait(min(1, max(0.05, self.pause_ends - now)))
            return None

    def _send(self, upload_id: str, until: float) -> str:
        for pause_s in (*BACKOFF_S, None):
            began = time.monotonic()
            try:
                answer = self.visitor.upload(self.path, self.photo + os.urandom(16), upload_id=upload_id)
            except OSError as error:
                self.answers[type(error).__name__] += 1
            else:
                retry_s = int(answer.headers["Retry-After"] or 0)
                self.answers[f"{answer.status}{' again' if answer.status == 503 and retry_s else ''}"] += 1
                if answer.status in (200, 201):
                    self.seconds.append(time.monotonic() - began)
                    return "stored"
                if answer.headers["X-Busy"]:
                    with self.turn:
                        self.is_crowded = True
                        self.pause_ends = time.monotonic() + retry_s * (1 + random.random() / 2)
                    return "again"
            if pause_s is None or time.monotonic() + pause_s > until:
                break
            time.sleep(pause_s)
        return "again" if time.monotonic() > until else "given up"


def _measure(site: Served, count: int, photo: bytes, photo_count: int) -> Run:
    printed, complaint = site.server.start_python(PEOPLE.replace("COUNT", str(count + 1))).communicate()
    assert printed, complaint
    people, staff = json.loads(printed)
    owners = [Owner(_visitor(site, session), room, photo, photo_count) for session, room in people]
    alone = owners.pop()
    alone_cpu_s = -site.cpu_s()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(alone.work, [time.monotonic() + LIMIT_S] * AT_ONCE))
    alone_cpu_s += site.cpu_s()
    probers = [_visitor(site, session) for session in (staff, people[0][0])]
    page_cpu_s = _page_cpu_s(site, probers)
    began, cpu_s, is_over = time.monotonic(), site.cpu_s(), threading.Event()
    with ThreadPoolExecutor(count * AT_ONCE + len(probers)) as pool:
        probes = [pool.submit(_probe, visitor, is_over) for visitor in probers]
        senders = [pool.submit(one.work, began + LIMIT_S) for one in owners for _number in range(AT_ONCE)]
        for sender in senders:
            sender.result()
        took_s, cpu_s = time.monotonic() - began, site.cpu_s() - cpu_s
        is_over.set()
        pages_s = {name: [s for probe in probes for s in probe.result()[name]] for name in PAGES}
    page_cpu_s = (page_cpu_s + _page_cpu_s(site, probers)) / 2  # it grows with the photos that come
    by_room, upload_ids = json.loads(site.server.start_python(STORED).communicate()[0])
    acknowledged = [upload_id for one in owners for upload_id in one.stored]
    return {
        "stored": len(acknowledged),
        "seconds": took_s,
        "done": sum(number == photo_count for room, number in by_room if room != people[-1][1]),
        "lost": len(set(acknowledged) - set(upload_ids)) + sum(one.given_up for one in owners),
        "answers": sum((one.answers for one in owners), Counter[str]()),
        "upload_s": [seconds for one in owners for seconds in one.seconds],
        "pages_s": pages_s,
        "cpu_s": (cpu_s - page_cpu_s * sum(map(len, pages_s.values()))) / max(1, len(acknowledged)),
        "with_pages_cpu_s": cpu_s / max(1, len(acknowledged)),
        "alone_cpu_s": alone_cpu_s / len(alone.stored),
        "owners": count,
    }


def _page_cpu_s(site: Served, probers: list[Visitor]) -> float:
    """What a page costs while nobody sends photos: those asked for in a crowd are no cost of its photos."""
    list(map(_open_pages, probers))  # the first of a process costs more
    cpu_s = -site.cpu_s()
    list(map(_open_pages, probers * PAGES_ALONE))
    return (cpu_s + site.cpu_s()) / (len(probers) * PAGES_ALONE * len(PAGES))


def _open_pages(visitor: Visitor) -> None:
    assert all(visitor.get(path).status == 200 for path in PAGES.values())


def _probe(visitor: Visitor, is_over: threading.Event) -> dict[str, list[float]]:
    """Seconds of each page; one that is not shown takes as long as anybody waits."""
    found: dict[str, list[float]] = {name: [] for name in PAGES}
    while not is_over.wait(PAGE_EVERY_S):
        for name, path in PAGES.items():
            began = time.monotonic()
            try:
                is_shown = visitor.get(path).status == 200
            except OSError:
                is_shown = False
            found[name].append(time.monotonic() - began if is_shown else 60.0)
    return found


def _p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)] if values else 0.0


def _pair(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} / {_p95(values):.2f}" if values else "–"


def _cells(one: Run) -> list[str]:
    answers = ", ".join(f"{number} x {what}" for what, number in sorted(one["answers"].items()))
    pages = [_pair(one["pages_s"][name]) for name in PAGES]
    return [
        str(one["stored"]), f"{one['stored'] / one['seconds']:.2f}", f"{one['done']} of {one['owners']}",
        str(one["lost"]), answers, _pair(one["upload_s"]), *pages,
        f"{one['cpu_s']:.2f} ({one['alone_cpu_s']:.2f}; {one['with_pages_cpu_s']:.2f})",
    ]  # fmt: skip
