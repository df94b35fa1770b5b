"""Where pictures are decoded and coded: in a few threads of low priority, so that pages come first.

Users take turns, so that nobody waits for everything that another one sent. The caller decides how many
threads there are; `images` decides what they do.
"""

import contextlib
import functools
import os
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

# Half-way down: a page that wants a processor gets nine tenths of it, and a photo never starves.
NICENESS: Final = 10
LOWEST_NICENESS: Final = 19
# Of all owners in one process, at work or waiting: more than a gallery holds, and so many fewer than the
# process has threads that pages find one.
MAX_PRESENT: Final = 20
# A third of the places at least is for those who wait, however many processors there are.
MAX_AT_WORK: Final = 8
_one_maker: Final = threading.Lock()


class TooManyWaiting(Exception):
    """So much is waiting in this process that one more has to come again later."""


def run[Result](
    work: Callable[[], Result],
    at_once: int,
    whose: Hashable = None,
    look_again: Callable[[], None] | None = None,
) -> Result:
    """What `work` returns or raises; waits for its turn, as at most `at_once` are done at a time.

    Work of one owner waits for each other; owners take turns. Raises `TooManyWaiting`. Where it had to wait
    `look_again` is called before the work, in the caller's thread: what it raises saves the work.
    The number is meant to be always the same in a process. Nothing else of the work stays in memory.
    """
    with _one_maker:
        turns = _turns(at_once, os.getpid())
    try:
        with turns.take(whose) as has_waited:
            if has_waited and look_again is not None:
                look_again()
            return turns.threads.submit(work).result()
    except BaseException as error:
        _clear_frames(error)
        raise


class _Turns:
    """A line of those who wait for each owner, and a thread for each whose turn it is."""

    def __init__(self, at_once: int) -> None:
        self.threads = ThreadPoolExecutor(at_once, "picture", initializer=_lower_priority)
        self._free = at_once
        self._max_waiting = MAX_PRESENT - at_once
        self._lock = threading.Lock()
        self._lines: dict[Hashable, deque[Future[None]]] = {}  # whose turn is next comes first

    @contextlib.contextmanager
    def take(self, whose: Hashable) -> Iterator[bool]:
        """Holds one turn, and says whether it had to be waited for. Raises `TooManyWaiting`."""
        place = self._line_up(whose)
        if place is not None:
            place.result()
        try:
            yield place is not None
        finally:
            self._pass_on()

    def _line_up(self, whose: Hashable) -> "Future[None] | None":
        """A place in the line of this owner; None where a thread is free."""
        with self._lock:
            if self._free:
                self._free -= 1
                return None
            if sum(map(len, self._lines.values())) >= self._max_waiting:
                self._make_place(whose)
            place: Future[None] = Future()
            self._lines.setdefault(whose, deque()).append(place)
            return place

    def _make_place(self, whose: Hashable) -> None:
        """Sends away the last in the longest line, unless this owner's would then be the longest."""
        longest = max(self._lines.values(), key=len)
        if len(longest) <= len(self._lines.get(whose, ())) + 1:
            raise TooManyWaiting
        longest.pop().set_exception(TooManyWaiting())

    def _pass_on(self) -> None:
        """To the first in the line whose turn it is; the rest of that line goes behind the others."""
        with self._lock:
            if not self._lines:
                self._free += 1
                return
            whose = next(iter(self._lines))
            line = self._lines.pop(whose)
            place = line.popleft()
            if line:
                self._lines[whose] = line
        place.set_result(None)


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
    return _Turns(min(at_once, MAX_AT_WORK))


def _lower_priority() -> None:
    """Below the process's own. On Linux each thread has one of its own; elsewhere all stay as they are.

    Where it is not allowed the photo is made all the same: an exception here would end all work for good.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        with contextlib.suppress(OSError):
            niceness = os.getpriority(os.PRIO_PROCESS, thread) + NICENESS
            os.setpriority(os.PRIO_PROCESS, thread, min(niceness, LOWEST_NICENESS))
