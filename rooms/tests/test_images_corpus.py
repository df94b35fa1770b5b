"""What the gate says to a few hundred real and hostile files, through `images` and over HTTP.

The files lie beside the checkout (or where `PHOTO_CORPUS` points); without them these tests are skipped.
"""

import csv
import io
import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rooms import images
from rooms.errors import PhotoError
from rooms.models import PendingFile, RoomImage
from rooms.pixels import formats
from rooms.tests.conftest import files_in, upload

CORPUS = Path(os.environ.get("PHOTO_CORPUS", Path(__file__).resolve().parents[3] / "shared" / "corpus"))
MANIFEST = CORPUS / "manifest.csv"
MAX_SECONDS = 3
MAX_GROWTH_KIB = 300 * 1024

pytestmark = [
    pytest.mark.skipif(not MANIFEST.exists(), reason=f"no corpus of photos at {CORPUS}"),
    pytest.mark.filterwarnings("ignore::UserWarning"),  # Pillow's remarks about odd files
]


def _entries() -> Iterator[tuple[dict[str, str], bytes]]:
    with MANIFEST.open(newline="") as file:
        for entry in csv.DictReader(file):
            yield entry, (CORPUS / "images" / entry["file"]).read_bytes()


def _verdict(content: bytes) -> str:
    try:
        images.process(io.BytesIO(content))
    except PhotoError as error:
        return error.code
    return "accept"


def test_every_file_gets_the_expected_verdict():
    wrong = []
    for entry, content in _entries():
        started = time.process_time()
        verdict = _verdict(content)
        seconds = time.process_time() - started
        expected = entry["expected"]
        if expected != "either" and (verdict == "accept") != (expected == "accept"):
            wrong.append((entry["file"], expected, verdict))
        if seconds > MAX_SECONDS:
            wrong.append((entry["file"], "slow", seconds))
    assert wrong == []


def test_file_of_another_type_is_unsupported():
    """A file whose first bytes are no JPEG, PNG, GIF or WebP: 415, whatever it is called."""
    wrong = []
    for entry, content in _entries():
        if entry["expected"] == "reject" and content and formats.sniff(content[: formats.HEAD_BYTES]) is None:
            verdict = _verdict(content)
            wrong += [] if verdict == "unsupported_type" else [(entry["file"], verdict)]
    assert wrong == []


def test_bombs_cost_little_memory():
    before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for entry, content in _entries():
        if entry["group"] == "bomb" or "rss" in entry["checks"]:
            _verdict(content)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib < MAX_GROWTH_KIB


def test_endpoint_says_the_same_and_keeps_nothing_of_what_it_refuses(as_alice, room, media_root, settings):
    settings.ROOM_PHOTO_MAX_COUNT = 10_000
    wrong = []
    for entry, content in _entries():
        verdict = _verdict(content)
        if verdict == "accept":
            continue  # each of them is stored in the tests of uploads; here only refusals count
        response = upload(as_alice, room, content, upload_as=entry["upload_as"])
        if response.json().get("code") != verdict:
            wrong.append((entry["file"], verdict, response.content))
    assert wrong == []
    assert not RoomImage.all_objects.exists()
    assert not PendingFile.objects.exists()
    assert files_in(media_root) == set()


def test_endpoint_takes_one_of_each_kind_that_passes(as_alice, room, settings):
    settings.ROOM_PHOTO_MAX_COUNT = 10_000
    kinds = {}
    for entry, content in _entries():
        if entry["expected"] == "accept":
            kinds.setdefault((entry["true_format"], entry["mode"], entry["group"]), content)
    statuses = {kind: upload(as_alice, room, content).status_code for kind, content in kinds.items()}
    assert set(statuses.values()) == {201}, statuses
    assert RoomImage.objects.count() == len(kinds)
