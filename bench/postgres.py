"""A PostgreSQL cluster for one benchmark, on a unix socket; none where its programs are missing."""

import getpass
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

START_LIMIT_S = 30


@contextmanager
def running_cluster() -> Iterator[str | None]:
    """Its DATABASE_URL. Commits reach the disk, as they do in earnest."""
    found = subprocess.run(["bash", ".ci/find-postgres"], capture_output=True, text=True, check=False)  # noqa: S607
    if found.returncode:
        yield None
        return
    programs = Path(found.stdout.strip())
    folder = Path(tempfile.mkdtemp(prefix="bench-pg-"))  # a socket's path must be short
    who = _unprivileged(folder)
    how: dict[str, Any] = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **who}
    try:
        user = f"--username={getpass.getuser()}"
        subprocess.run(  # noqa: S603  # PostgreSQL's own programs
            [programs / "initdb", "--auth=trust", "--encoding=UTF8", "--locale=C", user, folder / "data"],
            check=True, **how,
        )  # fmt: skip
        process = subprocess.Popen(  # noqa: S603
            [programs / "postgres", "-D", folder / "data", "-k", folder, "-c", "listen_addresses="], **how
        )
        try:
            _wait_for(folder / ".s.PGSQL.5432")
            yield f"postgres:///{folder}/postgres"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=START_LIMIT_S)
    finally:
        shutil.rmtree(folder)


def _unprivileged(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _wait_for(path: Path) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while not path.exists():
        if time.monotonic() > deadline:
            raise RuntimeError("PostgreSQL did not start")
        time.sleep(0.1)
    time.sleep(1)
