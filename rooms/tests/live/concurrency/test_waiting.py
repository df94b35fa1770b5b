"""How PostgreSQL treats a connection, and that what DATABASE_URL says about it stands."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from rooms.tests.live.live_server import LiveServer

ASK = """
import json
from django.db import connection
with connection.cursor() as cursor:
    names = ("lock_timeout", "statement_timeout", "search_path", "jit")
    values = [cursor.execute(f"SHOW {name}").fetchone()[0] for name in names]
print(json.dumps([*values, connection.settings_dict["CONN_MAX_AGE"]]))
"""
IN_A_WEB_PROCESS = "import backoffice.wsgi\n" + ASK


@pytest.fixture
def server(postgresql_server: LiveServer) -> LiveServer:
    return postgresql_server


@pytest.fixture(autouse=True)
def house_in_order() -> None:
    """No photo comes or goes here."""


def answer(server: LiveServer, code: str, url_options: str = "") -> list[object]:
    run = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=Path(settings.BASE_DIR),
        env=server.environment | {"DATABASE_URL": server.database_url + url_options},
        capture_output=True,
        text=True,
        check=True,
    )
    values: list[object] = json.loads(run.stdout)
    return values


def test_command_waits_for_locks_and_statements_as_long_as_it_must(server: LiveServer) -> None:
    assert answer(server, ASK) == ["20s", "0", '"$user", public', "off", 60]


def test_web_process_gives_up_on_a_slow_statement(server: LiveServer) -> None:
    assert answer(server, IN_A_WEB_PROCESS)[:2] == ["20s", "20s"]


def test_what_the_url_says_stands(server: LiveServer) -> None:
    joint = "&" if "?" in server.database_url else "?"
    said = ("search_path%3Dhotel", "statement_timeout%3D5s", "lock_timeout%3D3s", "jit%3Don")
    options = "options=" + "%20".join(f"-c%20{setting}" for setting in said)
    found = answer(server, IN_A_WEB_PROCESS, f"{joint}{options}&conn_max_age=0")
    assert found == ["3s", "5s", "hotel", "on", 0]


def test_slow_statement_is_a_503_and_not_a_500(server: LiveServer) -> None:
    code = """
import backoffice.wsgi
from django.db import connection
from django.test import RequestFactory
from backoffice.errors import server_error
with connection.cursor() as cursor:
    cursor.execute("SET statement_timeout = '100ms'")
    try:
        cursor.execute("SELECT pg_sleep(5)")
    except Exception:
        response = server_error(RequestFactory().get("/admin/"))
print(response.status_code)
"""
    assert answer(server, code) == 503
