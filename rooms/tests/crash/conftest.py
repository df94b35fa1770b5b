"""A real server a database, with one process that may be killed at any moment."""

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from rooms.models import Draft, Room
from rooms.tests.concurrency.cast import PASSWORD, add_owner
from rooms.tests.concurrency.evidence import models_read
from rooms.tests.concurrency.live_server import LiveServer, running_server
from rooms.tests.concurrency.postgres_cluster import Cluster, running_cluster
from rooms.tests.concurrency.scale import FIGURES
from rooms.tests.concurrency.visitor import Visitor
from rooms.tests.crash.scene import clean_up_later
from rooms.tests.crash.stage import CommandRunner, Stage
from rooms.tests.crash.tracing import find_strace

CONFIG = "python:rooms.tests.crash.gunicorn_config"
MANY_UPLOADS = "1000000"


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist asks for the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One pytest process runs all of a database's tests, so that its server starts once."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            database = "postgresql" if "postgresql" in item.name else "sqlite"
            item.add_marker(pytest.mark.xdist_group(f"crash-{database}"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The figures that tests recorded, which nobody would see of a test that passed."""
    reports = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    lines = [
        f"{report.nodeid.rpartition('/')[2]}: {text}"
        for report in reports
        if report.when == "call"
        for name, text in report.user_properties
        if name == FIGURES
    ]
    if lines:
        terminalreporter.section("figures")
        terminalreporter.write_line("\n".join(lines))


@pytest.fixture(scope="session")
def sqlite_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("crash-sqlite")
    with _server(folder, f"sqlite:///{folder / 'db.sqlite3'}") as server:
        yield server


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory, cluster: Cluster) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("crash-postgresql")
    with _server(folder, cluster.create_database("crash"), database_log=cluster.log) as server:
        yield server


def _server(folder: Path, url: str, **options: Any) -> Any:
    find_strace()
    return running_server(
        folder, url, config=CONFIG, ROOM_PHOTO_UPLOADS_PER_10_MINUTES=MANY_UPLOADS, **options
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> LiveServer:
    """Each test meets both."""
    server: LiveServer = request.getfixturevalue(f"{request.param}_server")
    return server


@pytest.fixture(autouse=True)
def own_models_read_the_server(server: LiveServer, django_db_blocker: Any, settings: Any) -> Iterator[None]:
    """Whatever a test asks its own models is answered by the server's database, and found in its folder."""
    settings.MEDIA_ROOT = str(server.media)
    with models_read(server.database_url, django_db_blocker):
        yield


@pytest.fixture(autouse=True)
def empty_house(server: LiveServer, own_models_read_the_server: None) -> Iterator[None]:
    """Each test finds a house without photos, whatever became of the one before."""
    yield
    for room in Room.objects.all():
        room.delete()
    Draft.objects.all().delete()
    clean_up_later(server.media)


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """The same for every run of a test; `CRASH_SEED` makes it another one."""
    seed = f"{os.environ.get('CRASH_SEED', '')}{request.node.nodeid}"
    print(f"seed: {seed}")
    return random.Random(seed)


@pytest.fixture
def owner() -> User:
    return add_owner()


@pytest.fixture
def visitor(server: LiveServer, owner: User) -> Visitor:
    visitor = Visitor(server.address)
    visitor.sign_in(owner.username, PASSWORD)
    return visitor


@pytest.fixture(scope="session")
def runners() -> Iterator[Callable[[LiveServer], CommandRunner]]:
    """One a server."""
    started: dict[str, CommandRunner] = {}

    def start(server: LiveServer) -> CommandRunner:
        if server.database_url not in started:
            started[server.database_url] = CommandRunner(server)
        return started[server.database_url]

    yield start
    for runner in started.values():
        runner.close()


@pytest.fixture
def stage(
    server: LiveServer,
    visitor: Visitor,
    owner: User,
    runners: Callable[[LiveServer], CommandRunner],
    tmp_path: Path,
) -> Stage:
    return Stage(server, visitor, owner, runners(server), tmp_path)
