"""Where pictures are decoded and coded: in a few threads whose priority is low, so that pages come first.

How few is the caller's to say, what is done there is `images`' business.
"""

import functools
import os
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

# Half-way down: a page that wants a processor gets nine tenths of it, and a photo never starves.
NICENESS: Final = 10
_one_maker: Final = threading.Lock()


def run[Result](work: Callable[[], Result], at_once: int) -> Result:
    """What `work` returns or raises; waits for its turn, as at most `at_once` are done at a time.

    The number is meant to be always the same in a process. Nothing else of the work stays in memory.
    """
    with _one_maker:
        threads = _threads(at_once, os.getpid())
    try:
        return threads.submit(work).result()
    except BaseException as error:
        _empty_frames(error)
        raise


def _empty_frames(error: BaseException) -> None:
    """Lets go of the pictures that the functions held which failed; the traceback still names the lines.

    A `ValidationError` is in a list of its own, so it would keep them until the garbage collector comes.
    """
    cause: BaseException | None = error
    while cause is not None:
        traceback.clear_frames(cause.__traceback__)
        cause = cause.__cause__ or cause.__context__


@functools.lru_cache(maxsize=1)
def _threads(at_once: int, _process_id: int) -> ThreadPoolExecutor:
    """Made when first needed, and anew in a child process, into which threads do not follow."""
    return ThreadPoolExecutor(at_once, thread_name_prefix="picture", initializer=_stand_back)


def _stand_back() -> None:
    """On Linux each thread has a priority of its own; elsewhere it is the whole process's, and stays."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
