"""How a picture is decoded: no more of it than is needed, and no two uploads in each other's way."""

import contextlib
import functools
import gc
import multiprocessing
import os
import subprocess
import sys
import threading
import weakref

import pytest
from django.conf import settings
from PIL import Image

from rooms.errors import InvalidImage
from rooms.pixels import decoders, workers
from rooms.tests.conftest import picture
from rooms.tests.test_images import admit, opened, saved

NOISE = Image.effect_noise((600, 400), 60)


def _decoded(content: bytes, size: tuple[int, int]) -> Image.Image:
    return decoders.decoded(opened(content), size)


@pytest.mark.parametrize(
    ("size", "wanted", "decoded"),
    [
        ((600, 400), (300, 200), (300, 200)),
        ((600, 400), (301, 201), (600, 400)),
        ((600, 400), (70, 47), (75, 50)),
        ((599, 101), (299, 50), (300, 51)),
    ],
)
def test_jpeg_is_decoded_no_larger_than_needed(size, wanted, decoded):
    content = saved(NOISE.resize(size), "JPEG")
    assert _decoded(content, wanted).size == decoded


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_webp_is_decoded_as_pillow_does_it(mode):
    content = saved(Image.merge(mode, [NOISE] * len(mode)), "WEBP", lossless=True)
    assert _decoded(content, (600, 400)).convert(mode).tobytes() == opened(content).convert(mode).tobytes()


def test_photo_that_is_decoded_at_half_its_size_does_not_keep_its_coded_pixels(settings):
    settings.ROOM_PHOTO_MAX_SIDE = 300
    photo = admit(saved(NOISE.convert("RGB"), "JPEG"))
    assert (photo.width_px, photo.height_px) == opened(photo.master).size == (300, 200)


def test_long_photo_keeps_its_shape(settings):
    settings.ROOM_PHOTO_MAX_SIDE = 300
    assert opened(admit(picture((1999, 333))).master).size == (300, 50)


# --- the threads ------------------------------------------------------------------------


def test_no_more_are_decoded_at_once_than_asked_for():
    running, most, lock, enough = 0, 0, threading.Lock(), threading.Event()

    def work() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        enough.wait(0.05)
        with lock:
            running -= 1

    workers._turns.cache_clear()
    callers = [threading.Thread(target=workers.run, args=(work, 2)) for _number in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    workers._turns.cache_clear()
    assert most == 2


@pytest.mark.skipif(sys.platform != "linux", reason="priorities of threads are Linux's")
def test_pictures_stand_back_and_pages_do_not():
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    expected = min(niceness() + workers.NICENESS, workers.LOWEST_NICENESS)
    assert workers.run(niceness, 1) == expected


def test_owners_take_turns():
    workers._turns.cache_clear()
    done, is_held = [], threading.Event()
    line = workers._turns(1, os.getpid())
    blocked = line.submit(is_held.wait, "first")
    futures = [
        line.submit(functools.partial(done.append, f"flood {number}"), "flood") for number in range(10)
    ]
    futures += [line.submit(functools.partial(done.append, name), name) for name in ("anne", "paul")]
    is_held.set()
    for future in (blocked, *futures):
        future.result(timeout=10)
    workers._turns.cache_clear()
    assert done.index("anne") == 1
    assert done.index("paul") == 2
    assert len(done) == 12


def test_too_much_of_one_owner_is_refused_and_others_are_not():
    workers._turns.cache_clear()
    is_held = threading.Event()
    line = workers._turns(1, os.getpid())
    blocked = line.submit(is_held.wait, "first")
    waiting = [line.submit(int, "flood") for _number in range(workers.MAX_WAITING)]
    with pytest.raises(workers.TooManyWaiting):
        line.submit(int, "flood")
    waiting.append(line.submit(int, "anne"))
    is_held.set()
    for future in (blocked, *waiting):
        future.result(timeout=10)
    workers._turns.cache_clear()


LOW_PRIORITY = """
import os, sys
from rooms.pixels import workers
os.nice(int(sys.argv[1]))
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
print([workers.run(lambda: 7, 1) for _number in range(3)])
"""


@pytest.mark.parametrize("niceness", [0, 10, 11, 15, 19])
def test_process_of_low_priority_makes_photos(niceness):
    command = [sys.executable, "-c", LOW_PRIORITY, str(niceness)]
    run = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert run.stdout.strip() == "[7, 7, 7]", run.stderr


def test_refusal_reaches_the_caller_and_says_why():
    with pytest.raises(InvalidImage) as refusal:
        admit(picture(file_format="PNG")[:60])
    assert isinstance(refusal.value.__cause__, OSError | SyntaxError)


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("is_sound", [True, False])
def test_no_picture_waits_for_the_garbage_collector(file_format, is_sound, monkeypatch):
    content = saved(NOISE.convert("RGB"), file_format)
    pictures: list[weakref.ref[Image.Image]] = []
    real_open = Image.open

    def noting_open(*args, **kwargs):
        image = real_open(*args, **kwargs)
        pictures.append(weakref.ref(image))
        return image

    monkeypatch.setattr(Image, "open", noting_open)
    gc.disable()
    try:
        with contextlib.suppress(InvalidImage):
            admit(content if is_sound else content[: len(content) * 9 // 10])
        workers.run(int, 1)  # by now the thread that did it has let go of it
        assert [picture() for picture in pictures] == [None] * len(pictures)
    finally:
        gc.enable()


def _admit_in_child(queue: "multiprocessing.Queue[int]") -> None:
    queue.put(admit(picture()).width_px)


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="needs fork()")
def test_child_process_decodes_too():
    admit(picture())
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=_admit_in_child, args=(queue,))
    child.start()
    assert queue.get(timeout=30) == 64
    child.join()
