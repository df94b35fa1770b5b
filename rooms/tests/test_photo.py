"""A row by itself: the four columns that suffice, its place among others, its files until they are gone."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from rooms.errors import UnsupportedType
from rooms.models import Draft, PendingFile, Room, RoomImage
from rooms.services import gallery as galleries
from rooms.tests.conftest import (
    add_photos,
    files_in,
    in_order,
    insert_old_row,
    lay_file,
    photo_file,
    places,
)

commits = pytest.mark.django_db(transaction=True)


def create(room=None, **fields):
    return RoomImage.objects.create(
        **{"room": room, "image": photo_file(), "caption": "", "order": 0} | fields
    )


# --- the four-column rule ---------------------------------------------------------------


def test_temporary_photo_becomes_a_rooms_by_setting_its_room(room, media_root):
    attached = add_photos(room, 2)
    temp = create()
    assert temp.order == 0
    before = files_in(media_root)
    temp.room = room
    temp.save()
    assert places(room=room) == in_order(*(photo.pk for photo in attached), temp.pk)
    temp.refresh_from_db()
    assert (temp.order, files_in(media_root)) == (3, before)


@pytest.mark.parametrize("name", ["old/2019/IMG 1.jpg", "photo.png", "à/é (2).JPG", "photos/x.jpg"])
def test_row_of_an_older_system_becomes_a_rooms(db, room, media_root, name):
    path = lay_file(media_root, name)
    temp = insert_old_row(None, name)
    temp.room = room
    temp.save()
    assert places(room=room) == [(temp.pk, 1)]
    assert path.exists()
    assert RoomImage.objects.get().image.name == name


def test_row_of_an_older_system_is_shown_and_measured(as_alice, room, media_root):
    name = "old/2019/IMG 1.jpg"
    path = lay_file(media_root, name)
    insert_old_row(room, name, "Vue")
    image = as_alice.get(f"/rooms/{room.pk}/images/").json()["images"][0]
    measures = {key: image[key] for key in ("caption", "order", "width", "height", "size")}
    assert measures == {"caption": "Vue", "order": 1, "width": 64, "height": 48, "size": path.stat().st_size}
    assert image["url"] == "/media/old/2019/IMG%201.jpg"
    assert (image["thumbnail_url"], image["srcset"]) == (image["url"], "")
    assert as_alice.get(image["url"]).content == path.read_bytes()
    assert RoomImage.objects.get().width == 64


@pytest.mark.parametrize("name", ["old/missing.jpg", "../outside.jpg", "/etc/passwd", ""])
def test_row_whose_file_is_out_of_reach_spoils_no_list(as_alice, room, media_root, name):
    media_root.mkdir()
    insert_old_row(room, name)
    whole = add_photos(room, 1)[0]
    response = as_alice.get(f"/rooms/{room.pk}/images/")
    assert response.status_code == 200
    assert [image["width"] for image in response.json()["images"] if image["id"] == whole.pk] == [64]
    assert as_alice.get(f"/admin/rooms/room/{room.pk}/change/").status_code == 200
    assert as_alice.get("/admin/rooms/room/").status_code == 200


def test_every_other_column_has_a_default_in_the_database(db, room):
    row = insert_old_row(room, "x.jpg")
    assert (row.draft, row.uploaded_by, row.upload_id, row.removed_at, row.width) == (None,) * 5
    assert row.created_at is not None


# --- order ------------------------------------------------------------------------------


def test_saved_rows_are_placed_one_after_the_other(room):
    photos = add_photos(room, 3)
    assert [photo.order for photo in photos] == [1, 2, 3]
    assert places(room=room) == in_order(*(photo.pk for photo in photos))


def test_place_that_is_taken_comes_after(room):
    first, second = add_photos(room, 2)
    late = create(room, order=1)
    assert sorted(order for _pk, order in places(room=room)) == [1, 2, 3]
    assert {photo.pk for photo in room.images.all()} == {first.pk, second.pk, late.pk}


def test_place_beyond_the_end_leaves_no_hole(room):
    assert create(room, order=7).order == 1


def test_rows_in_bulk_come_last_until_they_are_placed(room):
    photos = add_photos(room, 2)
    RoomImage.objects.bulk_create([RoomImage(room=room, image=photo_file()) for _number in range(2)])
    assert [photo.order for photo in room.images.all()] == [1, 2, 0, 0]
    late = create(room)
    assert late.order == 5
    assert [photo.order for photo in room.images.all()] == [1, 2, 3, 4, 5]
    assert [photo.pk for photo in room.images.all()][:2] == [photo.pk for photo in photos]


def test_deleting_a_row_closes_the_gap(room):
    first, second, third, fourth = add_photos(room, 4)
    second.delete()
    assert places(room=room) == in_order(first.pk, third.pk, fourth.pk)
    RoomImage.objects.filter(pk__in=[first.pk, third.pk]).delete()
    assert places(room=room) == in_order(fourth.pk)


def test_leaving_a_gallery_closes_the_gap(room, establishment):
    other = Room.objects.create(establishment=establishment, name="Chambre 2")
    first, second, third = add_photos(room, 3)
    add_photos(other, 1)
    second.room = other
    second.save()
    assert places(room=room) == in_order(first.pk, third.pk)
    assert [order for _pk, order in places(room=other)] == [1, 2]
    assert (other.pk, second.order) in [(other.pk, 1), (other.pk, 2)]


def test_saving_a_caption_moves_nothing(room, django_assert_max_num_queries):
    photo = add_photos(room, 3)[1]
    photo = RoomImage.objects.get(pk=photo.pk)
    photo.caption = "Vue"
    with django_assert_max_num_queries(4):
        photo.save()
    assert [order for _pk, order in places(room=room)] == [1, 2, 3]


def test_removed_photos_are_not_in_the_gallery(room):
    first, second = add_photos(room, 2)
    galleries.remove(first)
    assert [photo.pk for photo in room.images.all()] == [second.pk]
    assert room.images.count() == 1
    assert RoomImage.all_objects.count() == 2


def test_photo_is_in_one_gallery(room, alice):
    draft = Draft.objects.create(user=alice)
    photo = create(draft=draft)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoomImage.objects.filter(pk=photo.pk).update(room=room)
    photo.room = room
    photo.save()
    assert (photo.draft, RoomImage.objects.get().draft) == (None, None)


# --- files ------------------------------------------------------------------------------


def test_whatever_is_assigned_passes_the_gate(room, media_root):
    with pytest.raises(UnsupportedType):
        create(room, image=ContentFile(b"<svg/>", "x.jpg"))
    assert issubclass(UnsupportedType, ValidationError)
    assert (RoomImage.objects.count(), files_in(media_root)) == (0, set())
    assert not PendingFile.objects.exists()


def test_bulk_create_passes_the_gate_too(room, media_root):
    RoomImage.objects.bulk_create([RoomImage(room=room, image=photo_file("../x.php"))])
    assert len(files_in(media_root)) == 4
    with pytest.raises(UnsupportedType), transaction.atomic():
        RoomImage.objects.bulk_create([RoomImage(room=room, image=ContentFile(b"x", "x.jpg"))])
    assert len(files_in(media_root)) == 4


@commits
@pytest.mark.parametrize(
    "delete",
    [
        lambda photo: photo.delete(),
        lambda photo: RoomImage.objects.all().delete(),
        lambda photo: photo.room.delete(),
        lambda photo: photo.room.establishment.delete(),
        lambda photo: photo.room.establishment.owner.delete(),
    ],
    ids=["row", "queryset", "room", "establishment", "user"],
)
def test_files_go_with_their_row_whoever_deletes_it(room, media_root, delete):
    photo = add_photos(room, 2)[0]
    galleries.remove(add_photos(room, 1)[0])
    delete(photo)
    left = RoomImage.all_objects.count()
    assert len(files_in(media_root)) == 4 * left
    assert not PendingFile.objects.exists()


@commits
def test_rollback_keeps_the_files(room, media_root):
    add_photos(room, 1)
    before = files_in(media_root)
    with transaction.atomic():
        room.delete()
        transaction.set_rollback(True)
    assert files_in(media_root) == before
    assert not PendingFile.objects.exists()


@commits
def test_replaced_file_goes_after_the_commit(room, media_root):
    photo = add_photos(room, 1)[0]
    old = files_in(media_root)
    photo.image = photo_file()
    photo.save()
    assert len(files_in(media_root)) == 4
    assert files_in(media_root).isdisjoint(old)
    assert not PendingFile.objects.exists()


@commits
def test_file_that_cannot_be_removed_stays_on_the_list(room, media_root, monkeypatch):
    photo = add_photos(room, 1)[0]
    name = photo.image.name

    def fail(name):
        raise PermissionError(name)

    monkeypatch.setattr(photo.image.storage, "delete", fail)
    photo.delete()
    assert PendingFile.objects.get().name == name


@commits
def test_file_that_two_old_rows_share_stays_until_the_last_is_gone(room, media_root):
    path = lay_file(media_root, "old/shared.jpg")
    insert_old_row(room, "old/shared.jpg")
    RoomImage.objects.create(room=room, image="old/shared.jpg")
    RoomImage.objects.first().delete()
    assert path.exists()
    RoomImage.objects.first().delete()
    assert not path.exists()
