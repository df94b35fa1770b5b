"""The table of uploads: a gallery of ten photos over HTTP, ours and Wagtail, two worker processes each.

All servers stand ready at the same time and take turns. A first, unmeasured gallery of three photos warms
each up; a measured one counts from before the log-in to after the last answer.
"""

import json
import os
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.figures import Run, Runs, Target, cell, ratio, report, take_turns
from bench.image_work import wanted_by_product
from bench.photos import make_photos
from bench.sites import Served, served
from rooms.models import Room
from rooms.tests.live.cast import PASSWORD
from rooms.tests.live.visitor import TEMPORARY, Answer, Visitor, upload_path

OURS: Final = "ours: temporary uploads, then save"
EQUAL: Final = "Wagtail, the same four outputs"
INDEX: Final = "Wagtail, upload and first index page"
HEAD: Final = ("who", "CPU s (min..max)", "wall s (min..max)", "workers' peak MB", "MB after")
AT_ONCE: Final = 3
STATEMENTS: Final = {"direct": 11, "temporary": 14}  # wanted, at most
OF_TRANSACTIONS: Final = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
WAGTAIL_UPLOADS: Final = "/admin/images/multiple/add/"


class Sender(Visitor):
    """Sends photos three at a time, as a script of a page; what is wrong with an answer raises."""

    def __init__(self, site: Served) -> None:
        super().__init__(site.server.address)
        self.sign_in(site.username, PASSWORD)

    def send(self, path: str, photos: list[Path], **fields: str) -> list[Answer]:
        def send_one(photo: Path) -> Answer:
            # Bytes nobody has seen: Wagtail would spend time on a warning about a duplicate.
            fresh = photo.read_bytes() + os.urandom(16)
            return self.upload(path, fresh, upload_id=str(uuid.uuid4()), **fields)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(send_one, photos))

    def _send(self, method: str, path: str, body: Any = None, headers: Any = None) -> Answer:
        answer = super()._send(method, path, body, {"X-Requested-With": "XMLHttpRequest"} | (headers or {}))
        assert answer.status < 400, (path, answer.text[:1000])
        return answer


def visit_ours(site: Served, photos: list[Path]) -> None:
    """Temporary uploads into the add form, then save."""
    sender = Sender(site)
    form = sender.open_add_form()
    sender.send(TEMPORARY, photos, draft=form["draft"])
    fields = {"establishment": site.establishment_id, "name": f"Room {uuid.uuid4().hex[:6]}", "capacity": "2"}
    assert sender.save_add_form(form | fields).location, "the room was not saved"


def visit_wagtail(site: Served, photos: list[Path]) -> Sender:
    """Wagtail's page for adding several images."""
    sender = Sender(site)
    sender.get(WAGTAIL_UPLOADS)
    answers = sender.send(WAGTAIL_UPLOADS, photos, file_field="files[]")
    assert all(answer.content["success"] for answer in answers), "Wagtail refused a photo"
    return sender


VISITS: Final[dict[str, Any]] = {
    OURS: visit_ours,
    EQUAL: visit_wagtail,
    INDEX: lambda site, photos: visit_wagtail(site, photos).get("/admin/images/"),
}


def run(rounds: int, photo_count: int, work: Path) -> dict[str, Any]:
    photos, wanted = make_photos()[:photo_count], wanted_by_product()
    filters = [f"max-{side}x{side}|format-{kind.lower()}" for side, kind in wanted.kinds.items()]
    peer = {"BENCH_JPEG_QUALITY": str(wanted.jpeg_quality), "BENCH_WEBP_QUALITY": str(wanted.webp_quality)}
    equal = {"BENCH_RENDITIONS": " ".join(filters), **peer}
    runs: Runs = {name: [] for name in VISITS}
    with (
        served("ours", work / "ours") as ours,
        served("wagtail", work / "equal", **equal) as with_renditions,
        served("wagtail", work / "index", **peer) as wagtail,
    ):
        sites = {OURS: ours, EQUAL: with_renditions, INDEX: wagtail}
        for name, site in sites.items():
            VISITS[name](site, photos[:AT_ONCE])
        for turn, name in take_turns(list(sites), rounds):
            runs[name].append(_measure(sites[name], name, photos) | {"round": turn})
        memory_mb = {name: [site.memory_mb("VmHWM"), site.memory_mb("VmRSS")] for name, site in sites.items()}
        made = len(list((with_renditions.server.media / "images").iterdir()))
        assert made == (rounds * len(photos) + len(photos[:AT_ONCE])) * len(filters), "renditions are missing"
        counting = f"from bench.gallery_work import *; print_statements({ours.username!r})"
        printed, complaint = ours.server.start_python(counting).communicate()
        assert printed, complaint
        queries = json.loads(printed)
    rows = [
        [name, cell(costs, "cpu_s"), cell(costs, "wall_s"), *(f"{mb:.0f}" for mb in memory_mb[name])]
        for name, costs in runs.items()
    ]
    targets = [
        ratio("ours / Wagtail, equal outputs, CPU", runs, OURS, EQUAL, 0.3, aim=0.25),
        ratio("ours / Wagtail, first index page, CPU", runs, OURS, INDEX, 0.5),
        Target("ours / Wagtail, workers' peak memory", memory_mb[OURS][0] / memory_mb[EQUAL][0], 0.45),
        *(
            Target(f"statements of a {kind} upload", len(listed), STATEMENTS[kind])
            for kind, listed in queries.items()
        ),
    ]
    return report(runs, HEAD, rows, targets) | {"queries": queries}


def _measure(site: Served, name: str, photos: list[Path]) -> Run:
    cpu_s, wall_s = site.cpu_s(), time.perf_counter()
    VISITS[name](site, photos)
    return {"cpu_s": site.cpu_s() - cpu_s, "wall_s": time.perf_counter() - wall_s}


def print_statements(username: str) -> None:
    """Of the second upload of each kind, in their order; runs in our site's environment."""
    client, owner = Client(SERVER_NAME="localhost"), User.objects.get(username=username)
    client.force_login(owner)
    statements = {}
    room = Room.objects.create(establishment=owner.establishments.get(), name="Counted")
    paths = {"direct": upload_path(room), "temporary": TEMPORARY}
    for kind in ("direct", "temporary") * 2:  # the first of a process fills its caches
        with CaptureQueriesContext(connection) as queries, make_photos()[0].open("rb") as photo:
            assert client.post(paths[kind], {"image": photo}).status_code == 201
        lines = [query["sql"] for query in queries.captured_queries]
        statements[kind] = [line for line in lines if not line.startswith(OF_TRANSACTIONS)]
    print(json.dumps(statements))
