"""The second table: a gallery of ten photos over HTTP, ours and Wagtail, two worker processes each.

All servers stand ready at the same time and take turns, so that noise meets them alike. A first, unmeasured
gallery of three photos warms each up; a measured one counts from before the log-in to after the last answer.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from bench.costs import Spread, Target, table, targets_table
from bench.ours_site.query_counter import STATEMENTS, TRANSACTION_WORDS
from bench.servers import Server, Site, served
from bench.visits import AT_ONCE, visit_ours, visit_wagtail
from bench.wanted import Wanted

OURS, EQUAL, INDEX = "ours", "wagtail_equal", "wagtail_index"
LABELS: Final = {
    OURS: "ours: temporary uploads, then save",
    EQUAL: "Wagtail, the same four outputs",
    INDEX: "Wagtail, upload and first index page",
}

type Visit = Callable[[str, list[Path]], Any]
type Rounds = dict[str, list[dict[str, float]]]

VISITS: Final[dict[str, Visit]] = {
    OURS: visit_ours,
    EQUAL: lambda address, photos: visit_wagtail(address, photos, opens_index=False),
    INDEX: lambda address, photos: visit_wagtail(address, photos, opens_index=True),
}


def run(photos: list[Path], rounds: int, wanted: Wanted, folder: Path) -> dict[str, Any]:
    """Measures, prints and returns the table and its targets as JSON-ready values."""
    found: Rounds = {name: [] for name in LABELS}
    with ExitStack() as stack:
        servers = {
            site.name: stack.enter_context(served(site, folder / site.name)) for site in _sites(wanted)
        }
        for name, server in servers.items():
            VISITS[name](server.address, photos[:AT_ONCE])
        names = list(servers)
        for _ in range(rounds):
            names.append(names.pop(0))
            for name in names:
                found[name].append(_measure(servers[name], VISITS[name], photos))
        memory = {name: (server.peak_mb(), server.resident_mb()) for name, server in servers.items()}
        _refuse_missing_renditions(servers[EQUAL].media, rounds * len(photos) + AT_ONCE, wanted)
    queries = count_queries(photos, folder)
    targets = _judge(found, memory, queries)
    print(_cost_table(found, memory), targets_table(targets), sep="\n\n", end="\n\n")
    return {
        "runs": found,
        "memory_mb": memory,
        "queries": queries,
        "targets": [target.to_json() for target in targets],
    }


def count_queries(photos: list[Path], folder: Path) -> dict[str, list[str]]:
    """The statements of the dearest upload of each kind, in their order."""
    site = Site("queries", "bench.ours_site", "backoffice.wsgi", {"BENCH_COUNTS_QUERIES": "1"})
    with served(site, folder / site.name) as server:
        visitor, answers, room = visit_ours(server.address, photos[:AT_ONCE])
        direct = visitor.send_all(f"{room}upload-image/", photos[AT_ONCE : 2 * AT_ONCE], "image", {})
    kinds = {"temporary": answers, "direct": direct}
    return {
        kind: max((answer.headers[STATEMENTS].split(",") for answer in replies), key=_data_count)
        for kind, replies in kinds.items()
    }


def _sites(wanted: Wanted) -> list[Site]:
    qualities = {
        "BENCH_JPEG_QUALITY": str(wanted.jpeg_quality),
        "BENCH_WEBP_QUALITY": str(wanted.webp_quality),
    }
    wagtail = ("bench.wagtail_site", "bench.peer_wsgi")
    return [
        Site(OURS, "bench.ours_site", "backoffice.wsgi", {}),
        Site(EQUAL, *wagtail, qualities | {"BENCH_RENDITIONS": " ".join(_filters(wanted))}),
        Site(INDEX, *wagtail, qualities),
    ]


def _filters(wanted: Wanted) -> list[str]:
    """Wagtail's names for the four outputs."""
    kinds = {wanted.master_px: "jpeg"} | dict.fromkeys(wanted.sides_px, "webp")
    return [f"max-{side}x{side}|format-{kind}" for side, kind in kinds.items()]


def _measure(server: Server, visit: Visit, photos: list[Path]) -> dict[str, float]:
    cpu_s, wall_s = server.cpu_s(), time.perf_counter()
    visit(server.address, photos)
    return {"cpu_s": server.cpu_s() - cpu_s, "wall_s": time.perf_counter() - wall_s}


def _refuse_missing_renditions(media: Path, photo_count: int, wanted: Wanted) -> None:
    made, due = len(list((media / "images").iterdir())), photo_count * len(_filters(wanted))
    if made != due:
        raise RuntimeError(f"Wagtail made {made} renditions instead of {due}")


def _data_count(statements: list[str]) -> int:
    """Statements but for those that begin and end transactions."""
    return sum(not statement.startswith(TRANSACTION_WORDS) for statement in statements)


def _judge(
    found: Rounds, memory: dict[str, tuple[float, float]], queries: dict[str, list[str]]
) -> list[Target]:
    targets = [
        _target("ours / Wagtail, equal outputs, CPU", found, EQUAL, 0.30, 0.25),
        _target("ours / Wagtail, first index page, CPU", found, INDEX, 0.5, None),
        Target("ours / Wagtail, workers' peak memory", memory[OURS][0] / memory[EQUAL][0], 0.45),
    ]
    for kind, statements in queries.items():
        targets.append(Target(f"queries of a {kind} upload", _data_count(statements), 8))
    return targets


def _target(what: str, found: Rounds, peer: str, limit: float, aim: float | None) -> Target:
    ratios = [ours["cpu_s"] / theirs["cpu_s"] for ours, theirs in zip(found[OURS], found[peer], strict=True)]
    ratio = Spread.of_column(found[OURS], "cpu_s").median / Spread.of_column(found[peer], "cpu_s").median
    return Target(what, ratio, limit, aim=aim, noise=Spread.of(ratios))


def _cost_table(found: Rounds, memory: dict[str, tuple[float, float]]) -> str:
    rows = [
        [
            label,
            f"{Spread.of_column(found[name], 'cpu_s'):.2f}",
            f"{Spread.of_column(found[name], 'wall_s'):.2f}",
            f"{memory[name][0]:.0f}",
            f"{memory[name][1]:.0f}",
        ]
        for name, label in LABELS.items()
    ]
    return table(["who", "CPU s (min..max)", "wall s (min..max)", "workers' peak MB", "MB after"], rows)
