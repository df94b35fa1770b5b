"""`manage.py export_room_photos`: what is written, what a channel gets, and that it comes back the same."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import translation
from PIL import Image

from rooms.models import Channel, Establishment, Room, RoomImage
from rooms.models.photo import photo_storage
from rooms.tests.both_databases import db  # noqa: F401  # the fixture of this module
from rooms.tests.conftest import add_photos, insert_old_row, lay_file, picture
from rooms.tests.transfer import Files, codes, contents, gallery_of, photo, run, unpack

TEXTS = (("Vue d’été", "view"), ("", "bathroom"), ("=1+1", ""))


@pytest.fixture
def hotel(establishment: Establishment, room: Room) -> Establishment:
    """With three photos in 101, and a room without."""
    Room.objects.filter(pk=room.pk).update(name="Suite Océane", number="101")
    Room.objects.create(establishment=establishment, name="Grenier: A/B")
    for number, (caption, kind) in enumerate(TEXTS, start=1):
        file = ContentFile(photo(number), "photo.jpg")
        RoomImage.objects.create(room=room, image=file, caption=caption, kind=kind)
    return establishment


def send(capsys: Any, target: Path, *options: Any) -> tuple[dict[str, Any], int]:
    return run("export_room_photos", capsys, target, *options)


def files_of(target: Path) -> Files:
    if target.suffix == ".zip":
        return unpack(target.read_bytes())
    return {str(path.relative_to(target)): path.read_bytes() for path in target.rglob("*") if path.is_file()}


def rows_of(files: Files) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files["photos.csv"].decode(), newline="")))


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_photos_are_written_in_their_layout(
    hotel: Establishment, tmp_path: Path, capsys: Any, name: str
) -> None:
    with translation.override("fr"):
        report, status = send(capsys, tmp_path / name, "--establishment", hotel.pk)
    assert report == {"dry_run": False, "rooms": 1, "photos": 3, "skipped": 0, "errors": []}
    assert status == 0
    files = files_of(tmp_path / name)
    names = ["101/01-vue-d-ete.jpg", "101/02-salle-de-bain.jpg", "101/03-1-1.jpg"]
    assert list(map(files.get, names)) == [photo(1), photo(2), photo(3)]
    assert sorted(files) == [*names, "photos.csv"]
    rows = rows_of(files)
    assert [row["file"] for row in rows] == names
    assert rows[1] == {
        "room": "101", "file": names[1], "order": "2", "caption": "", "alternative_text": "",
        "kind": "bathroom", "width": "96", "height": "64", "booking_code": "153", "ota_code": "6",
    }  # fmt: skip
    assert rows[2]["caption"] == "'=1+1"


def test_establishment_without_photos_is_its_table_alone(
    establishment: Establishment, tmp_path: Path, capsys: Any
) -> None:
    report, status = send(capsys, tmp_path / "out.zip", "--establishment", establishment.pk)
    assert (report["rooms"], report["photos"], status) == (0, 0, 0)
    assert list(files_of(tmp_path / "out.zip")) == ["photos.csv"]


def test_all_establishments_have_a_folder_each(
    hotel: Establishment, bobs_room: Room, tmp_path: Path, capsys: Any
) -> None:
    add_photos(bobs_room, 1)
    twin = Establishment.objects.create(name=hotel.name.upper(), owner=hotel.owner)
    add_photos(Room.objects.create(establishment=twin, name="Seule"), 1)
    report, _status = send(capsys, tmp_path / "out")
    assert (report["rooms"], report["photos"]) == (3, 5)
    folders = {name.split("/")[0] for name in files_of(tmp_path / "out")} - {"photos.csv"}
    assert folders == {"Hôtel Bellevue", "Auberge du Lac", "HÔTEL BELLEVUE (2)"}
    assert {row["file"].split("/")[0] for row in rows_of(files_of(tmp_path / "out"))} == folders


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_what_was_sent_out_comes_back_the_same(
    hotel: Establishment, tmp_path: Path, capsys: Any, name: str
) -> None:
    attic = Room.objects.get(name="Grenier: A/B")
    add_photos(attic, 2, alternative_text="-texte")
    send(capsys, tmp_path / name, "--establishment", hotel.pk)
    empty = Establishment.objects.create(name="Vide", owner=hotel.owner)
    how = ("import_room_photos", capsys, tmp_path / name, "--establishment", empty.pk, "--create-rooms")
    report, status = run(*how)
    assert (report["rooms"], report["photos"], report["errors"], status) == (2, 5, [], 0)
    for names in ({"name": "101"}, {"number": "101"}), ({"name": attic.name}, {"name": attic.name}):
        came, sent = gallery_of(empty, **names[0]), gallery_of(hotel, **names[1])
        assert contents(came) == contents(sent)
        assert [_said(one) for one in came] == [_said(one) for one in sent]
    again, _status = run(*how)
    assert (again["photos"], again["skipped"]) == (0, 5)


def _said(one: RoomImage) -> tuple[Any, ...]:
    return one.order, one.caption, one.alternative_text, one.kind, one.width, one.height


def test_missing_file_is_named_and_the_rest_goes_on(
    hotel: Establishment, tmp_path: Path, capsys: Any
) -> None:
    photo_storage().delete(gallery_of(hotel, number="101")[0].file_name)
    report, status = send(capsys, tmp_path / "out.zip", "--establishment", hotel.pk)
    assert (report["photos"], codes(report), status) == (2, [("101/01-vue-d-ete.jpg", "not_found")], 1)
    files = files_of(tmp_path / "out.zip")
    assert len(rows_of(files)) == 2
    assert "101/01-vue-d-ete.jpg" in files["report.txt"].decode()


def test_photo_of_an_older_system_keeps_its_type(
    hotel: Establishment, tmp_path: Path, capsys: Any, media_root: Path
) -> None:
    lay_file(media_root, "photos/old.png", picture(file_format="PNG"))
    lay_file(media_root, "photos/../../etc.jpg")
    attic = Room.objects.get(name="Grenier: A/B")
    insert_old_row(attic, "photos/old.png")
    insert_old_row(attic, "../etc.jpg")
    report, status = send(capsys, tmp_path / "out", "--establishment", hotel.pk)
    assert codes(report) == [("Grenier- A-B/02.jpg", "not_found")]
    assert (tmp_path / "out" / "Grenier- A-B" / "01.png").read_bytes() == picture(file_format="PNG")
    assert status == 1


# --- for a channel ------------------------------------------------------------------------


def _noise(size: tuple[int, int], file_format: str = "JPEG") -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(buffer, file_format, quality=90)
    return buffer.getvalue()


def test_channel_gets_what_it_takes(
    hotel: Establishment, tmp_path: Path, capsys: Any, media_root: Path
) -> None:
    Channel.objects.filter(slug="booking").update(recommended_side=800, max_bytes=60_000)
    room = Room.objects.get(number="101")
    for size in ((1600, 1200), (800, 600)):
        RoomImage.objects.create(room=room, image=ContentFile(_noise(size), "a.jpg"), kind="room")
    lay_file(media_root, "photos/old.png", picture((200, 100), "PNG"))
    insert_old_row(room, "photos/old.png", order=6)
    with translation.override("fr"):
        target = tmp_path / "out.zip"
        report, status = send(capsys, target, "--establishment", hotel.pk, "--channel", "booking")
    files = files_of(target)
    assert (report["photos"], report["errors"], status) == (6, [], 0)
    pictures = {name: content for name, content in files.items() if name.endswith(".jpg")}
    assert len(pictures) == 6
    for row in rows_of(files):
        content = pictures[row["file"]]
        with Image.open(io.BytesIO(content)) as image:
            assert image.format == "JPEG"
            assert max(image.size) <= 800
            assert image.size == (int(row["width"]), int(row["height"]))
        assert len(content) <= 60_000
    assert pictures["101/01-vue-d-ete.jpg"] == photo(1)  # what fits stays byte for byte
    said = files["report.txt"].decode()
    assert "Suite Océane · 101" in said
    assert "Grenier: A/B" in said
    assert "photos" in said


def test_unknown_or_inactive_channel_is_refused(hotel: Establishment, tmp_path: Path) -> None:
    Channel.objects.filter(slug="google").update(active=False)
    for slug in ("google", "nowhere"):
        with pytest.raises(CommandError):
            call_command("export_room_photos", str(tmp_path / "out.zip"), "--channel", slug)
    assert not (tmp_path / "out.zip").exists()


# --- writing ------------------------------------------------------------------------------


def test_what_cannot_be_written_leaves_no_half_zip(hotel: Establishment, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for target in (tmp_path / "file" / "out.zip", tmp_path / "file" / "out", tmp_path / "no" / "out.zip"):
        with pytest.raises(CommandError):
            call_command("export_room_photos", str(target))
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "media") == ["file"]


def test_folder_that_leads_out_is_not_written_to(hotel: Establishment, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out" / "101").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CommandError):
        call_command("export_room_photos", str(tmp_path / "out"), "--establishment", str(hotel.pk))
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_people_get_a_sentence(hotel: Establishment, tmp_path: Path, capsys: Any) -> None:
    with translation.override("en"):
        call_command("export_room_photos", str(tmp_path / "out"))
    assert capsys.readouterr().out == "Photos written: 3. Rooms: 1.\n"
