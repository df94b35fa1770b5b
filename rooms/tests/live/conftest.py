"""What tests against a real server share: the database, chance, and an owner who has signed in.

Each folder brings its own `sqlite_server` and `postgresql_server`.
"""

import os
import random
from typing import Any

import pytest
from django.contrib.auth.models import User

from rooms.tests.live.cast import PASSWORD, add_owner
from rooms.tests.live.live_server import LiveServer
from rooms.tests.live.scale import FIGURES
from rooms.tests.live.visitor import Visitor


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


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> LiveServer:
    """Each test meets both."""
    server: LiveServer = request.getfixturevalue(f"{request.param}_server")
    return server


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """The same for every run of a test; `CHANCE_SEED` makes it another one."""
    seed = f"{os.environ.get('CHANCE_SEED', '')}{request.node.nodeid}"
    print(f"seed: {seed}")
    return random.Random(seed)


@pytest.fixture
def owner() -> User:
    """An owner whom no other test knows, with an establishment."""
    return add_owner()


@pytest.fixture
def visitor(server: LiveServer, owner: User) -> Visitor:
    """Signed in as `owner`."""
    visitor = Visitor(server.address)
    visitor.sign_in(owner.username, PASSWORD)
    return visitor
