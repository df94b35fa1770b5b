"""No file costs more than two seconds of a processor, whatever it was built for."""

import contextlib
import csv
import io
import struct
import time
import zlib

import pytest
from PIL import Image

from rooms.errors import InvalidImage, PhotoError
from rooms.models import RoomImage
from rooms.pixels import decoding, formats, icc, rendering
from rooms.tests import icc as profiles
from rooms.tests.conftest import files_in, picture, upload
from rooms.tests.test_images import near, opened, process, saved
from rooms.tests.test_images_corpus import CORPUS, MANIFEST

MOST_CPU_S = 2.0
# Clocks of processors differ, and two busy neighbours share one's caches.
SLOW_MACHINE = 2.5
LARGEST = (8_160, 6_120)


def cpu_s(content: bytes) -> float:
    """The processor time of every thread together: pictures are worked on in threads of their own."""
    started = time.process_time()
    with contextlib.suppress(PhotoError):  # a refusal is to be quick too
        process(content)
    return time.process_time() - started


def _tag(profile: bytes, name: bytes, content: bytes) -> bytes:
    """The profile with one more tag."""
    (number,) = struct.unpack_from(">I", profile, 128)
    entries = [struct.unpack_from(">4sII", profile, 132 + 12 * place) for place in range(number)]
    body = profile[132 + 12 * number :]
    entries = [(other, start + 12, size) for other, start, size in entries]
    entries.append((name, 132 + 12 * (number + 1) + len(body), len(content)))
    listed = b"".join(struct.pack(">4sII", *entry) for entry in entries)
    whole = profile[4:128] + struct.pack(">I", number + 1) + listed + body + content
    return struct.pack(">I", 4 + len(whole)) + whole


def program(stages: int, name: bytes = b"D2B0") -> bytes:
    """A profile that multiplies by so many matrices, each of which changes nothing."""
    stage = b"matf" + bytes(4) + struct.pack(">HH12f", 3, 3, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0)
    start = 16 + 8 * stages
    places = b"".join(struct.pack(">II", start + number * len(stage), len(stage)) for number in range(stages))
    content = b"mpet" + bytes(4) + struct.pack(">HHI", 3, 3, stages) + places + stage * stages
    return _tag(profiles.rgb_profile(profiles.DISPLAY_P3, 2.2), name, content)


@pytest.mark.parametrize("stages", [500, 2_000, 8_000, 20_000])
def test_profile_that_is_a_program_is_not_run(stages):
    content = saved(Image.new("RGB", (64, 64), (200, 30, 30)), "JPEG", icc_profile=program(stages))
    spent_s = cpu_s(content)
    print(f"{stages} stages, {len(content)} bytes: {spent_s:.3f} s")
    assert spent_s < 0.25
    assert near(opened(process(content).master).getpixel((9, 9)), (200, 30, 30), by=4)


@pytest.mark.parametrize("name", [b"D2B1", b"B2D3", b"A2B0", b"A2B1", b"B2A0", b"rTRC", b"what"])
def test_program_is_not_run_whatever_it_is_called(name):
    profile = program(3, name) if name != b"rTRC" else program(3).replace(b"curv", b"mpet")
    assert icc.colour_space(profile) is None
    assert rendering.find_conversion("RGB", {"icc_profile": profile}) is None


def _bent(profile: bytes, position: int, value: int) -> bytes:
    return profile[:position] + struct.pack(">I", value) + profile[position + 4 :]


P3 = profiles.rgb_profile(profiles.DISPLAY_P3, 2.2)
CURVE = P3.index(b"curv") + 8


