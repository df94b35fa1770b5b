"""Photos that lie in a bucket are brought in and sent out as those of a disk are."""

from pathlib import Path
from typing import Any

import pytest

from rooms.models import Establishment, Room
from rooms.models.photo import photo_storage
from rooms.storage import BucketUnavailable
from rooms.storage.bucket import BucketPhotoStorage
from rooms.tests.bucket.conftest import keys
from rooms.tests.transfer import codes, contents, gallery_of, lay, photo, run, unpack


@pytest.fixture
def full_hotel(
    bucket: Any, establishment: Establishment, room: Room, tmp_path: Path, capsys: Any
) -> Establishment:
    Room.objects.filter(pk=room.pk).update(number="101")
    source = lay(tmp_path / "source", {f"101/{number}.jpg": photo(number) for number in (1, 2, 3)})
    report, status = run("import_room_photos", capsys, source, "--establishment", establishment.pk)
    assert (report["photos"], report["errors"], status) == (3, [], 0)
    return establishment


def test_import_lies_in_the_bucket(full_hotel: Establishment, bucket: Any) -> None:
    assert contents(gallery_of(full_hotel, number="101")) == [photo(1), photo(2), photo(3)]
    assert len(keys(bucket)) == 12


def test_export_comes_back_the_same(full_hotel: Establishment, tmp_path: Path, capsys: Any) -> None:
    run("export_room_photos", capsys, tmp_path / "out.zip", "--establishment", full_hotel.pk)
    empty = Establishment.objects.create(name="Vide", owner=full_hotel.owner)
    report, status = run(
        "import_room_photos", capsys, tmp_path / "out.zip", "--establishment", empty.pk, "--create-rooms"
    )
    assert (report["photos"], report["errors"], status) == (3, [], 0)
    assert contents(gallery_of(empty, name="101")) == [photo(1), photo(2), photo(3)]


def test_photo_that_is_gone_from_the_bucket_is_named(
    full_hotel: Establishment, tmp_path: Path, capsys: Any
) -> None:
    photo_storage().delete(gallery_of(full_hotel, number="101")[1].file_name)
    report, status = run("export_room_photos", capsys, tmp_path / "out.zip", "--establishment", full_hotel.pk)
    assert (report["photos"], codes(report), status) == (2, [("101/02.jpg", "not_found")], 1)


def test_bucket_that_is_away_is_told_and_the_zip_is_whole(
    full_hotel: Establishment, tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise BucketUnavailable("away")

    monkeypatch.setattr(BucketPhotoStorage, "open", fail)
    report, status = run("export_room_photos", capsys, tmp_path / "out.zip", "--establishment", full_hotel.pk)
    assert (report["photos"], {error["code"] for error in report["errors"]}, status) == (
        0,
        {"storage_unavailable"},
        1,
    )
    assert set(unpack((tmp_path / "out.zip").read_bytes())) == {"photos.csv", "report.txt"}
