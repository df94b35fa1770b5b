"""How a picture is decoded: no more of it than is needed, and no two uploads in each other's way."""

import contextlib
import gc
import multiprocessing
import os
import string
import subprocess
import sys
import threading
import time
import weakref
from collections import Counter
from concurrent.futures import Future

import pytest
from django.conf import settings
from PIL import Image

from backoffice import gunicorn
from rooms.errors import InvalidImage
from rooms.pixels import decoding
from rooms.tests.conftest import picture
from rooms.tests.test_images import opened, process, saved

NOISE = Image.effect_noise((600, 400), 60)


def _decoded(content: bytes, size: tuple[int, int]) -> Image.Image:
    return decoding.decode(opened(content), size)


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
    photo = process(saved(NOISE.convert("RGB"), "JPEG"))
    assert (photo.width_px, photo.height_px) == opened(photo.master).size == (300, 200)


def test_long_photo_keeps_its_shape(settings):
    settings.ROOM_PHOTO_MAX_SIDE = 300
    assert opened(process(picture((1999, 333))).master).size == (300, 50)


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

    decoding._turns.cache_clear()
    callers = [threading.Thread(target=decoding.run, args=(work, 2)) for _number in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    decoding._turns.cache_clear()
    assert most == 2


@pytest.mark.skipif(sys.platform != "linux", reason="priorities of threads are Linux's")
def test_pictures_stand_back_and_pages_do_not():
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    expected = min(niceness() + decoding.NICENESS, decoding.LOWEST_NICENESS)
    assert decoding.run(niceness, 1) == expected


@pytest.fixture
def line() -> decoding._Turns:
    """One turn at a time, which somebody has for now; waiting costs no thread here."""
    turns = decoding._Turns(1)
    assert turns._line_up("first") is None
    return turns


def turns_in_order(line: decoding._Turns, places: list[tuple[str, Future[None]]]) -> list[str]:
    """Whose turns come, one after the other, until nobody waits."""
    order: list[str] = []
    for name, place in places:
        place.add_done_callback(lambda place, name=name: place.exception() or order.append(name))
    for _number in places:
        line._pass_on()
    return order


def lined_up(line: decoding._Turns, name: str, number: int = 1) -> list[tuple[str, Future[None]]]:
    return [(name, line._line_up(name)) for _number in range(number)]


def test_owners_take_turns(line):
    places = lined_up(line, "flood", 8) + lined_up(line, "anne", 2) + lined_up(line, "paul")
    order = turns_in_order(line, places)
    assert order == ["flood", "anne", "paul", "flood", "anne"] + ["flood"] * 6
    line._pass_on()  # whoever was last gives the turn back
    assert line._line_up("flood") is None


def test_owner_alone_may_send_a_whole_gallery_at_once_and_no_more_than_the_process_bears(line):
    lined_up(line, "flood", decoding.MAX_PRESENT - 1)
    with pytest.raises(decoding.TooManyWaiting):
        line._line_up("flood")
    assert settings.ROOM_PHOTO_MAX_COUNT <= decoding.MAX_PRESENT <= gunicorn.threads * 3 // 4


def test_whoever_has_most_waiting_gives_way_to_others(line):
    flood = lined_up(line, "flood", decoding.MAX_PRESENT - 1)
    others = [place for name in ("anne", "paul", "rosa") for place in lined_up(line, name)]
    refused = [place.exception() for _name, place in flood if place.done()]
    assert [type(error) for error in refused] == [decoding.TooManyWaiting] * 3
    assert turns_in_order(line, flood + others)[:4] == ["flood", "anne", "paul", "rosa"]


def test_floods_of_many_owners_are_no_more_than_the_process_bears(line):
    places = []
    for _round in range(20):
        for name in "abcde":
            with contextlib.suppress(decoding.TooManyWaiting):
                places += lined_up(line, name)
    waiting = Counter(name for name, place in places if not place.done())
    assert waiting.total() == decoding.MAX_PRESENT - 1
    assert max(waiting.values()) - min(waiting.values()) <= 1


def test_many_processors_leave_places_for_those_who_wait():
    decoding._turns.cache_clear()
    try:
        turns = decoding._turns(64, os.getpid())
        names = [
            name for name in string.ascii_letters[: decoding.MAX_PRESENT] for place in lined_up(turns, name)
        ]
        assert len(names) == decoding.MAX_PRESENT
        assert turns._max_waiting >= decoding.MAX_PRESENT // 3
    finally:
        decoding._turns.cache_clear()


def test_who_had_to_wait_looks_again_before_the_work_and_others_do_not():
    decoding._turns.cache_clear()
    is_at_work, may_end, looks = threading.Event(), threading.Event(), []

    def work() -> None:
        is_at_work.set()
        assert may_end.wait(30)

    def look_again() -> None:
        looks.append(threading.current_thread().name)
        raise KeyError

    def wait_in_vain() -> None:
        with pytest.raises(KeyError):
            decoding.run(lambda: pytest.fail("worked"), 1, "second", look_again)

    first = threading.Thread(target=decoding.run, args=(work, 1, "first", look_again))
    second = threading.Thread(target=wait_in_vain, name="second")
    first.start()
    assert is_at_work.wait(30)
    second.start()
    while not decoding._turns(1, os.getpid())._lines:
        time.sleep(0.01)
    may_end.set()
    first.join()
    second.join()
    assert looks == ["second"], "in its own thread, which has a connection to the database"
    assert decoding.run(lambda: 7, 1) == 7, "the turn is free again"
    decoding._turns.cache_clear()


LOW_PRIORITY = """
import io, os, sys, threading
from django.conf import settings
from rooms import images
from rooms.pixels import decoding
settings.configure(ROOM_PHOTO_MAX_BYTES=10**6, ROOM_PHOTO_MAX_SIDE=100, ROOM_PHOTO_MAX_PIXELS=10**6,
                   WEB_CONCURRENCY=1)
content = sys.stdin.buffer.read()
os.nice(int(sys.argv[1]))
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
page = os.getpriority(os.PRIO_PROCESS, 0)
pictures = decoding.run(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id()), 1)
print(os.geteuid(), pictures - page, *(images.process(io.BytesIO(content)).width_px for _number in range(3)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="priorities of threads are Linux's")
@pytest.mark.parametrize("steps", [0, 1, 5, 9, 19])
def test_process_of_low_priority_and_few_rights_makes_photos(steps):
    """As under `Nice=` of a service: below the pages, where there is anything below, and never refused."""
    command = [sys.executable, "-c", LOW_PRIORITY, str(steps)]
    run = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, input=picture((64, 48)))
    user_id, lowered, *widths_px = map(int, run.stdout.split() or pytest.fail(run.stderr.decode()))
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert user_id != 0
    assert lowered == min(decoding.NICENESS, max(0, decoding.LOWEST_NICENESS - own - steps))
    assert widths_px == [64, 64, 64]


def test_photo_is_made_where_no_priority_may_be_changed(monkeypatch):
    def refuse(*args: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", refuse, raising=False)
    decoding._turns.cache_clear()
    assert [process(picture()).width_px for _number in range(3)] == [64, 64, 64]
    decoding._turns.cache_clear()


def test_refusal_reaches_the_caller_and_says_why():
    with pytest.raises(InvalidImage) as refusal:
        process(picture(file_format="PNG")[:60])
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
            process(content if is_sound else content[: len(content) * 9 // 10])
        decoding.run(int, 1)  # by now the thread that did it has let go of it
        assert [picture() for picture in pictures] == [None] * len(pictures)
    finally:
        gc.enable()


def _process_in_child(queue: "multiprocessing.Queue[int]") -> None:
    queue.put(process(picture()).width_px)


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="needs fork()")
def test_child_process_decodes_too():
    process(picture())
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=_process_in_child, args=(queue,))
    child.start()
    assert queue.get(timeout=30) == 64
    child.join()
