"""One real server a database, and a look around the house after each test."""

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User

from rooms.models import Room
from rooms.tests.conftest import picture
from rooms.tests.live.evidence import assert_house_in_order
from rooms.tests.live.live_server import FORBIDDEN_WORDS, LiveServer, running_server
from rooms.tests.live.visitor import Visitor
from rooms.tests.other_database import models_read
from rooms.tests.postgres_cluster import running_cluster


@pytest.fixture(scope="session")
def sqlite_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("sqlite")
    with running_server(folder, f"sqlite:///{folder / 'db.sqlite3'}") as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("postgresql")
    with running_cluster() as cluster:
        url = cluster.create_database("rooms")
        with running_server(folder, url, database_log=cluster.log) as server:
            yield server


@pytest.fixture(autouse=True)
def own_models_read_the_server(server: LiveServer, django_db_blocker: Any) -> Iterator[None]:
    """Whatever a test asks its own models is answered by the server's database."""
    with models_read(server.database_url, django_db_blocker):
        yield


@pytest.fixture(autouse=True)
def house_in_order(server: LiveServer, own_models_read_the_server: None) -> Iterator[None]:
    """After every test: rows, files and places agree, and the server has had nothing to complain about."""
    server.take_log()
    yield
    logged = server.take_log()
    assert not FORBIDDEN_WORDS.search(logged), logged
    assert_house_in_order(server.media)


@pytest.fixture
def room(owner: User) -> Room:
    return Room.objects.create(establishment=owner.establishments.get(), name="Chambre 1")


@pytest.fixture
def photo(chance: random.Random) -> Callable[[], bytes]:
    """Makes small photos, no two alike."""
    return lambda: picture((200, 150), colour=tuple(chance.randbytes(3)))


@pytest.fixture
def add_form(visitor: Visitor, owner: User) -> Callable[[str], dict[str, str]]:
    """Opens the form that adds a room and fills in what it must have: its name."""
    establishment = str(owner.establishments.get().pk)
    return lambda name: visitor.open_add_form() | {"establishment": establishment, "name": name}
