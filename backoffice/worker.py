"""How gunicorn's threads are kept from waiting for slow clients.

In gunicorn's own worker a thread reads heads and bodies, and writes answers. It waits as long as a byte
moves from time to time, so forty slow clients stop a site. Here the loop that watches idle connections
waits instead: for a request's head, for a small body, for a client that reads its answer slowly, and for the
end of a connection. A thread gets a complete request. A large body, or an answer too large to hold, must
keep a minimum pace (see `patience`).
"""

import re
import selectors
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, Final

from gunicorn.errors import ConfigError
from gunicorn.http.errors import LimitRequestHeaders
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

from backoffice import patience
from backoffice.patience import Pace, PatientSocket, Reserve

# What is on its way when we close: a client that is still sending would be reset, and never see its answer.
# It has so long, and longer while it sends: a photo on its way is worth more than a line that is held open.
LINGER_SECONDS = 2
LINGER_BYTES_A_SECOND = 10_000
LINGER_BYTES = 8 * 1024 * 1024

HEAD_MAX_BYTES = 64 * 1024
# Bodies up to this are read before a thread is asked for: forms, JSON, and whatever people send who have not
# signed in.
SMALL_BODY_BYTES = 64 * 1024

HEAD_END: Final = b"\r\n\r\n"
BODY_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r\n", re.IGNORECASE)
EXPECTS_CONTINUE: Final = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)


