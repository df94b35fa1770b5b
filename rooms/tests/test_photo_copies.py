"""Rows that were copied, read in part or sent elsewhere: each photo keeps a file of its own."""

import copy
import io
import pickle
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from rooms import storage
from rooms.errors import StorageUnavailable
from rooms.models import Draft, PendingFile, Room, RoomImage
from rooms.models.photo import photo_storage
from rooms.tests.conftest import add_photos, files_in, photo_file, picture

commits = pytest.mark.django_db(transaction=True)

COLUMNS = [field.name for field in RoomImage._meta.concrete_fields if field.name != "id"]


@pytest.fixture
def photo(room: Room) -> RoomImage:
    return add_photos(room, 2)[0]


def assert_all_whole(media_root: Path) -> None:
    """Each row has its four files, and there are no others."""
    names = list(RoomImage.all_objects.values_list("image", flat=True))
    assert files_in(media_root) == {file for name in names for file in storage.names_of(name)}
    assert len(files_in(media_root)) == 4 * len(names)
    assert not PendingFile.objects.exists()


def sent(photo: RoomImage) -> Any:
    return pickle.loads(pickle.dumps(photo))  # noqa: S301  # our own


# --- copies -----------------------------------------------------------------------------


@commits
@pytest.mark.parametrize("way", ["key", "key and state", "shallow", "pickle", "forced"])
def test_copied_row_has_a_copy_of_the_file(photo: RoomImage, media_root: Path, way: str) -> None:
    name, content = photo.file_name, (media_root / photo.file_name).read_bytes()
    twin = RoomImage.objects.get(pk=photo.pk)
    if way == "shallow":
        twin = copy.copy(photo)
    if way == "pickle":
        twin = sent(photo)
    twin.pk = None
    if way == "key and state":
        twin._state.adding = True
    twin.save(**{"force_insert": True} if way == "forced" else {})
    assert twin.pk != photo.pk
    assert twin.file_name != name
    assert photo.file_name == name
    assert (media_root / twin.file_name).read_bytes() == content
    assert_all_whole(media_root)
    twin.delete()
    assert (media_root / name).read_bytes() == content
    assert_all_whole(media_root)


def test_copy_of_an_upload_is_another_photo_than_the_upload(photo: RoomImage, alice: Any) -> None:
    upload_id = "3f1c2f3e-8a5e-4c0e-9a53-1d2f8e5b6a10"
    RoomImage.objects.filter(pk=photo.pk).update(uploaded_by=alice, upload_id=upload_id)
    twin = RoomImage.objects.get(pk=photo.pk)
    twin.pk = None
    twin.save()
    assert twin.upload_id is None
    assert RoomImage.objects.filter(upload_id=upload_id).get() == photo
    assert [image.order for image in photo.room.images.all()] == [1, 2, 3]


def test_name_of_another_photo_gives_a_copy_of_its_file(
    room: Room, photo: RoomImage, media_root: Path
) -> None:
    RoomImage.objects.create(room=room, image=photo.file_name)
    assert_all_whole(media_root)


def test_copy_of_a_photo_that_lost_a_version_lacks_it_too(photo: RoomImage, media_root: Path) -> None:
    (media_root / storage.version_name(photo.file_name, 640)).unlink()
    twin = RoomImage.objects.get(pk=photo.pk)
    twin.pk = None
    twin.save()
    assert len(files_in(media_root)) == 4 + 3 + 3


def test_copy_of_a_photo_without_its_file_is_refused(photo: RoomImage, media_root: Path) -> None:
    (media_root / photo.file_name).unlink()
    before = files_in(media_root)
    twin = RoomImage.objects.get(pk=photo.pk)
    twin.pk = None
    with pytest.raises(StorageUnavailable):
        twin.save()
    assert (files_in(media_root), RoomImage.objects.count()) == (before, 2)
    assert not PendingFile.objects.exists()


def update(photo: RoomImage, name: str) -> None:
    RoomImage.objects.filter(pk=photo.pk).update(image=name)


def bulk_create(photo: RoomImage, name: str) -> None:
    RoomImage.objects.bulk_create([RoomImage(room=photo.room, image=name)])


def save(photo: RoomImage, name: str) -> None:
    photo.image = name
    photo.save()


@pytest.mark.parametrize("write", [update, bulk_create, save])
def test_database_lets_no_two_rows_have_one_file(photo: RoomImage, media_root: Path, write: Any) -> None:
    other = RoomImage.objects.exclude(pk=photo.pk).get()
    before = files_in(media_root)
    with pytest.raises(IntegrityError), transaction.atomic():
        write(other, photo.file_name)
    assert files_in(media_root) == before
    assert_all_whole(media_root)


@pytest.mark.parametrize("name", ["old/1.jpg", "photos/x.jpg", "photos/ab/1.jpg"])
def test_rows_of_an_older_system_may_share_theirs(room: Room, name: str) -> None:
    RoomImage.objects.bulk_create([RoomImage(room=room, image=name) for _number in range(2)])
    assert RoomImage.objects.filter(image=name).count() == 2


# --- rows read in part --------------------------------------------------------------------


@pytest.mark.parametrize("way", ["only", "defer"])
def test_row_read_in_part_can_be_saved(photo: RoomImage, media_root: Path, way: str) -> None:
    before = RoomImage.objects.values().get(pk=photo.pk)
    for column in COLUMNS:
        part = getattr(RoomImage.objects, way)(column).get(pk=photo.pk)
        part.caption = column
        part.save()
        assert RoomImage.objects.values().get(pk=photo.pk) == before | {"caption": column}
    assert_all_whole(media_root)


