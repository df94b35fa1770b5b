"""A real server a database, with one process that may be killed at any moment."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from rooms.models import Draft, Room
from rooms.tests.live.crash.scene import clean_up_later
from rooms.tests.live.crash.stage import CommandRunner, Stage
from rooms.tests.live.crash.tracing import find_strace
from rooms.tests.live.live_server import LiveServer, running_server
from rooms.tests.live.visitor import Visitor
from rooms.tests.other_database import models_read
from rooms.tests.postgres_cluster import Cluster, running_cluster

CONFIG = "python:rooms.tests.live.crash.gunicorn_config"
MANY_UPLOADS = "1000000"


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