@pytest.mark.parametrize(
    "profile",
    [
        b"",
        P3[:100],
        P3[:36] + b"what" + P3[40:],
        P3.replace(b"mntr", b"link", 1),
        _bent(P3, 128, 0),
        _bent(P3, 128, 2**32 - 1),
        _bent(P3, 136, 0),
        _bent(P3, 136, len(P3)),
        _bent(P3, 140, 2**32 - 1),
        _bent(P3, 140, struct.unpack_from(">I", P3, 140)[0] + 4),
        _bent(P3, CURVE, 2**31),
        _bent(P3, CURVE, 60_000),
        P3.replace(b"curv", b"what"),
        P3 + bytes(icc.MOST_BYTES),
        _tag(P3, b"A2B0", b"mft2" + bytes(48)),
        _tag(P3, b"A2B0", b"mft1" + bytes(4) + b"\3\3\xff" + bytes(4_000)),
        _tag(
            P3, b"A2B0", b"mAB " + bytes(4) + b"\3\3\0\0" + struct.pack(">5I", 32, 0, 0, 32, 0) + b"\xff" * 99
        ),
    ],
)
def test_profile_that_is_not_plain_is_none(profile):
    assert icc.colour_space(profile) is None
    assert process(saved(Image.new("RGB", (40, 30)), "JPEG", icc_profile=profile)).width_px == 40


def test_plain_profiles_are_heeded():
    assert icc.colour_space(P3) == "RGB"
    assert icc.colour_space(profiles.grey_profile(1.8)) == "GRAY"
    assert icc.colour_space(profiles.cmyk_profile()) == "CMYK"


def with_walks(number: int, size: tuple[int, int] = LARGEST) -> bytes:
    """A grey progressive picture with so many more scans over all of it, of fifty bytes each."""
    content = saved(Image.new("L", size, 128), "JPEG", progressive=True, quality=50)
    blocks, bits = -(-size[0] // 8) * -(-size[1] // 8), ""
    while blocks >= 2**14:
        run = min(2**15 - 1, blocks)
        bits, blocks = f"{bits}0{run - 2**14:014b}", blocks - run
    bits += "1" * (-len(bits) % 8)
    coded = int(bits, 2).to_bytes(len(bits) // 8).replace(b"\xff", b"\xff\0")
    table = b"\xff\xc4\0\x14\x10\1" + bytes(15) + b"\xe0"
    component = content[content.index(b"\xff\xda") + 5 :][:1]
    scan = b"\xff\xda\0\x08\1" + component + b"\0\1\x3f\x10" + coded
    return content[:-2] + table + scan * number + content[-2:]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_with(chunks: bytes) -> bytes:
    return picture(file_format="PNG")[:33] + chunks + picture(file_format="PNG")[33:]


def _deep_png() -> bytes:
    """Fifty megapixels of 16 bits a sample, each row told by the one above."""
    row = (b"\4" + bytes(range(0, 96, 2)) * (LARGEST[0] // 8))[: 1 + LARGEST[0] * 6]
    packer = zlib.compressobj(1)
    coded = b"".join([packer.compress(row) for _row in range(LARGEST[1])] + [packer.flush()])
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", *LARGEST, 16, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", coded) + chunk(b"IEND", b"")


PROFILE_BOMB = chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(1_000_000), 9))
WORST = {
    "most scans that pass": lambda: with_walks(35),
    "too many scans": lambda: with_walks(250),
    "scans of a small picture": lambda: with_walks(250, (1_600, 1_200)),
    "profiles": lambda: png_with(PROFILE_BOMB * 4_000),
    "chunks": lambda: png_with(chunk(b"teSt", b"") * 400_000),
    "texts": lambda: png_with(chunk(b"tEXt", b"a\0b") * 49_000),
    "packed texts": lambda: png_with(chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(1_000_000), 9)) * 900),
    "extensions of a GIF": lambda: _with_extensions(b"!\xfe\1a\0" * 900_000),
    "parts of a GIF's comment": lambda: _with_extensions(b"!\xfe" + b"\1a" * 2_400_000 + b"\0"),
    "fifty megapixels, JPEG": lambda: _large("JPEG", quality=30),
    "fifty megapixels, progressive": lambda: _large("JPEG", quality=30, progressive=True),
    "fifty megapixels, GIF": lambda: _large("GIF"),
    "fifty megapixels, PNG": _deep_png,
}


def _large(file_format: str, **options: object) -> bytes:
    tiles = Image.radial_gradient("L").resize((40, 30)).resize(LARGEST, Image.Resampling.NEAREST)
    return saved(tiles.convert("P" if file_format == "GIF" else "RGB"), file_format, **options)


