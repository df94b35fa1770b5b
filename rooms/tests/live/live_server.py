"""The product as it is deployed: a migrated database, a media folder, gunicorn with two processes."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

# What must never be said, whatever was answered.
FORBIDDEN_WORDS = re.compile(r"Traceback|database is locked|deadlock detected")
PROCESSES = 2
STOP_SECONDS = 40


@dataclass(frozen=True)
class LiveServer:
    """Where it is and what it writes; `database_log` is PostgreSQL's own."""

    address: tuple[str, int]
    environment: dict[str, str]
    media: Path
    log: Path
    pid: int
    database_log: Path | None = None
    read_bytes: dict[Path, int] = field(default_factory=dict)

    @property
    def database_url(self) -> str:
        return self.environment["DATABASE_URL"]

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    def take_log(self) -> str:
        """What was logged since the last time."""
        logs = [log for log in (self.log, self.database_log) if log]
        fresh = b"".join(log.read_bytes()[self.read_bytes.get(log, 0) :] for log in logs)
        self.read_bytes.update({log: log.stat().st_size for log in logs})
        return fresh.decode()

    def worker_pids(self) -> list[int]:
        """Gunicorn's processes without the one that watches over them (Linux only)."""
        return [int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    def start_python(self, code: str) -> "subprocess.Popen[str]":
        """Another process with the same database and files, as a scheduler starts one."""
        return subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
            cwd=settings.BASE_DIR, env=self.environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip


@contextmanager
def running_server(
    folder: Path,
    database_url: str,
    *,
    database_log: Path | None = None,
    config: str = "backoffice/gunicorn.py",
    application: str = "backoffice.wsgi",
    port: int = 0,
    **environment: str,
) -> Iterator[LiveServer]:
    """Migrates the database at `database_url`, serves it with its media in `folder`, and stops.

    On a port that is free, unless one is named.
    """
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "rooms.tests.live.server_settings",
        "DATABASE_URL": database_url,
        "MEDIA_ROOT": str(folder / "media"),
        "SECRET_KEY": settings.SECRET_KEY,  # the tests read the sessions
        "WEB_CONCURRENCY": str(PROCESSES),
        "ROOM_PHOTO_UPLOADS_PER_10_MINUTES": "0",
        **environment,
    }
    log = folder / "server.log"
    with log.open("wb") as output, socket.create_server(("127.0.0.1", port), backlog=128) as listener:
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--noinput"],
            cwd=settings.BASE_DIR, env=environment, stdout=output, stderr=output, check=True,
        )  # fmt: skip
        # It is handed a socket that listens already: the port is free, and early requests wait.
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", config,
             "--bind", f"fd://{listener.fileno()}", application],
            cwd=settings.BASE_DIR, env=environment, stdout=output, stderr=output,
            pass_fds=[listener.fileno()],
        )  # fmt: skip
        address = listener.getsockname()
    try:
        yield LiveServer(address, environment, folder / "media", log, process.pid, database_log)
    finally:
        stop(process)


def stop(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