def test_column_read_later_can_be_saved(photo: RoomImage, media_root: Path) -> None:
    before = RoomImage.objects.values().get(pk=photo.pk)
    for column in COLUMNS:
        part = RoomImage.objects.only("pk").get(pk=photo.pk)
        getattr(part, column)
        assert part.image_url == photo.image_url
        part.caption = column
        part.save()
        assert RoomImage.objects.values().get(pk=photo.pk) == before | {"caption": column}
    assert_all_whole(media_root)


@commits
@pytest.mark.parametrize("read", [("pk",), ("caption",), ("room",), ("image",), ("order", "room", "draft")])
def test_row_read_in_part_takes_a_new_file(photo: RoomImage, media_root: Path, read: tuple[str, ...]) -> None:
    old = photo.file_name
    part = RoomImage.objects.only(*read).get(pk=photo.pk)
    part.image = photo_file(content=picture((40, 30)))
    part.save()
    photo.refresh_from_db()
    assert (photo.file_name != old, photo.width, photo.height) == (True, 40, 30)
    assert_all_whole(media_root)
    part.image = photo_file()
    part.save()
    assert_all_whole(media_root)


@pytest.mark.parametrize("read", [("pk",), ("caption",), ("order",), ("room", "image")])
def test_row_read_in_part_moves_to_another_room(
    photo: RoomImage, establishment: Any, media_root: Path, read: tuple[str, ...]
) -> None:
    other = Room.objects.create(establishment=establishment, name="Chambre 2")
    left = photo.room
    part = RoomImage.objects.only(*read).get(pk=photo.pk)
    part.room = other
    part.save()
    assert [image.pk for image in other.images.all()] == [photo.pk]
    assert list(left.images.values_list("order", flat=True)) == [1]
    assert_all_whole(media_root)


def test_temporary_row_read_in_part_becomes_a_rooms(room: Room, alice: Any) -> None:
    draft = Draft.objects.create(user=alice)
    photo = add_photos(None, 1, draft=draft)[0]
    for read in ("caption", "draft", "room"):
        RoomImage.objects.filter(pk=photo.pk).update(room=None, draft=draft)
        part = RoomImage.objects.only(read).get(pk=photo.pk)
        part.room = room
        part.save()
        photo.refresh_from_db()
        assert (photo.room, photo.draft, photo.order) == (room, None, 1)


# --- named columns ----------------------------------------------------------------------------


@commits
def test_named_columns_alone_are_saved(photo: RoomImage, media_root: Path) -> None:
    photo = RoomImage.objects.get(pk=photo.pk)
    old = photo.file_name
    photo.caption, photo.image = "Vue", photo_file(content=picture((40, 30)))
    photo.save(update_fields=["caption"])
    kept = RoomImage.objects.get(pk=photo.pk)
    assert (kept.caption, kept.file_name) == ("Vue", old)
    assert_all_whole(media_root)
    photo.save(update_fields=["image"])
    kept.refresh_from_db()
    assert (kept.file_name != old, kept.width, kept.height) == (True, 40, 30)
    assert kept.size == (media_root / kept.file_name).stat().st_size
    assert_all_whole(media_root)


@pytest.mark.parametrize("name", ["room", "room_id"])
def test_named_room_is_enough_to_leave_a_draft(room: Room, alice: Any, name: str) -> None:
    photo = add_photos(None, 1, draft=Draft.objects.create(user=alice))[0]
    photo.room = room
    photo.save(update_fields=[name])
    photo.refresh_from_db()
    assert (photo.room, photo.draft, photo.order) == (room, None, 1)


def test_nothing_named_saves_nothing(photo: RoomImage, media_root: Path) -> None:
    photo.caption = "Vue"
    photo.save(update_fields=[])
    assert not RoomImage.objects.filter(caption="Vue").exists()


# --- rows read again, copied and sent --------------------------------------------------------------


@commits
@pytest.mark.parametrize("fields", [None, ["image"], ["image", "caption"]])
def test_row_read_again_after_its_file_changed_keeps_the_new_one(
    photo: RoomImage, media_root: Path, fields: list[str] | None
) -> None:
    stale = RoomImage.objects.get(pk=photo.pk)
    photo.image = photo_file()
    photo.save()
    stale.refresh_from_db(fields=fields)
    stale.caption = "Vue"
    stale.save()
    assert RoomImage.objects.get(pk=photo.pk).file_name == photo.file_name
    assert_all_whole(media_root)


@commits
@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, sent])
@pytest.mark.parametrize("read", [(), ("caption",), ("image",)])
def test_copied_object_saves_the_same_row(
    photo: RoomImage, media_root: Path, copied: Any, read: tuple[str, ...]
) -> None:
    rows = RoomImage.objects.only(*read) if read else RoomImage.objects.all()
    twin = copied(rows.get(pk=photo.pk))
    twin.caption = "Vue"
    twin.save()
    assert RoomImage.objects.get(pk=photo.pk).caption == "Vue"
    assert_all_whole(media_root)
    twin.image = photo_file()
    twin.save()
    assert_all_whole(media_root)
    with photo_storage().open(RoomImage.objects.get(pk=photo.pk).file_name) as file:
        assert Image.open(io.BytesIO(file.read())).format == "JPEG"
