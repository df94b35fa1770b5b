"""A JPEG that keeps its coded pixels keeps nothing else: other bytes in it are in no file we store."""

import re

import pytest
from PIL import Image

from rooms.models import RoomImage
from rooms.pixels import decoding, formats
from rooms.tests.conftest import upload
from rooms.tests.test_images import opened, process, saved

CANARY = b"canary, and not a pixel. " * 2
OPTIONS = {"quality": 80, "subsampling": 0}
PLAIN = saved(Image.effect_noise((160, 120), 40).convert("RGB"), "JPEG", **OPTIONS)
SCAN = PLAIN.index(b"\xff\xda")


def segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + (2 + len(content)).to_bytes(2) + content


def inserted(position: int, content: bytes) -> bytes:
    return PLAIN[:position] + content + PLAIN[position:]


def lengthened(marker: int) -> bytes:
    """The first segment of that kind with bytes behind what belongs into it."""
    start = PLAIN.index(bytes((0xFF, marker)))
    length = int.from_bytes(PLAIN[start + 2 : start + 4])
    longer = segment(marker, PLAIN[start + 4 : start + 2 + length] + CANARY)
    return PLAIN[:start] + longer + PLAIN[start + 2 + length :]


CODES = bytes([0] * 6 + [len(CANARY)] + [0] * 9)
TABLE_OF_64 = (CANARY * 2)[:64]
HIDDEN = {
    "behind the last block": inserted(len(PLAIN) - 2, CANARY),
    "nine bytes behind the last block": inserted(len(PLAIN) - 2, CANARY[:9]),
    "a Huffman table nobody uses": inserted(SCAN, segment(0xC4, b"\x13" + CODES + CANARY)),
    "a direct table nobody uses": inserted(SCAN, segment(0xC4, b"\x03" + CODES + CANARY)),
    "a quantisation table nobody uses": inserted(SCAN, segment(0xDB, b"\3" + TABLE_OF_64)),
    "a quantisation table of 16 bits": inserted(SCAN, segment(0xDB, b"\x13" + TABLE_OF_64 * 2)),
    "a table that is replaced": inserted(2, segment(0xDB, b"\0" + TABLE_OF_64)),
    "a Huffman table that is replaced": inserted(2, segment(0xC4, b"\x10" + CODES + CANARY)),
    "behind a frame's head": lengthened(0xC0),
    "behind a scan's head": lengthened(0xDA),
    "behind the JFIF head": lengthened(0xE0),
    "an Adobe head": inserted(20, segment(0xEE, b"Adobe" + b"canar" + b"\1" + CANARY)),
    "a comment": inserted(2, segment(0xFE, CANARY)),
    "application data": inserted(SCAN, segment(0xE9, CANARY)),
    "an interval between restarts": inserted(SCAN, segment(0xDD, b"\0\0" + CANARY)),
    "behind a restart mark": inserted(len(PLAIN) - 2, b"\xff\xd0" + CANARY),
    "a table behind the pixels": inserted(len(PLAIN) - 2, segment(0xDB, b"\3" + TABLE_OF_64)),
    "a second scan": inserted(len(PLAIN) - 2, PLAIN[SCAN : SCAN + 14] + CANARY),
    "behind the end": PLAIN + CANARY,
}


@pytest.mark.parametrize("place", HIDDEN)
def test_no_stored_file_has_bytes_that_are_no_pixels(place, as_alice, room, media_root):
    content = HIDDEN[place]
    response = upload(as_alice, room, content)
    if response.status_code == 422:  # what decoders refuse is not kept either
        assert not RoomImage.all_objects.exists()
        return
    assert response.status_code == 201
    stored = [path.read_bytes() for path in media_root.rglob("*") if path.is_file()]
    assert len(stored) >= 2
    for data in stored:
        assert not any(CANARY[start : start + 6] in data for start in range(25))
    with RoomImage.objects.get().image.open() as file:
        master = file.read()
    # Either the very same coded pixels, or coded anew: nothing else ends a file.
    assert decoding.needs_all(master)
    assert re.fullmatch(rb"(\xff\xe0|\xff\xdb)", master[2:4])


@pytest.mark.parametrize("place", ["nine bytes behind the last block", "behind the last block"])
def test_what_hides_behind_the_last_block_is_seen(place):
    assert decoding.needs_all(PLAIN)
    assert not decoding.needs_all(formats.strip(HIDDEN[place]))


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("size", [(1, 1), (7, 5), (8, 8), (17, 33), (160, 120), (2_880, 40)])
@pytest.mark.parametrize("subsampling", [0, 1, 2])
@pytest.mark.parametrize("optimize", [False, True])
def test_plain_jpeg_keeps_its_coded_pixels(mode, size, subsampling, optimize):
    image = Image.effect_noise(size, 40).convert(mode)
    content = saved(image, "JPEG", quality=70, subsampling=subsampling, optimize=optimize, comment=CANARY)
    master = process(content).master
    scan = content[content.rindex(b"\xff\xda") :]
    assert master.endswith(scan)
    assert opened(master).tobytes() == opened(content).tobytes()
    assert CANARY not in master


@pytest.mark.parametrize("options", [{"progressive": True}, {"restart_marker_blocks": 5}])
def test_jpeg_of_several_runs_is_coded_anew(options):
    """Between two of them is a place to hide that no decoder tells of."""
    content = saved(opened(PLAIN), "JPEG", **OPTIONS, **options)
    assert formats.strip(content) is None
    assert process(content).master.count(b"\xff\xda") == 1


def test_head_that_stands_in_a_comment_too_is_not_taken_for_the_scans():
    comment = segment(0xFE, PLAIN[SCAN : SCAN + 14] + CANARY)
    assert formats.strip(inserted(2, comment)) == formats.strip(PLAIN)


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("size", [(7, 5), (640, 480), (1_280, 960)])
def test_own_output_stays_byte_for_byte(mode, size):
    """What was exported and comes in again is known by its bytes."""
    first = process(saved(Image.effect_noise(size, 40).convert(mode))).master
    assert process(first).master == first
    assert formats.strip(first) == first