class PatientWorker(ThreadWorker):
    """gunicorn's threads, each given a request that is there.

    Each step below runs in the loop's own thread, waits for nothing, and ends by handing the
    connection on: to `_wait` for the next step, to a thread, to gunicorn's list of idle ones, or away.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reserve = Reserve()
        self.waiting: dict[TConn, tuple[Pace, float]] = {}

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        super().check_config(cfg, log)
        if cfg.is_ssl or cfg.protocol != "http" or cfg.http_protocols != ["h1"]:
            raise ConfigError("This server speaks plain HTTP/1: leave TLS and HTTP/2 to the proxy before it.")

    # --- steps that gunicorn calls ---

    def enqueue_req(self, conn: TConn) -> None:
        """A connection is new, or has sent the first bytes of another request."""
        if not conn.initialized:
            conn.sock = PatientSocket(conn.sock, self.reserve)
            conn.init()
        conn.sock.setblocking(False)
        conn.sock.incoming, conn.sock.outgoing = Pace(patience.HEAD_SECONDS), Pace(patience.ANSWER_SECONDS)
        conn.sock.has_head = conn.sock.owes_continue = False
        self._go_on(conn, self._look)

    def finish_request(self, conn: TConn, request: "Future[bool]") -> None:
        """A thread has answered; its client may not have taken all of it."""
        conn.sock.setblocking(False)
        is_kept = not request.cancelled() and request.exception() is None and request.result()
        if conn.sock.unsent:
            send = partial(self._send, request=request)
            self._go_on(conn, lambda conn: self._wait(conn, selectors.EVENT_WRITE, send, conn.sock.outgoing))
        elif is_kept:
            super().finish_request(conn, request)
        else:
            self._go_on(conn, self._part)

    def handle_request(self, req: Any, conn: TConn) -> bool:
        req._expected_100_continue = False  # the socket says it, where somebody wants the body
        is_kept: bool = super().handle_request(req, conn)
        conn.sock.incoming = Pace(0)  # of a body that nobody has read, gunicorn takes only what is there
        return is_kept

    def murder_pending(self) -> None:
        """Closes connections whose time is over. gunicorn calls it once a second, also when it stops."""
        now = time.monotonic()
        for conn, (pace, since) in list(self.waiting.items()):
            patience_s = pace.patience_s()
            if not self.alive and not conn.sock.has_head:
                patience_s = min(patience_s, STOP_KEEPALIVE_LINGER)
            if now - since >= patience_s:
                self._stop_waiting(conn)
                self._hang_up(conn)

    # --- steps of ours ---

    def _look(self, conn: TConn) -> None:
        """Whether enough has come for a thread."""
        data = conn.parser.unreader.buf.getvalue()
        head_bytes = find_head(data)
        if head_bytes and not conn.sock.has_head:
            conn.sock.has_head, conn.sock.incoming = True, Pace(patience.BODY_SECONDS)
            if EXPECTS_CONTINUE.search(data, 0, head_bytes):
                conn.sock.owes_continue = True
        if head_bytes and len(data) >= head_bytes + small_body_bytes(data[:head_bytes]):
            super().enqueue_req(conn)
        elif not head_bytes and len(data) > HEAD_MAX_BYTES:
            self.handle_error(None, conn.sock, conn.client, LimitRequestHeaders("too long"))
            self._part(conn)
        else:
            conn.sock.say_continue()
            self._wait(conn, selectors.EVENT_READ, self._read, conn.sock.incoming)

    def _read(self, conn: TConn) -> None:
        data = conn.sock.recv(patience.READ_BYTES)
        if data:
            unreader = conn.parser.unreader
            unreader.unread(unreader.take_buffered() + data)
            self._look(conn)
        elif conn.sock.has_head:
            super().enqueue_req(conn)  # less than it announced: the product says what it makes of that
        else:
            self._hang_up(conn)

    def _send(self, conn: TConn, request: "Future[bool]") -> None:
        conn.sock.send_now()
        self.finish_request(conn, request)

    def _part(self, conn: TConn) -> None:
        """Says that nothing more will come, and waits a little for the client to do the same."""
        conn.sock.shutdown(socket.SHUT_WR)
        conn.sock.incoming = Pace(LINGER_SECONDS)
        self._wait(conn, selectors.EVENT_READ, self._linger, conn.sock.incoming)

    def _linger(self, conn: TConn) -> None:
        pace = conn.sock.incoming
        if conn.sock.recv(patience.READ_BYTES) and pace.moved_bytes < LINGER_BYTES:
            pace.total_s = LINGER_SECONDS + pace.moved_bytes / LINGER_BYTES_A_SECOND
            self._wait(conn, selectors.EVENT_READ, self._linger, pace)
        else:
            self._hang_up(conn)

    def _hang_up(self, conn: TConn) -> None:
        conn.sock.drop_unsent()
        conn.close()
        self.nr_conns -= 1

    # --- waiting ---

    def _wait(self, conn: TConn, event: int, step: Callable[[TConn], None], pace: Pace) -> None:
        """Takes `step` when the socket is ready for `event`, or hangs up where `pace` ends before."""
        self.poller.register(conn.sock, event, lambda _sock: self._wake(conn, step))
        self.waiting[conn] = (pace, time.monotonic())

    def _wake(self, conn: TConn, step: Callable[[TConn], None]) -> None:
        self._stop_waiting(conn)
        self._go_on(conn, step)

    def _stop_waiting(self, conn: TConn) -> None:
        pace, since = self.waiting.pop(conn)
        pace.waited_s += time.monotonic() - since
        self.poller.unregister(conn.sock)

    def _go_on(self, conn: TConn, step: Callable[[TConn], None]) -> None:
        try:
            step(conn)
        except (OSError, ValueError):  # the client has left, or gunicorn has closed its socket
            self._hang_up(conn)


def find_head(data: bytes) -> int:
    """How many bytes of `data` are the head of a request; 0 where its end has not come."""
    start = 2 if data.startswith(b"\r\n") else 0  # one empty line may come before it
    end = data.find(HEAD_END, start)
    return 0 if end < 0 else end + len(HEAD_END)


def small_body_bytes(head: bytes) -> int:
    """How many bytes a small body will have by its head; 0 for a large one and for one of unknown length."""
    length = BODY_LENGTH.search(head)
    announced_bytes = int(length[1]) if length else 0
    return announced_bytes if announced_bytes <= SMALL_BODY_BYTES else 0
