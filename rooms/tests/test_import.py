"""`manage.py import_room_photos`: which photos come in, in which order, and that nothing is doubled."""

import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from rooms.models import Establishment, PendingFile, Room, RoomImage
from rooms.services import gallery as galleries
from rooms.services import transfer
from rooms.tests.both_databases import db  # noqa: F401  # the fixture of this module
from rooms.tests.conftest import add_photos, files_in
from rooms.tests.transfer import Files, codes, contents, gallery_of, lay, pack, photo, run

HEADER = b"room,file,order,caption,alternative_text,kind\n"


@pytest.fixture
def hotel(establishment: Establishment, room: Room) -> Establishment:
    """With the rooms 101 and 102, and one that has but a name."""
    Room.objects.filter(pk=room.pk).update(name="Suite Océane", number="101")
    Room.objects.create(establishment=establishment, name="Chambre bleue", number="102")
    Room.objects.create(establishment=establishment, name="Grenier", number="")
    return establishment


@pytest.fixture(params=["folder", "zip"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Lays out a source, as a folder and as a ZIP."""

    def lay_out(files: Files, name: str = "source") -> Path:
        return (
            lay(tmp_path / name, files)
            if request.param == "folder"
            else pack(tmp_path / f"{name}.zip", files)
        )

    return lay_out


def bring(capsys: Any, source: Path, hotel: Establishment, *options: str) -> tuple[dict[str, Any], int]:
    return run("import_room_photos", capsys, source, "--establishment", hotel.pk, *options)


def test_folders_go_to_the_rooms_they_name(hotel: Establishment, make: Any, capsys: Any) -> None:
    source = make(
        {
            "Hôtel/101/10.jpg": photo(3),
            "Hôtel/101/2.jpg": photo(2),
            "Hôtel/101/1.jpg": photo(1),
            "Hôtel/CHAMBRE-BLEUE/a.png": photo(4, file_format="PNG"),
            "Hôtel/101/.DS_Store": b"x",
            "__MACOSX/101/._1.jpg": b"x",
            "Hôtel/101/Thumbs.db": b"x",
        }
    )
    report, status = bring(capsys, source, hotel)
    assert report == {"dry_run": False, "rooms": 2, "photos": 4, "skipped": 0, "errors": []}
    assert status == 0
    photos = gallery_of(hotel, number="101")
    assert contents(photos) == [photo(1), photo(2), photo(3)]  # what needs no change keeps its bytes
    assert [one.order for one in photos] == [1, 2, 3]
    assert [one.uploaded_by for one in photos] == [hotel.owner] * 3
    assert len(gallery_of(hotel, number="102")) == 1
    assert not PendingFile.objects.exists()


def test_second_run_doubles_nothing(hotel: Establishment, make: Any, capsys: Any, media_root: Path) -> None:
    files = {f"101/{number}.jpg": photo(number) for number in (1, 2)} | {"101/twin.jpg": photo(1)}
    first, _status = bring(capsys, make(files), hotel)
    before = files_in(media_root)
    again, status = bring(capsys, make(files | {"102/new.jpg": photo(1)}), hotel)
    assert (first["photos"], again["photos"], again["skipped"], status) == (3, 1, 3, 0)
    assert len(gallery_of(hotel, number="101")) == 3  # pictures that stand twice stay so
    assert len(files_in(media_root)) == len(before) + 4


def test_folder_and_zip_of_it_are_the_same_photos(hotel: Establishment, tmp_path: Path, capsys: Any) -> None:
    files = {"101/1.jpg": photo(1)}
    bring(capsys, lay(tmp_path / "source", files), hotel)
    report, _status = bring(capsys, pack(tmp_path / "other.zip", {"Top/101/1.jpg": photo(1)}), hotel)
    assert (report["photos"], report["skipped"]) == (0, 1)


def test_photo_that_was_removed_does_not_come_again(hotel: Establishment, make: Any, capsys: Any) -> None:
    source = make({"101/1.jpg": photo(1), "101/2.jpg": photo(2)})
    bring(capsys, source, hotel)
    galleries.remove(gallery_of(hotel, number="101")[0], user=hotel.owner)
    report, status = bring(capsys, source, hotel)
    assert (report["photos"], report["skipped"], status) == (0, 2, 0)
    assert contents(gallery_of(hotel, number="101")) == [photo(2)]


def test_photo_that_was_moved_does_not_come_again(hotel: Establishment, make: Any, capsys: Any) -> None:
    source = make({"101/1.jpg": photo(1)})
    bring(capsys, source, hotel)
    moved = gallery_of(hotel, number="101")[0]
    moved.room = Room.objects.get(number="102")
    moved.save()
    report, _status = bring(capsys, source, hotel)
    assert (report["photos"], report["skipped"]) == (0, 1)


def test_new_photos_come_behind_and_what_is_over_the_limit_is_named(
    hotel: Establishment, make: Any, capsys: Any
) -> None:
    limit = settings.ROOM_PHOTO_MAX_COUNT
    add_photos(Room.objects.get(number="101"), limit - 2)
    source = make({f"101/{number}.jpg": photo(number) for number in (1, 2, 3)} | {"102/1.jpg": photo(1)})
    dry, dry_status = bring(capsys, source, hotel, "--dry-run")
    report, status = bring(capsys, source, hotel)
    assert dry == report | {"dry_run": True}
    assert codes(report) == [("101/3.jpg", "limit_reached")]
    assert (report["photos"], status, dry_status) == (3, 1, 1)
    assert contents(gallery_of(hotel, number="101")[-2:]) == [photo(1), photo(2)]


def test_dry_run_tells_the_same_and_changes_nothing(
    hotel: Establishment, make: Any, capsys: Any, media_root: Path
) -> None:
    source = make(
        {
            "101/1.jpg": photo(1),
            "101/bad.jpg": photo(2)[:200],
            "101/notes.txt": b"notes",
            "102/empty.jpg": b"",
            "102/large.jpg": b"\xff\xd8\xff" + bytes(settings.ROOM_PHOTO_MAX_BYTES),
            "Nouvelle/1.jpg": photo(3),
        }
    )
    dry, dry_status = bring(capsys, source, hotel, "--dry-run", "--create-rooms")
    assert (RoomImage.all_objects.count(), Room.objects.count(), files_in(media_root)) == (0, 3, set())
    report, status = bring(capsys, source, hotel, "--create-rooms")
    assert dry == report | {"dry_run": True}
    assert (report["photos"], report["rooms"], status, dry_status) == (2, 3, 1, 1)
    assert sorted(codes(report)) == [
        ("101/bad.jpg", "invalid_image"),
        ("101/notes.txt", "unsupported_type"),
        ("102/empty.jpg", "no_file"),
        ("102/large.jpg", "file_too_large"),
    ]


def test_unmatched_folder_is_named_and_counted(hotel: Establishment, make: Any, capsys: Any) -> None:
    source = make({"Cave/1.jpg": photo(1), "Cave/2.jpg": photo(2), "101/1.jpg": photo(3)})
    report, status = bring(capsys, source, hotel)
    assert (report["photos"], report["skipped"], codes(report), status) == (1, 2, [("Cave", "not_found")], 0)


def test_folder_that_fits_two_rooms_goes_to_neither(hotel: Establishment, make: Any, capsys: Any) -> None:
    Room.objects.create(establishment=hotel, name="GRENIER")
    source = make({"grenier/1.jpg": photo(1), "101/1.jpg": photo(2)})
    report, status = bring(capsys, source, hotel, "--create-rooms")
    assert (report["photos"], report["skipped"], status) == (1, 1, 1)
    assert codes(report) == [("grenier", "invalid_request")]
    assert Room.objects.count() == 4


def test_photos_at_the_top_belong_to_no_room(hotel: Establishment, make: Any, capsys: Any) -> None:
    source = make({"1.jpg": photo(1), "lisez.txt": b"text", "101/1.jpg": photo(2)})
    report, status = bring(capsys, source, hotel, "--create-rooms")
    assert sorted(codes(report)) == [("1.jpg", "not_found"), ("lisez.txt", "unsupported_type")]
    assert (report["photos"], report["skipped"], status) == (1, 1, 1)


def test_rooms_are_made_of_folders(hotel: Establishment, make: Any, capsys: Any) -> None:
    files = {"a/Étoile/1.jpg": photo(1), "b/etoile/2.jpg": photo(2), "x" * 130 + "/1.jpg": photo(3)}
    report, status = bring(capsys, make(files), hotel, "--create-rooms")
    made = Room.objects.latest("pk")
    assert made.name in ("Étoile", "etoile")
    assert (made.published, made.images.count()) == (False, 2)
    assert (report["rooms"], report["photos"], report["skipped"], status) == (1, 2, 1, 1)
    again, _status = bring(capsys, make(files), hotel, "--create-rooms")
    assert (again["rooms"], again["photos"], again["skipped"]) == (1, 0, 3)


def test_another_establishments_rooms_are_left_alone(
    hotel: Establishment, bobs_room: Room, make: Any, capsys: Any
) -> None:
    report, _status = bring(capsys, make({"Suite/1.jpg": photo(1)}), hotel)
    assert (report["photos"], report["skipped"]) == (0, 1)
    assert not bobs_room.images.exists()


# --- photos.csv ---------------------------------------------------------------------------


def test_table_gives_order_texts_and_kinds(hotel: Establishment, make: Any, capsys: Any) -> None:
    rows = "101,101/c.jpg,1,'=Lit,Un grand lit,bed\n101,101/A.JPG,2,Salle de bain,,\n101,101/gone.jpg,3,,,\n"
    files = {"101/a.jpg": photo(1), "101/b.jpg": photo(2), "101/c.jpg": photo(3)}
    source = make(
        {"Top/photos.csv": b"\xef\xbb\xbf" + HEADER + rows.encode()}
        | {f"Top/{n}": c for n, c in files.items()}
    )
    report, status = bring(capsys, source, hotel)
    assert (report["photos"], report["errors"], status) == (3, [], 0)
    photos = gallery_of(hotel, number="101")
    assert contents(photos) == [photo(3), photo(1), photo(2)]
    assert [(one.caption, one.alternative_text, one.kind) for one in photos] == [
        ("=Lit", "Un grand lit", "bed"),
        ("Salle de bain", "", ""),
        ("", "", ""),
    ]


def test_kind_is_guessed_where_the_table_has_no_kinds(hotel: Establishment, make: Any, capsys: Any) -> None:
    bring(
        capsys, make({"photos.csv": b"file,caption\n101/a.jpg,Salle de bain\n", "101/a.jpg": photo(1)}), hotel
    )
    assert gallery_of(hotel, number="101")[0].kind == "bathroom"


def test_text_that_cannot_be_kept_is_left_out_and_the_photo_comes_in(
    hotel: Establishment, make: Any, capsys: Any
) -> None:
    rows = f"101,101/a.jpg,1,{'x' * 201},ok,pool\n"
    report, status = bring(capsys, make({"photos.csv": HEADER + rows.encode(), "101/a.jpg": photo(1)}), hotel)
    assert codes(report) == [("101/a.jpg", "invalid_request")] * 2
    assert (report["photos"], status) == (1, 0)
    one = gallery_of(hotel, number="101")[0]
    assert (one.caption, one.alternative_text, one.kind) == ("", "ok", "")


def test_table_that_cannot_be_read_is_named(hotel: Establishment, make: Any, capsys: Any) -> None:
    report, status = bring(capsys, make({"photos.csv": b"\xff\x00", "101/a.jpg": photo(1)}), hotel)
    assert (report["photos"], codes(report), status) == (1, [("photos.csv", "invalid_request")], 1)


# --- how it is asked ----------------------------------------------------------------------


def test_establishment_must_be_named_and_exist(hotel: Establishment, tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("import_room_photos", str(tmp_path))
    with pytest.raises(CommandError):
        call_command("import_room_photos", str(tmp_path), "--establishment", "999")


def test_people_get_sentences(hotel: Establishment, make: Any, capsys: Any) -> None:
    call_command("import_room_photos", str(make({"Cave/1.jpg": photo(1)})), "--establishment", str(hotel.pk))
    out, err = capsys.readouterr()
    assert out.count(".") == 3
    assert err.startswith("Cave\N{NO-BREAK SPACE}: ") or err.startswith("Cave: ")


def test_rate_of_uploads_does_not_hold_it_up(
    hotel: Establishment, make: Any, capsys: Any, settings: Any
) -> None:
    settings.ROOM_PHOTO_UPLOADS_PER_10_MINUTES = 1
    report, status = bring(capsys, make({f"101/{number}.jpg": photo(number) for number in range(3)}), hotel)
    assert (report["photos"], status) == (3, 0)


def test_run_that_was_broken_off_goes_on(
    hotel: Establishment, make: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make({f"101/{number}.jpg": photo(number) for number in range(4)})

    def stop_at_the_third(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), transfer.open_source(source) as opened:
        transfer.run_import(opened, hotel, progress=stop_at_the_third)
    assert len(gallery_of(hotel, number="101")) == 2
    report, status = bring(capsys, source, hotel)
    assert (report["photos"], report["skipped"], status) == (2, 2, 0)
    assert contents(gallery_of(hotel, number="101")) == [photo(number) for number in range(4)]


def test_names_without_the_utf_8_flag_are_read(hotel: Establishment, tmp_path: Path, capsys: Any) -> None:
    Room.objects.create(establishment=hotel, name="Étage")
    Room.objects.create(establishment=hotel, name="Forêt")
    source = pack(tmp_path / "old.zip", {"XXtage/1.jpg": photo(1), "For_t/1.jpg": photo(2)})
    data = source.read_bytes().replace(b"XXtage", "Étage".encode()).replace(b"For_t", "Forêt".encode("cp437"))
    source.write_bytes(data)
    assert not any(info.flag_bits & 0x800 for info in zipfile.ZipFile(source).infolist())
    report, status = bring(capsys, source, hotel)
    assert (report["photos"], report["errors"], status) == (2, [], 0)
