"""How long one connection may keep us waiting, and a socket that keeps to it.

`worker` decides who waits: the loop or a thread.
"""

import errno
import socket
import threading
import time
from collections.abc import Callable
from typing import IO, Any

# From the first byte of a connection, or of its next request, to the empty line after the head.
HEAD_SECONDS = 20
# How far a body or an answer may be behind the slowest line that we wait for.
STALL_SECONDS = 30
SLOWEST_BYTES_A_SECOND = 2_000
# However steadily it comes: a photo of 5 MB then needs 9 kB a second.
BODY_SECONDS = 600
# An answer that is too large to be held; a page or a photo is small enough, and takes no thread by then.
ANSWER_SECONDS = 3_600

READ_BYTES = 64 * 1024
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
# Of answers that clients are slow to take: for each, and for all of a process.
HELD_BYTES = 4 * 1024 * 1024
HELD_BYTES_IN_ALL = 64 * 1024 * 1024


class SlowClient(TimeoutError):
    """A client kept us waiting for too long. Its number makes gunicorn treat it like one that left."""

    def __init__(self) -> None:
        super().__init__(errno.EPIPE, "the client is too slow")


class Pace:
    """How long one head, body or answer may still keep us waiting: what has moved is credit.

    Only the waiting counts, not what the product does meanwhile.
    """

    def __init__(self, total_s: float) -> None:
        self.total_s, self.waited_s, self.moved_bytes = total_s, 0.0, 0

    def patience_s(self) -> float:
        behind_s = self.waited_s - self.moved_bytes / SLOWEST_BYTES_A_SECOND
        return max(0.0, min(STALL_SECONDS, STALL_SECONDS - behind_s, self.total_s - self.waited_s))


class Reserve:
    """The memory that all unsent answers of a process share."""

    def __init__(self) -> None:
        self.held_bytes, self.lock = 0, threading.Lock()

    def change(self, before_bytes: int, after_bytes: int) -> bool:
        """Whether that many may be held now, in the place of `before_bytes`; fewer always may."""
        with self.lock:
            held_bytes = self.held_bytes - before_bytes + after_bytes
            if after_bytes > before_bytes and (after_bytes > HELD_BYTES or held_bytes > HELD_BYTES_IN_ALL):
                return False
            self.held_bytes = held_bytes
            return True


class PatientSocket:
    """The socket of one connection, on which no wait is without end.

    `sendall` returns at once where what the client has not taken may be held; the loop sends it later.
    """

    def __init__(self, sock: socket.socket, reserve: Reserve) -> None:
        self.sock, self.reserve = sock, reserve
        self.incoming, self.outgoing = Pace(HEAD_SECONDS), Pace(ANSWER_SECONDS)
        self.has_head = self.owes_continue = False
        self.unsent, self.held_bytes = bytearray(), 0
        self.asked_s: float | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sock, name)

    def settimeout(self, seconds: float | None) -> None:
        self.asked_s = seconds

    def gettimeout(self) -> float | None:
        return self.asked_s

    def setblocking(self, is_blocking: bool) -> None:
        self.asked_s = None if is_blocking else 0

    def recv(self, size: int) -> bytes:
        self.say_continue()
        data: bytes = self._in_time(self.incoming, self.sock.recv, size)
        self.incoming.moved_bytes += len(data)
        return data

    def say_continue(self) -> None:
        """To a client that waits for it with its body: one that is refused first sends none in vain."""
        if self.owes_continue:
            self.sendall(CONTINUE)

    def has_left(self) -> bool:
        """Whether the client has hung up. One that has only said it will send no more counts as gone, too."""
        self.sock.settimeout(0)  # whoever reads or writes next sets it anew
        try:
            return not self.sock.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def send(self, data: bytes) -> int:
        self.sendall(data)
        return len(data)

    def sendall(self, data: bytes) -> None:
        self.owes_continue = False  # an answer says enough
        self.unsent += data
        self.send_now()
        try:
            while not self._hold():
                self._send()
        except SlowClient:
            self.drop_unsent()
            raise

    def sendfile(self, file: IO[bytes], offset: int = 0, count: int | None = None) -> None:
        file.seek(offset)
        while block := file.read(READ_BYTES if count is None else min(READ_BYTES, count)):
            count = None if count is None else count - len(block)
            self.sendall(block)

    def send_now(self) -> None:
        """Sends what the client takes without any wait."""
        asked_s, self.asked_s = self.asked_s, 0
        try:
            while self.unsent:
                self._send()
        except SlowClient:
            pass
        finally:
            self.asked_s = asked_s
        self._hold()

    def drop_unsent(self) -> None:
        self.unsent.clear()
        self._hold()

    def _send(self) -> None:
        with memoryview(self.unsent) as view:
            sent_bytes = self._in_time(self.outgoing, self.sock.send, view)
        del self.unsent[:sent_bytes]
        self.outgoing.moved_bytes += sent_bytes

    def _hold(self) -> bool:
        may_hold = self.reserve.change(self.held_bytes, len(self.unsent))
        if may_hold:
            self.held_bytes = len(self.unsent)
        return may_hold

    def _in_time(self, pace: Pace, move: Callable[[Any], Any], what: Any) -> Any:
        patience_s = pace.patience_s()
        self.sock.settimeout(patience_s if self.asked_s is None else min(patience_s, self.asked_s))
        started = time.monotonic()
        try:
            return move(what)
        except (TimeoutError, BlockingIOError):
            raise SlowClient from None
        finally:
            pace.waited_s += time.monotonic() - started
