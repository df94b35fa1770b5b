"""PgBouncer with no settings but those it cannot do without: everything works through its session mode."""

import getpass
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings

from rooms.tests.live.concurrency.test_waiting import IN_A_WEB_PROCESS, answer
from rooms.tests.live.live_server import LiveServer
from rooms.tests.postgres_cluster import unprivileged_identity

START_SECONDS = 30
PORT = 6432
CONFIGURATION = """
[databases]
* = host={sockets} user={user}

[pgbouncer]
listen_addr =
listen_port = {port}
unix_socket_dir = {folder}
auth_type = any
pool_mode = {mode}
logfile = {folder}/log
"""


@pytest.fixture
def server(postgresql_server: LiveServer) -> LiveServer:
    return postgresql_server


@pytest.fixture(autouse=True)
def house_in_order() -> None:
    """No photo comes or goes here."""


@pytest.fixture
def mode(request: pytest.FixtureRequest) -> str:
    """When a connection goes to somebody else: at the end of a session, or of each transaction."""
    return str(getattr(request, "param", "session"))


@pytest.fixture
def bounced(server: LiveServer, mode: str) -> Iterator[LiveServer]:
    """The same server, with a DATABASE_URL that leads through a PgBouncer of our own."""
    program = shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if program is None:
        pytest.fail("This test needs PgBouncer. Debian, Ubuntu: apt-get install pgbouncer.")
    folder = Path(tempfile.mkdtemp(prefix="rooms-pgb-"))  # a socket's path must be short
    sockets = Path(urlsplit(server.database_url).path).parent
    (folder / "pgbouncer.ini").write_text(
        CONFIGURATION.format(sockets=sockets, user=getpass.getuser(), folder=folder, port=PORT, mode=mode)
    )
    identity = unprivileged_identity(folder)
    process = subprocess.Popen([program, "-q", folder / "pgbouncer.ini"], cwd=folder, **identity)
    try:
        _wait_until_it_listens(folder, process)
        url = f"postgres:///{folder}/rooms?port={PORT}"
        yield replace(server, environment=server.environment | {"DATABASE_URL": url})
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)
        shutil.rmtree(folder)


def _wait_until_it_listens(folder: Path, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(host=str(folder), port=PORT, dbname="rooms", user=getpass.getuser()).close()
            return
        except psycopg.OperationalError:
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline, (folder / "log").read_text()
            time.sleep(0.05)


def run_cleanup(server: LiveServer) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", "cleanup_temp_images", "--json"],
        cwd=Path(settings.BASE_DIR),
        env=server.environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_connection_waits_as_long_as_a_direct_one(server: LiveServer, bounced: LiveServer) -> None:
    assert answer(bounced, IN_A_WEB_PROCESS) == answer(server, IN_A_WEB_PROCESS)


both_modes = pytest.mark.parametrize("mode", ["session", "transaction"], indirect=True)


@both_modes
def test_cleanup_runs_one_after_the_other(bounced: LiveServer) -> None:
    """The lock of the first goes with its connection, although PgBouncer keeps that one for the next."""
    for run in (run_cleanup(bounced), run_cleanup(bounced)):
        assert run.returncode == 0, run.stderr
        assert "busy" not in json.loads(run.stdout)


HOLD = """
from rooms.services.cleanup.run import only_one
from django.db import connection
with only_one() as is_alone:
    for number in range(20):
        connection.cursor().execute("SELECT 1")
    print(is_alone, flush=True)
    input()
"""


@both_modes
def test_lock_of_the_cleanup_goes_with_the_process_that_held_it(bounced: LiveServer) -> None:
    """However that ended; until then nobody else cleans up."""
    with bounced.start_python(HOLD) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        assert json.loads(run_cleanup(bounced).stdout)["busy"] is True
        holder.kill()
    for _run in range(3):
        assert "busy" not in json.loads(run_cleanup(bounced).stdout)
