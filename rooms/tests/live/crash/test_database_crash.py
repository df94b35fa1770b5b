"""PostgreSQL stopped at once, or killed, in the middle of a request: refused or done, never half."""

import random
from collections.abc import Callable

import pytest

from rooms.tests.live.crash.deeds import DEEDS, Deed
from rooms.tests.live.crash.stage import Stage
from rooms.tests.live.live_server import LiveServer
from rooms.tests.live.scale import FIGURES, scaled
from rooms.tests.postgres_cluster import Cluster

PAGES = ("saving the form", "room removal", "cleanup")
JSON_DEEDS = [deed for deed in DEEDS if deed.name not in PAGES]


@pytest.fixture
def server(postgresql_server: LiveServer) -> LiveServer:
    return postgresql_server


@pytest.mark.parametrize(
    "end", [pytest.param(Cluster.crash, id="-m immediate"), pytest.param(Cluster.kill, id="kill -9")]
)
@pytest.mark.parametrize("deed", JSON_DEEDS if scaled(0, 1) else JSON_DEEDS[:1], ids=str)
def test_postgresql_crash_leaves_all_or_nothing(
    stage: Stage,
    cluster: Cluster,
    deed: Deed,
    end: Callable[[Cluster], None],
    chance: random.Random,
    record_property: Callable[[str, object], None],
) -> None:
    points = [call for call in stage.find_points(deed) if call.name == "sendto" and '"HTTP/' not in call.text]
    for point in chance.sample(points, scaled(2, 5)):
        print(f"database stopped before {point.name} {point.number}: {point.text}")
        stage.end_database(deed, point, cluster, end)
    record_property(FIGURES, dict(stage.counts))
    assert stage.counts["refused"] > 0
