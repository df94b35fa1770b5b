"""How gunicorn serves the product: address, processes, threads, timeouts.

gunicorn reads it before Django starts, so it takes `PORT`, `WEB_CONCURRENCY`, `LOG_LEVEL` and `LOG_FORMAT`
from the environment itself. `GUNICORN_CMD_ARGS` overrides every line, e.g. `--access-logfile=-`.
What Django needs is in `settings.py`.

`preload_app` stays off. A worker that loads the code itself takes up a new release on SIGHUP.
It shares no database connection, lock or S3 client with another one.
`max_requests` stays unset. Image buffers go back to the kernel at once, so memory does not grow.
A worker that retires would cut off slow uploads.
`forwarded_allow_ips` keeps gunicorn's default (loopback, or `FORWARDED_ALLOW_IPS`). Django decides
by the setting `HTTPS` whether a request came by https.
"""

import contextlib
import ctypes
import os
from typing import Any


def available_cpu_count() -> int:
    """CPUs this process may use: on a shared host fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", available_cpu_count()))

# Three uploads at a time a page, most of it waiting for a slow network: threads wait cheaply,
# and Pillow lets go of the GIL while it works. Nobody who has not signed in makes one wait: see `worker`.
# Eight at least are left for pages: see `rooms.admission`.
worker_class = "backoffice.worker.PatientWorker"
threads = 28

# With threads this is not the length of a request but the silence of a whole process: only a
# hung one is killed, however long an upload takes.
timeout = 60
# Uploads under way may finish, but we are gone before a platform kills after its usual 30 s.
graceful_timeout = 25
# Longer than the 60 s for which load balancers keep an idle connection, so that theirs is the
# side that closes it. A waiting connection takes up no thread.
keepalive = 75

# The heartbeat file must not wait for a busy disk, or healthy workers look hung.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK | os.X_OK) else None  # noqa: S108

# No header of a request says where the site lives (`SCRIPT_NAME`), not even from a proxy on this machine.
forwarder_headers = ""

# Whatever serves us to the public keeps an access log already; problems go to stderr.
accesslog = None
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "INFO").lower()
LOG_FORMAT = os.environ.get("LOG_FORMAT", "text").lower()  # no word of gunicorn's: `logs` reads it
logger_class = "backoffice.logs.ServerLog"

# Otherwise a socket appears in the home folder, which need not exist, and two servers share it.
control_socket_disable = True

MMAP_THRESHOLD_BYTES = 1024 * 1024
M_MMAP_THRESHOLD = -3  # malloc.h


def post_fork(server: Any, worker: Any) -> None:
    """Let large blocks, which are pictures, go back to the kernel when they are freed.

    By default glibc keeps them, for each thread apart: eight threads then hold eight pictures.
    A Python that cannot load libraries works without: an exception here would end every worker at once.
    """
    with contextlib.suppress(OSError):
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # glibc's own; others have no such habit
        if mallopt is not None:
            mallopt(M_MMAP_THRESHOLD, MMAP_THRESHOLD_BYTES)
