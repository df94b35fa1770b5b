"""Ports for the servers of a site, and the wait until each of them listens."""

import socket
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

START_SECONDS = 30


def find_free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _number in range(count)]
        return [int(probe.getsockname()[1]) for probe in probes]


def wait_until_it_listens(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Fails with what it has written to `log`."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
