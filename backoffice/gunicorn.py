"""How gunicorn serves the product: address, processes, threads, timeouts.

Read by gunicorn before Django starts, so it takes `PORT` and `WEB_CONCURRENCY` from the
environment itself. `GUNICORN_CMD_ARGS` overrides every line, e.g. `--access-logfile=-`.
What Django needs to know does not live here but in `settings.py`.

`preload_app` stays off: a worker that loads the code itself takes up a new release on SIGHUP,
and shares no database connection, lock or S3 client with another one. Nor is there a
`max_requests`: image buffers go back to the kernel at once, so there is no growth to cure,
while a retiring worker would cut off uploads that crawl over weak Wi-Fi.
`forwarded_allow_ips` keeps gunicorn's own default (loopback, or `FORWARDED_ALLOW_IPS`):
whether a request came by https is Django's to decide, by the setting `HTTPS`.
"""

import ctypes
import os
import socket
import time
from typing import Any


def available_cpu_count() -> int:
    """CPUs this process may use: on a shared host fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", available_cpu_count()))

# Three uploads at a time a page, most of it waiting for a slow network: threads wait cheaply,
# and Pillow lets go of the GIL while it works. So many that a handful of slow clients never fill a process.
worker_class = "gthread"
threads = 16

# With threads this is not the length of a request but the silence of a whole process: only a
# hung one is killed, however long an upload takes.
timeout = 60
# Uploads under way may finish, but we are gone before a platform kills after its usual 30 s.
graceful_timeout = 25
# Longer than the 60 s for which load balancers keep an idle connection, so that theirs is the
# side that closes it. A waiting connection takes up no thread.
keepalive = 75

# The heartbeat file must not wait for a busy disk, or healthy workers look hung.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108

# Whatever serves us to the public keeps an access log already; problems go to stderr.
accesslog = None
errorlog = "-"

# Otherwise a socket appears in the home folder, which need not exist, and two servers share it.
control_socket_disable = True

# A body may be this far behind the slowest line we wait for, which is less than a phone of 1999 had.
STALL_SECONDS = 30
SLOWEST_BYTES_A_SECOND = 2_000

MMAP_THRESHOLD_BYTES = 1024 * 1024
M_MMAP_THRESHOLD = -3  # malloc.h


class PatientSocket:
    """A socket that gives up on a body that comes too slowly, or shorter than announced.

    gunicorn would hold a thread for as long as a byte comes now and then.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.sock, self.received_bytes, self.started = sock, 0, time.monotonic()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sock, name)

    def recv(self, size: int) -> bytes:
        latest = self.started + STALL_SECONDS + self.received_bytes / SLOWEST_BYTES_A_SECOND
        patience = min(STALL_SECONDS, latest - time.monotonic())
        if patience <= 0:
            raise TimeoutError
        self.sock.settimeout(patience)
        data = self.sock.recv(size)
        self.received_bytes += len(data)
        return data


def post_fork(server: Any, worker: Any) -> None:
    """Let large blocks, which are pictures, go back to the kernel when they are freed.

    Left to itself glibc keeps them, for each thread anew: eight threads then hold eight pictures.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # glibc's own; others have no such habit
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, MMAP_THRESHOLD_BYTES)


def pre_request(worker: Any, request: Any) -> None:
    """Limit how long the body of this request may take."""
    request.unreader.sock = PatientSocket(request.unreader.sock)


def post_request(worker: Any, request: Any, environ: Any, response: Any) -> None:
    """The next request on this connection may come when it likes."""
    request.unreader.sock = request.unreader.sock.sock
