"""A site of the bench under gunicorn as the product has it, and what its processes cost, by /proc."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PASSWORD: Final = "bench-chambres"  # noqa: S105  # of a database that lives for minutes
WORKERS: Final = 2
START_LIMIT_S: Final = 60
KIB_PER_MB: Final = 1000 * 1000 / 1024
TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Site:
    """A Django project of the bench, and what it is to find in its environment."""

    name: str
    package: str
    application: str
    environment: dict[str, str]


@dataclass(frozen=True)
class Server:
    """gunicorn and its two workers, at `address`."""

    address: str
    master_pid: int
    media: Path

    def cpu_s(self) -> float:
        """User and system seconds of all its processes until now."""
        return sum(_cpu_s(pid) for pid in (self.master_pid, *self._worker_pids()))

    def peak_mb(self) -> float:
        """The workers' highest resident memory, added up, in MB."""
        return sum(_status_mb(pid, "VmHWM") for pid in self._worker_pids())

    def resident_mb(self) -> float:
        """The workers' resident memory now, added up, in MB."""
        return sum(_status_mb(pid, "VmRSS") for pid in self._worker_pids())

    def _worker_pids(self) -> list[int]:
        children = Path(f"/proc/{self.master_pid}/task/{self.master_pid}/children").read_text()
        return [int(pid) for pid in children.split()]


@contextmanager
def served(site: Site, folder: Path) -> Iterator[Server]:
    """Database, people and static files in `folder`, then gunicorn with the product's own configuration."""
    folder.mkdir(parents=True)
    port = _free_port()
    environment = os.environ | site.environment | _environment(site, folder, port)
    _prepare(environment, site)
    command = ["-m", "gunicorn", "--config", "backoffice/gunicorn.py", "--bind", f"127.0.0.1:{port}"]
    with (folder / "gunicorn.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  # our own sites
            [sys.executable, *command, site.application], cwd=ROOT, env=environment, stderr=log
        )
    try:
        _wait_for(port, process)
        yield Server(f"http://127.0.0.1:{port}", process.pid, folder / "media")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=START_LIMIT_S)


def _environment(site: Site, folder: Path, port: int) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": f"{site.package}.settings",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
        "BENCH_STATIC_ROOT": str(folder.parent / f"static-{site.package}"),
        "BENCH_PASSWORD": PASSWORD,
        "WEB_CONCURRENCY": str(WORKERS),
        "PORT": str(port),
    }


def _prepare(environment: dict[str, str], site: Site) -> None:
    commands = [
        ["-m", "django", "migrate", "--noinput", "--run-syncdb", "--verbosity", "0"],
        ["-m", f"{site.package}.people"],
    ]
    if not Path(environment["BENCH_STATIC_ROOT"]).exists() and site.package.endswith("ours_site"):
        commands.append(["-m", "django", "collectstatic", "--noinput", "--verbosity", "0"])
    for arguments in commands:
        subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, check=True)  # noqa: S603


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("gunicorn did not start, see gunicorn.log")


def _cpu_s(pid: int) -> float:
    # The name, in brackets, may hold spaces; user and system ticks are fields 14 and 15.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def _status_mb(pid: int, field: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / KIB_PER_MB
    raise LookupError(field)
