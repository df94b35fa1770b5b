"""Sources that are damaged, or built to do harm: a sentence, and nothing of them is taken."""

import os
import stat
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from rooms.models import Establishment, Room, RoomImage
from rooms.services.transfer import sources
from rooms.tests.conftest import files_in
from rooms.tests.transfer import codes, lay, pack, photo, run

GOOD = {"101/1.jpg": photo(1)}


@pytest.fixture
def hotel(establishment: Establishment, room: Room) -> Establishment:
    Room.objects.filter(pk=room.pk).update(number="101")
    return establishment


def bring(capsys: Any, source: Path, hotel: Establishment, *options: str) -> tuple[dict[str, Any], int]:
    return run("import_room_photos", capsys, source, "--establishment", hotel.pk, *options)


def entry(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def make_leading_out(path: Path, name: str = "101/../../../evil.jpg") -> Path:
    return pack(path, GOOD | {name: photo(2)})


def make_with_link(path: Path) -> Path:
    with zipfile.ZipFile(pack(path, GOOD), "a") as archive:
        archive.writestr(entry("101/link.jpg", stat.S_IFLNK | 0o777), "/etc/passwd")
    return path


def make_locked(path: Path) -> Path:
    """By its flag alone: nobody gets as far as to a password."""
    data = bytearray(pack(path, GOOD).read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    return path


def make_bomb(path: Path) -> Path:
    return pack(path, GOOD | {"101/bomb.jpg": bytes(60_000_000)}, zipfile.ZIP_DEFLATED)


def make_swarm(path: Path) -> Path:
    return pack(path, {f"101/{number}.jpg": bytes(5_000_000) for number in range(220)}, zipfile.ZIP_DEFLATED)


def make_overlapping(path: Path) -> Path:
    """Two entries that share their bytes: the second one's is said to begin where the first one's does."""
    data = bytearray(pack(path, {"101/1.jpg": photo(1), "101/2.jpg": photo(1)}).read_bytes())
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    data[second + 42 : second + 46] = bytes(4)
    path.write_bytes(data)
    return path


def make_twice(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("101/1.jpg", photo(1))
        archive.writestr("101\\1.jpg", photo(2))
    return path


def make_truncated(path: Path) -> Path:
    path.write_bytes(pack(path, GOOD).read_bytes()[:-30])
    return path


def make_no_zip(path: Path) -> Path:
    path.write_bytes(b"PK\x03\x04 and no more")
    return path


def make_missing(path: Path) -> Path:
    return path


MAKERS = {
    "leads out": make_leading_out,
    "absolute": lambda path: make_leading_out(path, "/etc/evil.jpg"),
    "drive": lambda path: make_leading_out(path, "C:\\101\\evil.jpg"),
    "backslashes": lambda path: make_leading_out(path, "101\\..\\..\\evil.jpg"),
    "link": make_with_link,
    "password": make_locked,
    "bomb": make_bomb,
    "swarm": make_swarm,
    "overlapping": make_overlapping,
    "twice": make_twice,
    "truncated": make_truncated,
    "no ZIP": make_no_zip,
    "missing": make_missing,
}


@pytest.mark.parametrize("kind", MAKERS)
def test_harmful_zip_is_refused_whole(
    kind: str, hotel: Establishment, tmp_path: Path, capsys: Any, media_root: Path
) -> None:
    source = MAKERS[kind](tmp_path / "source.zip")
    before = files_in(tmp_path)
    for options in ([], ["--dry-run"], ["--create-rooms"]):
        report, status = bring(capsys, source, hotel, *options)
        assert (report["photos"], report["rooms"], status) == (0, 0, 1)
        assert codes(report) == [(str(source), "invalid_request")]
        assert report["errors"][0]["error"].endswith((".", "!"))
    assert not RoomImage.all_objects.exists()
    assert files_in(tmp_path) == before


def test_too_many_entries_are_refused(
    hotel: Establishment, tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MAX_ENTRIES", 2)
    files = {f"101/{number}.jpg": photo(number) for number in range(3)}
    for source in (pack(tmp_path / "source.zip", files), lay(tmp_path / "source", files)):
        report, status = bring(capsys, source, hotel)
        assert (report["photos"], len(report["errors"]), status) == (0, 1, 1)


def test_file_with_a_bad_checksum_is_named_and_the_rest_comes_in(
    hotel: Establishment, tmp_path: Path, capsys: Any
) -> None:
    source = pack(tmp_path / "source.zip", GOOD | {"101/2.jpg": photo(2)})
    data = bytearray(source.read_bytes())
    data[data.rindex(photo(2)) + 300] ^= 0xFF
    source.write_bytes(data)
    report, status = bring(capsys, source, hotel)
    assert (report["photos"], codes(report), status) == (1, [("101/2.jpg", "invalid_image")], 1)


def test_zip_in_a_zip_is_not_opened(hotel: Establishment, tmp_path: Path, capsys: Any) -> None:
    inner = pack(tmp_path / "inner.zip", {"101/3.jpg": photo(3)}).read_bytes()
    report, status = bring(capsys, pack(tmp_path / "source.zip", GOOD | {"101/inner.zip": inner}), hotel)
    assert (report["photos"], codes(report), status) == (1, [("101/inner.zip", "unsupported_type")], 1)


def test_what_is_no_file_of_a_folder_is_refused_alone(
    hotel: Establishment, tmp_path: Path, capsys: Any
) -> None:
    source = lay(tmp_path / "source", GOOD)
    (tmp_path / "secret.jpg").write_bytes(photo(9))
    (source / "101" / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    (source / "102").symlink_to(source / "101")
    os.mkfifo(source / "101" / "pipe.jpg")
    report, status = bring(capsys, source, hotel, "--create-rooms")
    assert sorted(codes(report)) == [
        ("101/link.jpg", "invalid_request"),
        ("101/pipe.jpg", "invalid_request"),
        ("102", "invalid_request"),
    ]
    assert (report["photos"], report["rooms"], status) == (1, 1, 1)


def test_names_that_no_person_reads_do_no_harm(hotel: Establishment, tmp_path: Path, capsys: Any) -> None:
    source = lay(tmp_path / "source", GOOD)
    odd = os.fsencode(source) + b"/\xff\xfe"
    os.mkdir(odd)
    Path(os.fsdecode(odd + b"/\xe9.jpg")).write_bytes(photo(2))
    lay(source, {"\u202egpj/1.jpg": photo(3), "=cmd|x/1.jpg": photo(4), "<script>/1.jpg": photo(5)})
    report, status = bring(capsys, source, hotel, "--create-rooms")
    assert report["photos"] + report["skipped"] == 5
    assert status in (0, 1)


def test_one_photo_at_a_time_is_in_memory(hotel: Establishment, tmp_path: Path, capsys: Any) -> None:
    filler = bytes(4_000_000)
    files = {f"{folder}/{number}.jpg": b"text" + filler for folder in (101, 102) for number in range(20)}
    source = pack(tmp_path / "source.zip", files)
    tracemalloc.start()
    try:
        report, _status = bring(capsys, source, hotel)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(report["errors"]) == 21
    assert peak_bytes < 25_000_000
