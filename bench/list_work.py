"""The table of the rooms list and the start page, beside a naive list of Unfold's in the same process.

The naive list has three columns and looks for each room's cover by itself. 20 rooms an establishment, ten
photos a room as rows alone; Django's test client, so that no server or line hides what a page costs. On
PostgreSQL the CPU is the web process's, without the database's.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import path
from django.utils.html import format_html
from unfold.admin import ModelAdmin
from unfold.sites import UnfoldAdminSite

from backoffice import urls
from bench.cleanup_work import LIVE_PHOTOS, _call, find_vendors
from bench.figures import Run, Runs, Target, cell, ratio, report
from rooms.models import Establishment, Room
from rooms.tests.postgres_cluster import running_cluster

# Establishments by the number of photos.
SIZES: Final = {"100,000": 500, "1,000,000": 5000}
ROOMS_EACH: Final = 20
LIST: Final = "/admin/rooms/room/"
HEAD: Final = ("page", "wall s (min..max)", "CPU s (min..max)", "statements", "kB")
# Three years of photos; one in forty is dark, one in five hundred is in the room before it too.
MEASURED: Final = """
UPDATE rooms_roomimage SET kind = 'bed', caption = 'Lit', width = 2000, height = 1500, size = 800000,
    created_at = {created_at},
    metrics = {json_object}('brightness', CASE WHEN id %% 40 = 0 THEN 0.1 ELSE 0.8 END, 'sharpness', 0.5,
                            'fingerprint', {fingerprint})
"""
IN_WORDS_OF: Final = {
    "sqlite": {
        "created_at": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now', '-' || (id %% 1095) || ' days')",
        "json_object": "json_object",
        "fingerprint": "lower(hex(randomblob(32)))",
    },
    "postgresql": {
        "created_at": "now() - id %% 1095 * interval '1 day'",
        "json_object": "jsonb_build_object",
        "fingerprint": "md5(random()::text) || md5(random()::text)",
    },
}
TWINS: Final = """
UPDATE rooms_roomimage AS photo SET metrics = earlier.metrics FROM rooms_roomimage AS earlier
WHERE photo.id %% 500 = 11 AND earlier.id = photo.id - 10
"""
PAGES: Final = {
    "first page": (LIST, "backoffice.urls"),
    "page 50": (f"{LIST}?p=50", "backoffice.urls"),
    "last page": (f"{LIST}?p=100", "backoffice.urls"),
    "not ready": (f"{LIST}?ready=no", "backoffice.urls"),
    "with advice": (f"{LIST}?advice=any", "backoffice.urls"),
    "start page": ("/admin/", "backoffice.urls"),
    "naive, first page": (LIST, __name__),
    "naive, page 50": (f"{LIST}?p=50", __name__),
}


class NaiveRoomAdmin(ModelAdmin):
    list_display = ("cover", "name", "establishment")
    list_select_related = ("establishment",)
    change_list_template = "admin/change_list.html"  # Unfold's: ours is found by its name otherwise

    def cover(self, room: Room) -> str:
        photo = room.images.first()
        return format_html('<img src="{}" width="96" height="64">', photo.thumbnail_url) if photo else "–"


naive = UnfoldAdminSite(name="admin")
for _model in admin.site._registry:
    naive.register(_model, NaiveRoomAdmin if _model is Room else ModelAdmin)
_others = [one for one in urls.urlpatterns if getattr(one, "app_name", "") != "admin"]
urlpatterns = [*_others, path("admin/", naive.urls)]


def run(rounds: int, photo_count: int, work: Path) -> dict[str, Any]:
    """`photo_count` is no matter of this table."""
    found: Runs = {}
    targets: list[Target] = []
    for vendor in find_vendors():
        for photos, establishments in SIZES.items():
            with _library(vendor) as library:
                _call(library, "migrate", "--verbosity", "0")
                command = f"from bench.list_work import measure; measure({rounds}, {establishments})"
                pages: Runs = dict(_call(library, "shell", "--no-imports", "-c", command))
            found |= {f"{vendor}, {photos}: {name}": runs for name, runs in pages.items()}
            targets += _judge(f"{vendor}, {photos}", pages)
    cells = [[name, cell(runs, "wall_s"), cell(runs, "cpu_s"), *_fixed(runs)] for name, runs in found.items()]
    return report(found, HEAD, cells, targets)


@contextmanager
def _library(vendor: str) -> Iterator[dict[str, str]]:
    if vendor == "PostgreSQL":
        with running_cluster() as cluster:
            yield {"DATABASE_URL": cluster.create_database("list")}
    else:
        with TemporaryDirectory() as folder:
            yield {"DATABASE_URL": f"sqlite:///{folder}/list.sqlite3"}


def _judge(where: str, found: Runs) -> list[Target]:
    pages = [runs[0] for name, runs in found.items() if not name.startswith("naive")]
    targets = [
        ratio(f"{where}: first page / naive", found, "first page", "naive, first page", 0.8),
        ratio(f"{where}: page 50 / naive", found, "page 50", "naive, page 50", 1.0),
        Target(f"{where}: statements of the list", max(page["statements"] for page in pages[:3]), 8),
        Target(f"{where}: kB of the list", max(page["kb"] for page in pages[:3]), 350),
        Target(f"{where}: statements of the start page", found["start page"][0]["statements"], 15),
    ]
    if where.endswith(" 100,000"):
        least_s = min(page["cpu_s"] for page in found["start page"])
        targets.append(Target(f"{where}: start page, CPU s", least_s, 0.15))
    return targets


def _fixed(runs: list[Run]) -> list[str]:
    return [str(runs[0]["statements"]), str(runs[0]["kb"])]


def measure(rounds: int, establishments: int) -> None:
    """Prints what each page costs, by its name, in turns."""
    client = _fill(establishments)
    found: Runs = {name: [] for name in PAGES}
    for turn in range(rounds + 1):
        for name, (address, urlconf) in PAGES.items():
            with override_settings(ROOT_URLCONF=urlconf):
                cost = _visit(client, address)
            if turn:  # the first one only warms up
                found[name].append(cost | {"round": turn})
    print(json.dumps(found))


def _fill(establishments: int) -> Client:
    staff = User.objects.create_superuser("staff", "staff@example.com")
    Establishment.objects.bulk_create(
        Establishment(name=f"House {number}", owner=staff) for number in range(establishments)
    )
    Room.objects.bulk_create(
        Room(establishment=house, name=f"Room {number}", description="A fine room. " * 40)
        for house in Establishment.objects.all()
        for number in range(ROOMS_EACH)
    )
    with connection.cursor() as cursor:
        cursor.execute(LIVE_PHOTOS)
        cursor.execute(MEASURED.format(**IN_WORDS_OF[connection.vendor]), [])
        cursor.execute(TWINS, [])
        cursor.execute("ANALYZE")
    client = Client(SERVER_NAME="localhost")
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _visit(client: Client, address: str) -> Run:
    # First of all: with other settings Django forgets what it knows of addresses, which no server does.
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
        statements = len(captured)
    began_s, cpu_s = time.perf_counter(), time.process_time()
    answer = client.get(address)
    cost = {"wall_s": time.perf_counter() - began_s, "cpu_s": time.process_time() - cpu_s}
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return cost | {"statements": statements, "kb": len(answer.content) // 1000}
