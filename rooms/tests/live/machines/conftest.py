"""Two machines in folders of their own behind the docs' nginx: they share a PostgreSQL and a bucket alone.

The bucket is a stand-in's and, where it is installed, OpenStack Swift's. One site of each serves all tests.
"""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from rooms.tests.docs_text import PROJECT
from rooms.tests.live.live_server import LiveServer, running_server
from rooms.tests.live.machines.swift import Swift, running_swift
from rooms.tests.live.object_store import ObjectStore, running_object_store
from rooms.tests.other_database import models_read
from rooms.tests.postgres_cluster import running_cluster

START_SECONDS = 20
UPLOADS_ALLOWED = 60


class Machine:
    """A web process with a folder of its own; started again, it listens where it did."""

    def __init__(self, folder: Path, database_url: str, environment: dict[str, Any]) -> None:
        self._folder, self._database_url, self._environment = folder, database_url, environment
        self._stack = ExitStack()
        folder.mkdir()
        self.start()

    def start(self, port: int = 0) -> None:
        serving = running_server(self._folder, self._database_url, port=port, **self._environment)
        self.server: LiveServer = self._stack.enter_context(serving)

    def stop(self) -> None:
        """It ends what it has begun."""
        self._stack.close()

    def restart(self) -> None:
        self.stop()
        self.start(self.server.address[1])


class Site:
    """`address` is the proxy's."""

    def __init__(
        self, address: tuple[str, int], machines: list[Machine], store: ObjectStore | Swift, database_url: str
    ) -> None:
        self.address, self.machines, self.store, self.database_url = address, machines, store, database_url


@pytest.fixture(scope="module", params=["stand-in", "swift"])
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ObjectStore | Swift]:
    folder = tmp_path_factory.mktemp("store")
    with running_object_store() if request.param == "stand-in" else running_swift(folder) as store:
        yield store


@pytest.fixture(scope="module")
def whole_site(store: ObjectStore | Swift, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    nginx = shutil.which("nginx", path=os.pathsep.join([os.environ["PATH"], "/usr/sbin"]))
    if nginx is None:
        pytest.skip("nginx is not installed")
    folder = tmp_path_factory.mktemp("site")
    with ExitStack() as stack:
        url = stack.enter_context(running_cluster()).create_database("rooms")
        environment: dict[str, Any] = store.environment | {
            "ROOM_PHOTO_UPLOADS_PER_10_MINUTES": str(UPLOADS_ALLOWED),
            "WEB_CONCURRENCY": "1",
        }
        machines = []
        for name in ("one", "two"):
            machines.append(Machine(folder / name, url, environment))
            stack.callback(machines[-1].stop)
        address = ("127.0.0.1", _free_port())
        configuration = _write_proxy(folder, address[1], [one.server.address[1] for one in machines])
        proxy = subprocess.Popen([nginx, "-p", folder, "-c", configuration])
        stack.callback(_end, proxy)
        _wait_until_it_listens(address, proxy)
        yield Site(address, machines, store, url)


@pytest.fixture
def site(whole_site: Site, django_db_blocker: Any) -> Iterator[Site]:
    with models_read(whole_site.database_url, django_db_blocker):
        yield whole_site


def _write_proxy(folder: Path, port: int, machine_ports: list[int]) -> Path:
    """The docs' example with other ports, without TLS, and with a line for each machine."""
    example = (PROJECT / "docs" / "examples" / "nginx.conf").read_text()
    example = re.sub(r"^ *(listen \[|ssl_certificate).*\n", "", example, flags=re.MULTILINE)
    lines = [f"server 127.0.0.1:{machine_port} max_fails=0;" for machine_port in machine_ports]
    for old, new in {
        "server 127.0.0.1:8000 max_fails=0;": "\n".join(lines),
        "listen 80;": f"listen 127.0.0.1:{_free_port()};",
        "listen 443 ssl;": f"listen 127.0.0.1:{port} default_server;",
    }.items():
        assert old in example
        example = example.replace(old, new)
    path = folder / "nginx.conf"
    path.write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{_temporary_places(folder)}\n{example}}}\n"
    )
    return path


def _temporary_places(folder: Path) -> str:
    """Debian's own are closed to everyday users."""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _wait_until_it_listens(address: tuple[str, int], proxy: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(address).close()
            return
        except ConnectionRefusedError:
            assert proxy.poll() is None, "nginx does not start"
            assert time.monotonic() < deadline
            time.sleep(0.05)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    process.wait(timeout=START_SECONDS)
