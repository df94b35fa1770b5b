"""Alternative texts: what stands for a photo where it is not seen, and whose it is to write."""

import io
import json

import pytest
from django.utils.translation import override

from rooms.models import Gallery, RoomImage
from rooms.services import gallery as galleries
from rooms.services import uploads
from rooms.tests.conftest import DRAFT, add_photos, picture, post_json, upload_ids


@pytest.fixture
def photo(room):
    return add_photos(room, 1)[0]


def describe(client, photo, text):
    return post_json(client, f"/rooms/{photo.room_id}/update-image/{photo.pk}/", {"alternative_text": text})


def test_caption_is_the_alternative_unless_one_is_written(photo):
    assert photo.alternative == "Photo 1"
    galleries.update(photo, caption="Vue")
    assert photo.alternative == "Vue"
    galleries.update(photo, alternative_text=" Un lac entre deux collines ")
    kept = RoomImage.objects.get(pk=photo.pk)
    assert (kept.caption, kept.alternative) == ("Vue", "Un lac entre deux collines")
    galleries.update(photo, alternative_text="")
    assert RoomImage.objects.get(pk=photo.pk).alternative == "Vue"


def test_page_shows_it_as_text(as_alice, photo):
    answer = describe(as_alice, photo, '"><script>alert(1)</script>')
    assert (answer.status_code, answer.json().keys()) == (200, {"success", "image"})
    page = as_alice.get(f"/admin/rooms/room/{photo.room_id}/change/").content.decode()
    escaped = "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
    assert f'alt="{escaped}"' in page
    assert f'value="{escaped}"' in page


def test_temporary_photo_keeps_it_when_its_room_is_saved(as_alice, establishment):
    (photo_id,) = upload_ids(as_alice, 1, draft=DRAFT)
    path = f"/rooms/update-image-temp/{photo_id}/"
    assert post_json(as_alice, path, {"alternative_text": "Un lit"}).status_code == 200
    as_alice.post("/admin/rooms/room/add/", {"establishment": establishment.pk, "name": "7", "draft": DRAFT})
    kept = RoomImage.objects.get(pk=photo_id)
    assert kept.alternative_text == "Un lit"


def test_every_answer_about_a_photo_tells_it(as_alice, photo):
    assert describe(as_alice, photo, "Un lit").json()["image"]["alternative_text"] == "Un lit"
    (listed,) = as_alice.get(f"/rooms/{photo.room_id}/images/").json()["images"]
    assert listed["alternative_text"] == "Un lit"
    answer = post_json(as_alice, f"/rooms/{photo.room_id}/reorder-images/", {"order": []})
    assert (answer.status_code, answer.json()["images"][0]["alternative_text"]) == (409, "Un lit")


def test_photo_in_the_place_of_another_is_described_alike(photo, alice):
    galleries.update(photo, alternative_text="Un lit")
    gallery = Gallery(room=photo.room)
    new = uploads.add_photo(alice, gallery, io.BytesIO(picture()), replaced=photo).photo
    assert RoomImage.objects.get(pk=new.pk).alternative_text == "Un lit"


def test_stranger_cannot_write_it(as_bob, photo):
    assert describe(as_bob, photo, "x").status_code == 404
    assert RoomImage.objects.get(pk=photo.pk).alternative_text == ""


@pytest.mark.parametrize("text", ["x" * 201, "a\0b", "\ud800", None, 5, ["x"]])
def test_impossible_text_is_refused(as_alice, photo, text):
    describe(as_alice, photo, "Un lit")
    body = json.dumps({"alternative_text": text})
    answer = post_json(as_alice, f"/rooms/{photo.room_id}/update-image/{photo.pk}/", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert RoomImage.objects.get(pk=photo.pk).alternative_text == "Un lit"


def test_row_of_an_older_system_has_none(as_alice, photo):
    RoomImage.objects.filter(pk=photo.pk).update(caption="Vue")
    page = as_alice.get(f"/admin/rooms/room/{photo.room_id}/change/").content.decode()
    assert 'alt="Vue"' in page


def test_page_of_a_room_says_what_a_photo_shows_and_where(as_alice, photo):
    RoomImage.objects.filter(pk=photo.pk).update(kind="bathroom", caption="")
    page = as_alice.get(f"/admin/rooms/room/{photo.room_id}/change/").content.decode()
    assert f'alt="Salle de bain, {photo.room.name}"' in page
    images = as_alice.get(f"/rooms/{photo.room_id}/images/").json()["images"]
    assert [image["alternative_text"] for image in images] == [""], "what nobody wrote"


def test_what_a_photo_shows_stands_for_it_where_nobody_wrote_a_text(room):
    RoomImage.objects.bulk_create([RoomImage(room=room, image="older/1.jpg", order=1, kind="bathroom")])
    with override("fr"):
        (photo,) = room.images.all()
        assert photo.alternative == f"Salle de bain, {room.name}"
        assert RoomImage.objects.get().alternative == "Salle de bain", "no query for the room"
        photo.caption = "Le matin"
        assert photo.alternative == "Le matin"
