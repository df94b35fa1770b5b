"""A PostgreSQL cluster of our own for one test session: reached by a unix socket only, gone afterwards."""

import getpass
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

# Who runs it where the tests are root, which PostgreSQL refuses to be.
UNPRIVILEGED = ("postgres", "nobody")
START_SECONDS = 60
# Safety on power loss is not what is tested.
OPTIONS = {"listen_addresses": "", "fsync": "off", "max_connections": "60", "deadlock_timeout": "200ms"}


class Cluster:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "log"
        self._programs = _programs()
        self._identity = unprivileged_identity(folder)
        self._run(
            "initdb", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync",
            f"--username={getpass.getuser()}", f"--pgdata={folder / 'data'}",
        ).wait()  # fmt: skip
        self.start()

    def start(self) -> None:
        """Returns once it takes connections."""
        settings = [part for name, value in OPTIONS.items() for part in ("-c", f"{name}={value}")]
        self._process = self._run(
            "postgres", "-D", str(self.folder / "data"), "-k", str(self.folder), *settings
        )
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self._connect().close()
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"PostgreSQL does not start:\n{self.log.read_text()}")
                time.sleep(0.05)

    def stop(self) -> None:
        """The mode "fast": it sends its clients away."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(timeout=START_SECONDS)

    def crash(self) -> None:
        """The mode "immediate": it drops everything, and recovers when it is started again."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(timeout=START_SECONDS)

    def kill(self) -> None:
        """All its processes at once, without a word."""
        task = Path(f"/proc/{self._process.pid}/task/{self._process.pid}")
        children = (task / "children").read_text().split()
        self._process.kill()
        self._process.wait()
        for pid in map(int, children):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + START_SECONDS
        while any(map(_is_running, children)):
            assert time.monotonic() < deadline, "PostgreSQL's processes outlive it"
            time.sleep(0.01)

    def create_database(self, name: str, like: str = "template1") -> str:
        """Its DATABASE_URL. `like` is the database that it starts as a copy of."""
        with self._connect() as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
        return f"postgres:///{self.folder}/{name}"

    def copy_database(self, name: str, copy: str) -> str:
        """As a backup has it: what was committed at one moment. Returns the copy's DATABASE_URL."""
        where = [f"--host={self.folder}", f"--username={getpass.getuser()}"]
        dump = subprocess.run(
            [self._programs / "pg_dump", *where, name], capture_output=True, cwd=self.folder, check=True
        )
        url = self.create_database(copy)
        subprocess.run(
            [self._programs / "psql", *where, "--quiet", "--set=ON_ERROR_STOP=1", copy],
            input=dump.stdout, stdout=subprocess.DEVNULL, cwd=self.folder, check=True,
        )  # fmt: skip
        return url

    def _run(self, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [self._programs / program, *arguments],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **self._identity,
            )

    def _connect(self) -> "psycopg.Connection[Any]":
        return psycopg.connect(
            host=str(self.folder), user=getpass.getuser(), dbname="postgres", autocommit=True
        )


@contextmanager
def running_cluster(parent: Path | None = None) -> Iterator[Cluster]:
    """Starts one in a new folder; stops it and removes the folder at the end."""
    # Not pytest's own folder, which is closed to the unprivileged user; and a socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="rooms-pg-", dir=parent))
    try:
        cluster = Cluster(folder)
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder)


def _programs() -> Path:
    """The folder of PostgreSQL's server programs, found the way `make test` finds it."""
    found = subprocess.run(
        ["bash", settings.BASE_DIR / ".ci" / "find-postgres"], capture_output=True, text=True, check=False
    )
    if found.returncode:
        pytest.fail(
            "These tests need PostgreSQL's server programs (initdb, postgres), and none were found. "
            "Debian, Ubuntu: apt-get install postgresql. Elsewhere: set PG_BIN to the folder that has them."
        )
    return Path(found.stdout.strip())


def _is_running(pid: str) -> bool:
    """Whether there is such a process; a dead one that nobody has asked after is none."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def unprivileged_identity(folder: Path) -> dict[str, Any]:
    """Arguments for `subprocess` that make root somebody else, to whom `folder` is then given."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = next(known[name] for name in UNPRIVILEGED if name in known)
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
