"""A photo in the place of another one: place and caption stay, and the old one can be restored."""

import io
import uuid

import pytest

from rooms.errors import LimitReached, NotFound, UnsupportedType
from rooms.models import Draft, Gallery, PendingFile, RoomImage
from rooms.services import gallery as galleries
from rooms.services import uploads
from rooms.tests.conftest import add_photos, files_in, in_order, photo_file, picture, places

UPLOAD_ID = uuid.UUID("44444444-4444-4444-8444-444444444444")


@pytest.fixture(params=["room", "draft"])
def gallery(request, alice, room):
    if request.param == "room":
        return Gallery(room=room)
    return Gallery(draft=Draft.objects.create(user=alice, session_key="key"))


@pytest.fixture
def photos(gallery, alice):
    for number in range(3):
        uploads.add_photo(alice, gallery, io.BytesIO(picture()), caption=f"Vue {number + 1}")
    return list(gallery.photos())


def replace(user, photo, content=None, **options):
    content = picture((900, 700)) if content is None else content
    return uploads.add_photo(user, Gallery.of(photo), io.BytesIO(content), replaced=photo, **options)


def test_new_photo_takes_place_and_caption(gallery, photos, alice):
    new = replace(alice, photos[1]).photo
    assert places(**gallery.owner_filter) == in_order(photos[0].pk, new.pk, photos[2].pk)
    kept = RoomImage.objects.get(pk=new.pk)
    assert (kept.caption, kept.width, kept.height) == ("Vue 2", 900, 700)


def test_new_caption_wins(gallery, photos, alice):
    assert replace(alice, photos[0], caption="Le salon").photo.caption == "Le salon"


def test_replaced_photo_can_be_restored_to_its_place(gallery, photos, alice):
    new = replace(alice, photos[1]).photo
    galleries.restore(RoomImage.all_objects.get(pk=photos[1].pk))
    assert places(**gallery.owner_filter) == in_order(photos[0].pk, photos[1].pk, new.pk, photos[2].pk)


def test_photo_of_a_full_gallery_can_be_replaced(gallery, photos, alice, settings):
    settings.ROOM_PHOTO_MAX_COUNT = 3
    new = replace(alice, photos[2]).photo
    assert places(**gallery.owner_filter) == in_order(photos[0].pk, photos[1].pk, new.pk)
    with pytest.raises(LimitReached):
        galleries.restore(RoomImage.all_objects.get(pk=photos[2].pk))


def test_refused_file_changes_nothing(gallery, photos, alice, media_root):
    before = places(**gallery.owner_filter), files_in(media_root)
    with pytest.raises(UnsupportedType):
        replace(alice, photos[1], b"no picture at all")
    assert (places(**gallery.owner_filter), files_in(media_root)) == before
    assert not PendingFile.objects.exists()


def test_photo_that_has_gone_is_replaced_by_nothing(gallery, photos, alice, media_root):
    before = files_in(media_root)
    galleries.remove(photos[1])
    with pytest.raises(NotFound):
        replace(alice, photos[1])
    assert places(**gallery.owner_filter) == in_order(photos[0].pk, photos[2].pk)
    assert files_in(media_root) == before
    assert not PendingFile.objects.exists()


def test_same_replacement_again_finds_its_photo(gallery, photos, alice):
    first = replace(alice, photos[1], upload_id=UPLOAD_ID)
    again = replace(alice, photos[1], upload_id=UPLOAD_ID)
    assert (again.is_new, again.photo.pk) == (False, first.photo.pk)
    assert len(places(**gallery.owner_filter)) == 3


def test_owner_replaces_a_photo_over_http(as_alice, room):
    old = add_photos(room, 2)[0]
    answer = as_alice.post(f"/rooms/{room.pk}/replace-image/{old.pk}/", {"image": photo_file()})
    assert (answer.status_code, answer.json()["image"]["order"]) == (201, 1)
    assert RoomImage.objects.filter(room=room).count() == 2


def test_lost_answer_is_asked_for_again_over_http(as_alice, room):
    old = add_photos(room, 1)[0]
    url = f"/rooms/{room.pk}/replace-image/{old.pk}/"
    answers = [
        as_alice.post(url, {"image": photo_file(), "upload_id": str(UPLOAD_ID)}) for _number in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json()["image"] == answers[1].json()["image"]


def test_stranger_cannot_replace(as_bob, room, media_root):
    old = add_photos(room, 1)[0]
    before = files_in(media_root)
    answer = as_bob.post(f"/rooms/{room.pk}/replace-image/{old.pk}/", {"image": photo_file()})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (places(room=room), files_in(media_root)) == (in_order(old.pk), before)


def test_temporary_photo_is_replaced_and_the_session_knows(as_alice):
    first = as_alice.post("/rooms/upload-image-temp/", {"image": photo_file()}).json()["image"]["id"]
    answer = as_alice.post(f"/rooms/replace-image-temp/{first}/", {"image": photo_file()})
    assert answer.status_code == 201
    assert as_alice.session["room_temp_images"] == [answer.json()["image"]["id"]]
