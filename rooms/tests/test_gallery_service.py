"""What can be done to a gallery keeps its order 1..n, its captions clean, and other people's changes."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from rooms.errors import NotFound, StaleOrder
from rooms.models import Draft, Gallery, RoomImage
from rooms.services import gallery as galleries
from rooms.tests.conftest import add_photos, in_order, places, post_json, signed_in


@pytest.fixture(params=["room", "draft"])
def gallery(request, alice, room):
    return Gallery(room=room) if request.param == "room" else Gallery(draft=Draft.objects.create(user=alice))


@pytest.fixture
def photos(gallery):
    return add_photos(gallery.room, 4, draft=gallery.draft)


def present(gallery):
    return places(**gallery.owner_filter)


def in_gallery(photo):
    return RoomImage.all_objects.select_related("room", "draft").get(pk=photo.pk)


# --- order ------------------------------------------------------------------------------


def test_reordering_places_every_photo(gallery, photos):
    first, second, third, fourth = (photo.pk for photo in photos)
    galleries.reorder(gallery, [fourth, second, first, third])
    assert present(gallery) == in_order(fourth, second, first, third)


@pytest.mark.parametrize("change", [lambda ids: ids[1:], lambda ids: [*ids, 0], lambda ids: []])
def test_order_of_another_set_is_stale(gallery, photos, change):
    photo_ids = [photo.pk for photo in photos]
    with pytest.raises(StaleOrder):
        galleries.reorder(gallery, change(photo_ids))
    assert present(gallery) == in_order(*photo_ids)


def test_removed_photos_restore_to_their_places_in_any_order(gallery, photos):
    photo_ids = [photo.pk for photo in photos]
    for returning in ((3, 0), (0, 3), (1, 2), (2, 1)):
        removed = [photos[place] for place in returning]
        for photo in removed:
            galleries.remove(in_gallery(photo))
        for photo in reversed(removed):
            galleries.restore(in_gallery(photo))
        assert present(gallery) == in_order(*photo_ids), returning


def test_restored_photo_comes_last_where_its_place_is_gone(gallery, photos):
    for photo in (photos[3], photos[2], photos[1]):
        galleries.remove(in_gallery(photo))
    galleries.restore(in_gallery(photos[3]))
    assert present(gallery) == in_order(photos[0].pk, photos[3].pk)


def test_rows_without_a_place_come_last_when_the_gallery_is_read(gallery, photos):
    RoomImage.objects.filter(pk=photos[0].pk).update(order=0)
    assert [photo.pk for photo in gallery.photos()][-1] == photos[0].pk
    galleries.find_photos(gallery)
    assert present(gallery) == in_order(*(photo.pk for photo in (*photos[1:], photos[0])))


def test_rows_on_one_place_are_parted(gallery, photos):
    RoomImage.objects.update(order=7)
    galleries.find_photos(gallery)
    assert present(gallery) == in_order(*(photo.pk for photo in photos))


def test_reading_a_numbered_gallery_writes_nothing(gallery, photos, django_assert_num_queries):
    with django_assert_num_queries(1):
        galleries.find_photos(gallery)


def test_gallery_whose_owner_is_gone_is_not_found(gallery, photos):
    photo = in_gallery(photos[0])
    if gallery.draft:
        Draft.objects.update(is_saved=True)
    else:
        gallery.room.delete()
    for change in (galleries.remove, galleries.restore, lambda photo: galleries.update(photo, caption="x")):
        with pytest.raises(NotFound):
            change(photo)


@pytest.mark.parametrize("change", ["caption", "remove", "reorder", "restore"])
def test_any_change_touches_the_draft(alice, change):
    gallery = Gallery(draft=Draft.objects.create(user=alice))
    photo = in_gallery(add_photos(None, 1, draft=gallery.draft)[0])
    if change == "restore":
        galleries.remove(photo)
    Draft.objects.update(touched_at=timezone.now() - timedelta(days=9))
    {
        "caption": lambda: galleries.update(photo, caption="x"),
        "remove": lambda: galleries.remove(photo),
        "restore": lambda: galleries.restore(photo),
        "reorder": lambda: galleries.reorder(gallery, [photo.pk]),
    }[change]()
    assert timezone.now() - Draft.objects.get().touched_at < timedelta(minutes=1)


# --- captions ---------------------------------------------------------------------------

KEPT = ["", "x", "é" * 200, "😀" * 200, "\u202eabc", "<script>alert(1)</script>", "a\nb", "{{7*7}}", "'\";--"]
REFUSED = ["x" * 201, "😀" * 201, "a\0b", "\0", "\ud800", "x" * 1_000_000]


@pytest.mark.parametrize("kind", ["json", "form"])
@pytest.mark.parametrize("text", KEPT, ids=range(len(KEPT)))
def test_caption_is_kept_exactly(gallery, photos, alice, text, kind):
    response = _send_caption(signed_in(alice), gallery, photos[0], f"  {text} ", kind)
    assert (response.status_code, response.json()["image"]["caption"]) == (200, text)
    assert RoomImage.objects.get(pk=photos[0].pk).caption == text


@pytest.mark.parametrize("text", REFUSED, ids=range(len(REFUSED)))
def test_impossible_caption_is_refused(gallery, photos, alice, text):
    response = _send_caption(signed_in(alice), gallery, photos[0], text, "json")
    assert (response.status_code, response.json()["code"]) == (400, "invalid_request")
    assert RoomImage.objects.get(pk=photos[0].pk).caption == photos[0].caption


@pytest.mark.parametrize("body", [{}, {"caption": None}, {"caption": 5}, {"caption": ["x"]}, [], "x"])
def test_caption_that_is_no_text_is_refused(gallery, photos, alice, body):
    path = _caption_path(gallery, photos[0])
    assert post_json(signed_in(alice), path, json.dumps(body)).status_code == 400


def test_caption_changes_nothing_else(gallery, photos):
    before = RoomImage.objects.filter(pk=photos[0].pk).values().get()
    galleries.update(in_gallery(photos[0]), caption="new")
    assert RoomImage.objects.filter(pk=photos[0].pk).values().get() == before | {"caption": "new"}


def _caption_path(gallery, photo):
    base = f"/rooms/{gallery.room.pk}/update-image" if gallery.room else "/rooms/update-image-temp"
    return f"{base}/{photo.pk}/"


def _send_caption(client, gallery, photo, text, kind):
    path = _caption_path(gallery, photo)
    return (
        client.post(path, {"caption": text}) if kind == "form" else post_json(client, path, {"caption": text})
    )
