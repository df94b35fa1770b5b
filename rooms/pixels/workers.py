"""Where pictures are decoded and coded: in a few threads of low priority, so that pages come first.

Those for whom the work is done take turns, so that nobody waits for all that another one sent. How many
threads there are is the caller's to say, what is done in them is `images`' business.
"""

import contextlib
import functools
import os
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final

# Half-way down: a page that wants a processor gets nine tenths of it, and a photo never starves.
NICENESS: Final = 10
LOWEST_NICENESS: Final = 19
# Of one owner in one process: more than a gallery holds, and fewer than the process has threads for pages.
MAX_WAITING: Final = 12
_one_maker: Final = threading.Lock()

type _Job = tuple[Callable[[], Any], Future[Any]]


class TooManyWaiting(Exception):
    """So much is waiting for this owner that one more has to come again later."""


def run[Result](work: Callable[[], Result], at_once: int, whose: Hashable = None) -> Result:
    """What `work` returns or raises; waits for its turn, as at most `at_once` are done at a time.

    Work of one owner waits for each other; owners take turns. Raises `TooManyWaiting`.
    The number is meant to be always the same in a process. Nothing else of the work stays in memory.
    """
    with _one_maker:
        turns = _turns(at_once, os.getpid())
    try:
        result: Result = turns.submit(work, whose).result()
        return result
    except BaseException as error:
        _clear_frames(error)
        raise


class _Turns:
    """A line of waiting work for each owner, and threads that take from the lines in turn."""

    def __init__(self, at_once: int) -> None:
        self._threads = ThreadPoolExecutor(at_once, "picture", initializer=_lower_priority)
        self._lock = threading.Lock()
        self._lines: dict[Hashable, deque[_Job]] = {}  # whose turn is next comes first

    def submit(self, work: Callable[[], Any], whose: Hashable) -> Future[Any]:
        future: Future[Any] = Future()
        with self._lock:
            line = self._lines.setdefault(whose, deque())
            if len(line) >= MAX_WAITING:
                raise TooManyWaiting
            line.append((work, future))
        self._threads.submit(self._do_next)
        return future

    def _do_next(self) -> None:
        work, future = self._take_next()
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    def _take_next(self) -> _Job:
        """The first in the line whose turn it is; the rest of that line goes behind the others."""
        with self._lock:
            whose = next(iter(self._lines))
            line = self._lines.pop(whose)
            job = line.popleft()
            if line:
                self._lines[whose] = line
            return job


def _clear_frames(error: BaseException) -> None:
    """Lets go of the pictures that the functions held which failed; the traceback still names the lines.

    A `ValidationError` is in a list of its own, so it would keep them until the garbage collector comes.
    """
    cause: BaseException | None = error
    while cause is not None:
        traceback.clear_frames(cause.__traceback__)
        cause = cause.__cause__ or cause.__context__


@functools.lru_cache(maxsize=1)
def _turns(at_once: int, _process_id: int) -> _Turns:
    """Made when first needed, and anew in a child process, into which threads do not follow."""
    return _Turns(at_once)


def _lower_priority() -> None:
    """Below the process's own. On Linux each thread has one of its own; elsewhere all stay as they are.

    Where it is not allowed the photo is made all the same: an exception here would end all work for good.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        with contextlib.suppress(OSError):
            niceness = os.getpriority(os.PRIO_PROCESS, thread) + NICENESS
            os.setpriority(os.PRIO_PROCESS, thread, min(niceness, LOWEST_NICENESS))
