"""What tests against a real server share: the database, chance, and an owner who has signed in.

Each folder brings its own `sqlite_server` and `postgresql_server`.
"""

import os
import random
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User

from rooms.tests.conftest import CSRF_TOKEN, signed_in
from rooms.tests.live.cast import add_owner
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
    """Signed in as `owner` a while ago: the form is filled in where signing in is tested."""
    visitor = Visitor(server.address)
    session = signed_in(owner).cookies[settings.SESSION_COOKIE_NAME].value
    visitor.cookies = {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: CSRF_TOKEN}
    return visitor
