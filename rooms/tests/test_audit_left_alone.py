"""What the audit never touches: what is young, what is no file, and what is not the gallery's."""

import os
import socket
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from rooms import storage
from rooms.models import Room
from rooms.models.photo import photo_storage
from rooms.services.cleanup import audit, clean_up
from rooms.tests.conftest import files_in, lay_file
from rooms.tests.photo_library import DAY_S, HOUR_S, age, lay_library, lay_photo, name_of, partial, run


@pytest.mark.parametrize(
    ("days", "seconds", "goes"),
    [
        (1, 23.9 * HOUR_S, False),
        (1, 24.1 * HOUR_S, True),
        (0, 0.2 * HOUR_S, False),
        (0, 1.1 * HOUR_S, True),
        (7, 6 * DAY_S, False),
        (1, -3 * DAY_S, False),
        (0, -3 * DAY_S, False),
    ],
)
@pytest.mark.parametrize("kind", ["photo", "partial"])
def test_young_file_is_left_alone(
    db: None, media_root: Path, kind: str, days: int, seconds: float, goes: bool
) -> None:
    path = lay_file(media_root, name_of(1) if kind == "photo" else partial(name_of(1)))
    age(path, seconds)
    clean_up(days, audit=True)
    assert path.exists() is not goes


def test_one_young_file_keeps_all_of_its_photo(db: None, media_root: Path) -> None:
    lay_photo(media_root, name_of(1))
    os.utime(media_root / storage.version_name(name_of(1), 320))
    report = clean_up(1, audit=True)
    assert (report.files, len(files_in(media_root))) == (0, 4)


@pytest.mark.parametrize("hours", [-2, 2])
def test_clock_of_this_machine_that_is_wrong_takes_nothing_early(
    db: None, media_root: Path, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    wrong = SimpleNamespace(time=lambda: time.time() + hours * HOUR_S)
    monkeypatch.setattr(audit, "time", wrong)
    young = age(lay_file(media_root, name_of(1)), 23 * HOUR_S)
    old = age(lay_file(media_root, name_of(2)), 27 * HOUR_S)
    clean_up(1, audit=True)
    assert young.exists()
    assert not old.exists()


def test_links_pipes_sockets_folders_and_foreign_names_are_never_touched(
    room: Room, media_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = lay_library(media_root, room, 1)[0]
    elsewhere = lay_file(tmp_path, "elsewhere/secret.txt", b"secret")
    lay_photo(media_root, name_of(9))
    folder = (media_root / name_of(9)).parent
    links = {name_of(2): elsewhere, name_of(3): media_root / photo.file_name, "photos/loop": media_root}
    links |= {"up": Path("/etc"), f"photos/{'f' * 2}": elsewhere.parent}
    for name, target in links.items():
        path = media_root / name
        path.parent.mkdir(exist_ok=True)
        path.symlink_to(target)
        age(path, 9 * DAY_S)
    odd = [media_root / name_of(4), media_root / name_of(5), media_root / name_of(6)]
    for path in odd:
        path.parent.mkdir(exist_ok=True)
    os.mkfifo(odd[0])
    monkeypatch.chdir(odd[1].parent)  # a socket's address is short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(odd[1].name)
    odd[2].mkdir()
    foreign = ["photos/ab/unknown.jpg", "photos/.gitkeep", "css/a.css", f"{folder}/.hidden", "photos/ab/pipe"]
    foreign += [name_of(7).upper(), f"x/{name_of(7)}", name_of(7) + ".bak", "photos/ab/.cover.jpg.part"]
    for name in foreign[:-1]:
        age(lay_file(media_root, name), 9 * DAY_S)
    age(lay_file(media_root, foreign[-1]), 9 * DAY_S)
    before = files_in(media_root) | {str(path) for path in media_root.rglob("*")}

    report = clean_up(1, audit=True, force=True)

    gone = {str(media_root / name) for name in storage.names_of(name_of(9))} | set(
        storage.names_of(name_of(9))
    )
    assert files_in(media_root) | {str(path) for path in media_root.rglob("*")} == before - gone
    assert elsewhere.read_bytes() == b"secret"
    assert report.audit
    told = " ".join(report.audit.left_alone)
    assert all(name in told for name in (*links, *(str(path.relative_to(media_root)) for path in odd)))
    assert len(report.audit.left_alone) == len(links) + len(odd)
    assert (report.errors, report.audit.missing) == ([], [])


def test_other_name_of_an_orphan_s_file_stays(db: None, media_root: Path, tmp_path: Path) -> None:
    lay_photo(media_root, name_of(1))
    os.link(media_root / name_of(1), tmp_path / "kept.jpg")
    clean_up(1, audit=True)
    assert (files_in(media_root), (tmp_path / "kept.jpg").read_bytes()) == (set(), b"12345")


def test_media_folder_whose_photos_are_behind_a_link_is_read_by_name_and_not_listed(
    room: Room, media_root: Path, tmp_path: Path
) -> None:
    lay_library(media_root, room, 3)
    lay_photo(media_root, name_of(9))
    (media_root / "photos").rename(tmp_path / "elsewhere")
    (media_root / "photos").symlink_to(tmp_path / "elsewhere")
    report = clean_up(1, audit=True)
    assert report.audit
    assert (report.files, report.audit.missing, len(report.audit.left_alone)) == (0, [], 1)
    assert len(files_in(tmp_path / "elsewhere")) == 16


def test_folder_that_cannot_be_listed_is_named_and_the_others_are_done(
    room: Room, media_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = lay_library(media_root, room, 2)[1]
    lay_photo(media_root, name_of(9))
    broken = os.path.dirname(photo.file_name)
    disk = photo_storage()
    real = disk.list_folder

    def list_folder(folder: str) -> Any:
        if folder == broken:
            raise PermissionError(folder)
        return real(folder)

    monkeypatch.setattr(disk, "list_folder", list_folder)
    printed, status = run()
    assert status == 1
    assert [broken in sentence for sentence in printed["errors"]] == [True]
    assert (printed["files"], printed["missing"], printed["scanned_files"]) == (4, [], 8)


def test_french_sentence_keeps_its_no_break_space(
    room: Room, media_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def list_folder(folder: str) -> Any:
        raise PermissionError("secret")

    lay_library(media_root, room, 1)
    monkeypatch.setattr(photo_storage(), "list_folder", list_folder)
    with translation.override("fr"):
        printed, _status = run()
    assert ["parcouru\xa0: secret" in sentence for sentence in printed["errors"]] == [True]


def test_name_that_no_terminal_can_show_is_told_all_the_same(db: None, media_root: Path) -> None:
    folder = media_root / "photos" / "ab"
    folder.mkdir(parents=True)
    os.symlink("/etc", os.fsencode(folder) + b"/\xff\n.jpg")
    printed, _status = run()
    assert [r"\udcff\n.jpg" in sentence for sentence in printed["left_alone"]] == [True]