def _with_extensions(extensions: bytes) -> bytes:
    content = picture(file_format="GIF")
    start = 13 + 3 * 2 ** ((content[10] & 7) + 1) if content[10] & 128 else 13
    return content[:start] + extensions + content[start:]


@pytest.mark.parametrize("name", WORST)
def test_no_file_costs_more_than_its_share(name):
    content = WORST[name]()
    assert len(content) <= 5 * 2**20
    spent_s = cpu_s(content)
    print(f"{name}: {len(content) / 1e6:.2f} MB, {spent_s:.2f} s")
    assert spent_s < MOST_CPU_S * SLOW_MACHINE


@pytest.mark.skipif(not MANIFEST.exists(), reason=f"no corpus of photos at {CORPUS}")
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_no_file_of_the_corpus_costs_more_than_its_share():
    with MANIFEST.open(newline="") as file:
        names = [entry["file"] for entry in csv.DictReader(file)]
    costs = {name: cpu_s((CORPUS / "images" / name).read_bytes()) for name in names}
    dearest = max(costs, key=costs.__getitem__)
    print(dearest, costs[dearest])
    assert costs[dearest] < MOST_CPU_S


def test_photo_of_fifty_megapixels_in_ten_scans_passes():
    assert process(_large("JPEG", quality=30, progressive=True)).width_px == 2880


def test_scans_count_by_the_pixels_that_they_cover():
    assert formats.count_scans(with_walks(250, (1_600, 1_200))) >= 250
    assert process(with_walks(250, (1_600, 1_200))).width_px == 1_600
    with pytest.raises(InvalidImage):
        process(with_walks(250))


def test_png_of_nothing_but_chunks_is_refused_before_pillow_reads_it(monkeypatch):
    assert not formats.is_bomb("PNG", picture(file_format="PNG"))
    assert not formats.is_bomb("PNG", png_with(PROFILE_BOMB))
    monkeypatch.setattr(Image, "open", None)
    for chunks in (PROFILE_BOMB * 2, chunk(b"teSt", b"") * 50_000):
        with pytest.raises(InvalidImage):
            process(png_with(chunks))


@pytest.mark.parametrize(
    "extensions", [b"!\xfe\1a\0" * 31_000, b"!\xfe" + b"\1a" * 61_000 + b"\0", bytes(61_000)]
)
def test_gif_of_nothing_but_blocks_is_refused_before_pillow_reads_it(extensions, monkeypatch):
    monkeypatch.setattr(Image, "open", None)
    with pytest.raises(InvalidImage):
        process(_with_extensions(extensions))


def test_what_programs_write_is_no_trap():
    noise = [Image.effect_noise((1_300, 1_000), number).convert("P") for number in (90, 80, 70)]
    content = saved(noise[0], "GIF", save_all=True, append_images=noise[1:])
    assert 2 * 2**20 < len(content) <= 5 * 2**20
    for sound in (content, picture(file_format="GIF"), picture(file_format="GIF") + b"!\xfe\1a\0" * 90_000):
        assert not formats.is_bomb("GIF", sound)
        assert process(sound).width_px > 0


def test_picture_that_takes_too_long_is_ended_and_nothing_is_kept(as_alice, room, media_root, monkeypatch):
    monkeypatch.setattr(decoding, "MOST_CPU_S", -1.0)
    response = upload(as_alice, room, picture())
    assert (response.status_code, response.json()["code"]) == (422, "invalid_image")
    assert not RoomImage.all_objects.exists()
    assert files_in(media_root) == set()


def test_decoder_is_ended_on_the_way(monkeypatch):
    """In the midst of a stage: the time is spent when the decoder asks for the next part of the file."""
    budget = decoding.Budget()
    content = saved(Image.effect_noise((800, 600), 90), "JPEG", quality=95)
    with Image.open(decoding.watched(io.BytesIO(content), budget)) as image:
        monkeypatch.setattr(budget, "_end_s", 0.0)
        with pytest.raises(decoding.TooMuchWorkError):
            image.load()


def test_waiting_costs_nothing(monkeypatch):
    monkeypatch.setattr(decoding, "MOST_CPU_S", 0.5)
    budget = decoding.Budget()
    time.sleep(0.6)
    budget.check()
