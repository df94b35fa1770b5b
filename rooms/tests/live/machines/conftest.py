"""Two machines in folders of their own behind the docs' nginx: they share a PostgreSQL and a bucket alone.

The bucket is a stand-in's and, where it is installed, OpenStack Swift's. One site of each serves all tests.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rooms.tests.docs_text import PROJECT
from rooms.tests.live.live_server import LiveServer, running_server
from rooms.tests.live.machines.ports import START_SECONDS, find_free_ports, wait_until_it_listens
from rooms.tests.live.machines.swift import Swift, running_swift
from rooms.tests.live.object_store import ObjectStore, running_object_store
from rooms.tests.other_database import models_read
from rooms.tests.postgres_cluster import running_cluster

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


@dataclass(frozen=True)
class Site:
    """`address` is the proxy's."""

    address: tuple[str, int]
    machines: list[Machine]
    store: ObjectStore | Swift
    database_url: str


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
        port, port_without_tls = find_free_ports(2)
        machine_ports = [one.server.address[1] for one in machines]
        configuration = _write_proxy(folder, port, port_without_tls, machine_ports)
        log = folder / "nginx.log"
        with log.open("wb") as output:
            proxy = subprocess.Popen([nginx, "-p", folder, "-c", configuration], stdout=output, stderr=output)
        stack.callback(_end, proxy)
        wait_until_it_listens(port, proxy, log)
        yield Site(("127.0.0.1", port), machines, store, url)


@pytest.fixture
def site(whole_site: Site, django_db_blocker: Any) -> Iterator[Site]:
    with models_read(whole_site.database_url, django_db_blocker):
        yield whole_site


def _write_proxy(folder: Path, port: int, port_without_tls: int, machine_ports: list[int]) -> Path:
    """The docs' example with other ports, without TLS, and with a line for each machine."""
    example = (PROJECT / "docs" / "examples" / "nginx.conf").read_text()
    example = re.sub(r"^ *(listen \[|ssl_certificate).*\n", "", example, flags=re.MULTILINE)
    lines = [f"server 127.0.0.1:{machine_port} max_fails=0;" for machine_port in machine_ports]
    for old, new in {
        "server 127.0.0.1:8000 max_fails=0;": "\n".join(lines),
        "listen 80;": f"listen 127.0.0.1:{port_without_tls};",
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


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    process.wait(timeout=START_SECONDS)
