"""What can be restored is offered: of this gallery, of the last day, to those who may change it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db.models.functions import Now
from django.urls import reverse

from rooms.models import Draft, Gallery, RoomImage
from rooms.services import gallery as galleries
from rooms.tests.conftest import add_photos, signed_in

ENTRY = 'data-removed-photo="{}"'


@pytest.fixture(params=["room", "draft"])
def gallery(request, alice, room):
    return Gallery(room=room) if request.param == "room" else Gallery(draft=Draft.objects.create(user=alice))


def remove(photo, hours_ago=0):
    galleries.remove(RoomImage.objects.select_related("room", "draft").get(pk=photo.pk))
    RoomImage.all_objects.filter(pk=photo.pk).update(removed_at=Now() - timedelta(hours=hours_ago))


def page_of(gallery, user):
    url = (
        reverse("admin:rooms_room_change", args=[gallery.room.pk])
        if gallery.room
        else f"{reverse('admin:rooms_room_add')}?draft={gallery.draft.pk}"
    )
    return signed_in(user).get(url).text


def test_last_removed_comes_first_and_says_until_when(gallery):
    photos = add_photos(gallery.room, 4, draft=gallery.draft)
    remove(photos[0], hours_ago=23)
    remove(photos[2])
    found = galleries.find_removed(gallery)
    assert [photo.pk for photo in found] == [photos[2].pk, photos[0].pk]
    assert all(photo.restorable_until - photo.removed_at == timedelta(days=1) for photo in found)


def test_what_the_cleanup_may_take_is_not_offered(gallery):
    photo = add_photos(gallery.room, 1, draft=gallery.draft)[0]
    remove(photo, hours_ago=25)
    assert galleries.find_removed(gallery) == []


def test_other_galleries_removals_are_not_offered(gallery, bobs_room):
    remove(add_photos(bobs_room, 1)[0])
    assert galleries.find_removed(gallery) == []


def test_a_bounded_number_is_offered(gallery, monkeypatch):
    monkeypatch.setattr(galleries, "OFFERED_AT_MOST", 2)
    for photo in add_photos(gallery.room, 3, draft=gallery.draft):
        remove(photo)
    assert len(galleries.find_removed(gallery)) == 2


def test_page_offers_what_was_removed(gallery, alice):
    photos = add_photos(gallery.room, 2, draft=gallery.draft)
    remove(photos[0])
    page = page_of(gallery, alice)
    assert ENTRY.format(photos[0].pk) in page
    assert ENTRY.format(photos[1].pk) not in page
    assert photos[0].thumbnail_url in page


def test_who_may_only_look_is_offered_nothing(room, sam):
    photo = add_photos(room, 1)[0]
    remove(photo)
    sam.groups.clear()
    sam.user_permissions.set(
        Permission.objects.filter(codename__in=["view_room", "view_roomimage", "see_every_establishment"])
    )
    page = page_of(Gallery(room=room), sam)
    assert "data-gallery" in page
    assert "data-removed" not in page
