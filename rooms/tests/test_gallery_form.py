"""What a page posts about photos: only what was changed in it counts, and only on those that are there."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from rooms.forms import PhotoForm
from rooms.models import Draft, Gallery, Room, RoomImage
from rooms.services import gallery as galleries
from rooms.tests.conftest import add_photos, card, cards, in_order, places, room_form


@pytest.fixture(params=["room", "draft"])
def gallery(request: pytest.FixtureRequest, alice: User, room: Room) -> Gallery:
    return Gallery(room=room) if request.param == "room" else Gallery(draft=Draft.objects.create(user=alice))


@pytest.fixture
def photos(gallery: Gallery) -> list[RoomImage]:
    return add_photos(gallery.room, 4, draft=gallery.draft)


def in_gallery(photo: RoomImage) -> RoomImage:
    return RoomImage.all_objects.select_related("room", "draft").get(pk=photo.pk)


def present(gallery: Gallery) -> list[tuple[int, int]]:
    return places(**gallery.owner_filter)


def caption_of(photo: RoomImage) -> str:
    return RoomImage.objects.get(pk=photo.pk).caption


def send(client: Client, gallery: Gallery, room: Room, posted: dict[str, Any]) -> Any:
    """The page of a room; or the add form, whose missing name keeps it from becoming a room."""
    if gallery.room:
        form = room_form(room.establishment) | posted
        return client.post(f"/admin/rooms/room/{room.pk}/change/", form)
    form = room_form(room.establishment, name="", draft=str(gallery.draft.pk)) | posted
    return client.post("/admin/rooms/room/add/", form)


def test_page_applies_what_was_changed_in_it(as_alice, gallery, photos, room):
    first, second, third, fourth = photos
    changes = {first.pk: {"order": 2}, second.pk: {"order": 1, "caption": " Vue "}}
    send(as_alice, gallery, room, cards(photos, changes))
    assert present(gallery) == in_order(second.pk, first.pk, third.pk, fourth.pk)
    assert caption_of(second) == "Vue"


def test_stale_page_undoes_nothing(as_alice, gallery, photos, room):
    stale = cards(photos)
    galleries.update(in_gallery(photos[0]), caption="by somebody else")
    galleries.reorder(gallery, [photo.pk for photo in reversed(photos)])
    send(as_alice, gallery, room, stale)
    assert present(gallery) == in_order(*(photo.pk for photo in reversed(photos)))
    assert caption_of(photos[0]) == "by somebody else"


def test_stale_order_is_dropped_and_a_fresh_caption_beside_it_kept(as_alice, gallery, photos, room):
    changes: dict[int, Any] = {photo.pk: {"order": 5 - photo.order} for photo in photos[:3]}
    stale = cards(photos, changes | {photos[3].pk: {"caption": "new"}})
    galleries.reorder(gallery, [photos[1].pk, photos[0].pk, photos[2].pk, photos[3].pk])
    send(as_alice, gallery, room, stale)
    assert present(gallery) == in_order(photos[1].pk, photos[0].pk, photos[2].pk, photos[3].pk)
    assert caption_of(photos[3]) == "new"


def test_caption_that_both_changed_comes_back_with_both(as_alice, gallery, photos, room):
    posted = cards(photos, {photos[1].pk: {"caption": "mine"}})
    galleries.update(in_gallery(photos[1]), caption="theirs")
    page = send(as_alice, gallery, room, posted)
    assert page.status_code == 200
    assert caption_of(photos[1]) == "theirs"
    (shown,) = page.context["inline_admin_formsets"]
    form = shown.formset.forms[1]
    assert ("theirs" in form.errors["caption"][0], "mine" in form.errors["caption"][0]) == (True, True)
    assert form["caption"].value() == "mine"
    again = posted | {"initial-images-1-caption": form.data["initial-images-1-caption"]}
    send(as_alice, gallery, room, again)
    assert caption_of(photos[1]) == "mine"


def test_card_of_a_photo_that_is_gone_is_dropped_and_the_others_count(as_alice, gallery, photos, room):
    posted = cards(photos, {photos[1].pk: {"caption": "gone"}, photos[3].pk: {"caption": "new"}})
    galleries.remove(in_gallery(photos[1]))
    send(as_alice, gallery, room, posted)
    assert present(gallery) == in_order(photos[0].pk, photos[2].pk, photos[3].pk)
    assert caption_of(photos[3]) == "new"
    assert RoomImage.all_objects.get(pk=photos[1].pk).caption == "Photo 2"


def test_photo_that_came_after_the_page_stays_as_it_is(as_alice, gallery, photos, room):
    posted = cards(photos, {photos[0].pk: {"order": 4}, photos[3].pk: {"order": 1, "caption": "new"}})
    late = add_photos(gallery.room, 1, draft=gallery.draft)[0]
    send(as_alice, gallery, room, posted)
    assert present(gallery) == in_order(*(photo.pk for photo in (*photos, late)))
    assert (caption_of(late), caption_of(photos[3])) == ("Photo 1", "new")


def test_page_removes_what_it_ticks(as_alice, gallery, photos, room):
    send(as_alice, gallery, room, cards(photos, {photos[1].pk: {"DELETE": "on"}}))
    assert present(gallery) == in_order(*(photo.pk for photo in photos if photo is not photos[1]))


def test_page_cannot_name_a_photo_of_another_gallery(as_alice, gallery, photos, room, bobs_room):
    foreign = add_photos(bobs_room, 1)[0]
    posted = cards([*photos, foreign], {foreign.pk: {"caption": "x", "order": 9, "DELETE": "on"}})
    send(as_alice, gallery, room, posted)
    foreign.refresh_from_db()
    assert (foreign.caption, foreign.order, foreign.removed_at) == ("Photo 1", 1, None)


def test_impossible_caption_applies_nothing(as_alice, gallery, photos, room):
    changes = {photos[0].pk: {"caption": "fine"}, photos[1].pk: {"caption": "x" * 201}}
    page = send(as_alice, gallery, room, cards(photos, changes))
    assert page.status_code == 200
    assert caption_of(photos[0]) == "Photo 1"
    assert "\nfine</textarea>" in page.text


def test_page_that_names_a_photo_twice_arranges_nothing(as_alice, gallery, photos, room):
    posted = cards([photos[0], photos[1], photos[2], photos[2]]) | {"images-3-order": 1}
    send(as_alice, gallery, room, posted)
    assert present(gallery) == in_order(*(photo.pk for photo in photos))


@pytest.mark.parametrize("name", ["caption", "order"])
def test_missing_field_changes_nothing(as_alice, gallery, photos, room, name):
    posted = cards(photos)
    del posted[f"images-2-{name}"]
    send(as_alice, gallery, room, posted)
    assert present(gallery) == in_order(*(photo.pk for photo in photos))
    assert caption_of(photos[2]) == "Photo 3"


def test_emptied_caption_is_a_change(as_alice, gallery, photos, room):
    send(as_alice, gallery, room, cards(photos, {photos[0].pk: {"caption": ""}}))
    assert caption_of(photos[0]) == ""


@pytest.mark.parametrize("number", ["", "x", "-1", "1.5", "²", "١", "9" * 40, "1e3", " 1"])
def test_card_without_an_id_is_left_out(as_alice, gallery, photos, room, number):
    posted = cards(photos, {photos[0].pk: {"caption": "new"}}) | {"images-0-id": number}
    send(as_alice, gallery, room, posted)
    assert caption_of(photos[0]) == "Photo 1"
    assert present(gallery) == in_order(*(photo.pk for photo in photos))


@pytest.mark.parametrize("number", ["", "x", "-1", "²", "9" * 40, "1.5"])
def test_place_that_is_no_number_changes_nothing(as_alice, gallery, photos, room, number):
    send(as_alice, gallery, room, cards(photos, {photos[2].pk: {"order": number}}))
    assert present(gallery) == in_order(*(photo.pk for photo in photos))


@pytest.mark.parametrize("total", ["", "x", "-1", "0", "999999999"])
def test_impossible_total_does_no_harm(as_alice, gallery, photos, room, total):
    page = send(as_alice, gallery, room, cards(photos) | {"images-TOTAL_FORMS": total})
    assert page.status_code == (302 if gallery.room else 200)
    assert present(gallery) == in_order(*(photo.pk for photo in photos))


def test_cards_beyond_those_of_a_gallery_are_not_looked_for(as_alice, room):
    photo = add_photos(room, 1)[0]
    posted = {**card(100, photo, caption="new"), "images-TOTAL_FORMS": 101}
    send(as_alice, Gallery(room=room), room, posted)
    assert caption_of(photo) == "Photo 1"


def test_card_limits_its_caption():
    assert PhotoForm().fields["caption"].widget.attrs["maxlength"] == "200"
