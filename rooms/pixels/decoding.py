"""Where and how pictures are decoded: in a few threads of low priority, so that pages come first.

Users take turns, so that nobody waits for everything that another one sent. The caller decides how many
threads there are; `images` decides what they do. Pillow's decoders are made to take less memory and time
than they would by themselves, and can be stopped. What becomes of the pixels is in `rendering`.
"""

import contextlib
import functools
import io
import os
import secrets
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, Final, cast

from PIL import Image, WebPImagePlugin

# Half-way down: a page that wants a processor gets nine tenths of it, and a photo never starves.
NICENESS: Final = 10
LOWEST_NICENESS: Final = 19
# Of all owners in one process, at work or waiting: more than a gallery holds, and so many fewer than the
# process has threads that pages find one.
MAX_PRESENT: Final = 20
# A third of the places at least is for those who wait, however many processors there are.
MAX_AT_WORK: Final = 8
_one_maker: Final = threading.Lock()
# Ten times what the costliest picture takes that passes the other checks. Time spent waiting for a processor
# does not count, so that a busy machine refuses nothing.
MOST_CPU_S: Final = 20.0


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


def decode(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The pixels of a picture that was just opened, to be shrunk to `size` (width and height) or left alone.

    May be smaller than the file says, but never than `size`. Raises whatever Pillow raises.
    """
    if isinstance(image, WebPImagePlugin.WebPImageFile):
        return _first_frame(image)
    # Of a JPEG at least twice as large, this reads a half, a quarter or an eighth; others ignore it.
    image.draft("RGB", size)
    image.load()
    return image


def _first_frame(image: WebPImagePlugin.WebPImageFile) -> Image.Image:
    """In RGBX or RGBA, without the copy that `load` makes; `image` cannot be used any more.

    At the most 12 bytes a pixel: two of the decoder's pictures, which go at once, and ours.
    """
    pixels = image._get_next()[0]
    del image._decoder
    return Image.frombuffer(image.rawmode, image.size, pixels, "raw", image.rawmode, 0, 1)


def needs_all(jpeg: bytes) -> bool:
    """Whether a plain JPEG's last bytes before its end are pixels, and nothing hides behind these.

    Decoded without its last byte and the end mark, the last rows must be missing. Decoders look eight bytes
    ahead, so that so few may still be there.
    """
    with Image.open(io.BytesIO(jpeg[:-3]), formats=["JPEG"]) as image:
        image.draft(image.mode, (1, 1))  # coefficients are all read, and few pixels are made of them
        untouched = secrets.token_bytes(len(image.getbands()) * image.width)
        canvas = Image.new(image.mode, image.size)
        last_row = (0, image.height - 1, image.width, image.height)
        canvas.paste(Image.frombytes(image.mode, (image.width, 1), untouched), last_row)
        image.im = canvas.im
        with contextlib.suppress(OSError):  # "truncated", as it is
            image.load()
            return False
        return canvas.crop(last_row).tobytes() == untouched


class TooMuchWorkError(Exception):
    """A picture has taken more processor time than any photo does."""


class Budget:
    """What is left to the picture that this thread works on, from now on."""

    def __init__(self) -> None:
        self._end_s = time.thread_time() + MOST_CPU_S

    def check(self) -> None:
        """Raises `TooMuchWorkError` where nothing is left."""
        if time.thread_time() > self._end_s:
            raise TooMuchWorkError


def watched(file: IO[bytes], budget: Budget) -> IO[bytes]:
    """The file, whose reader is stopped when the budget is spent: decoders read as they go on."""
    return cast("IO[bytes]", _Watched(file, budget))


class _Watched(io.RawIOBase):
    """Has what Pillow uses of a file."""

    def __init__(self, file: IO[bytes], budget: Budget) -> None:
        self._file, self._budget = file, budget

    def read(self, size: int = -1, /) -> bytes:
        self._budget.check()
        return self._file.read(size)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()
