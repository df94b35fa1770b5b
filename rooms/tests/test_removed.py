"""What can be restored is offered: of this gallery, of the last day, to those who may change it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db.models.functions import Now
from django.urls import reverse

from rooms import storage
from rooms.models import Draft, Gallery, PendingFile, RoomImage
from rooms.services import gallery as galleries
from rooms.services import lifecycle
from rooms.tests.conftest import add_photos, files_in, photo_file, signed_in

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
    remove(photos[0], hours_ago=29 * 24)
    remove(photos[2])
    found = galleries.find_removed(gallery)
    assert [photo.pk for photo in found] == [photos[2].pk, photos[0].pk]
    assert all(photo.restorable_until - photo.removed_at == timedelta(days=30) for photo in found)


@pytest.mark.django_db(transaction=True)
def test_room_keeps_its_last_twenty_removed_photos(alice, room, media_root):
    photos = add_photos(room, 10) + add_photos(room, 12)
    for number, photo in enumerate(photos[:20]):
        remove(photo, hours_ago=40 - number)
    assert RoomImage.all_objects.filter(room=room).count() == 22
    remove(photos[20])
    kept = set(RoomImage.all_objects.filter(room=room).values_list("pk", flat=True))
    assert kept == {photo.pk for photo in photos[1:]}
    assert files_in(media_root) == {
        name for photo in photos[1:] for name in storage.names_of(photo.file_name)
    }
    assert not PendingFile.objects.exists()


def test_replacing_forgets_the_oldest_removed_photo_too(as_alice, room):
    first = add_photos(room, 1)[0]
    photo_id = first.pk
    for _number in range(21):
        answer = as_alice.post(f"/rooms/{room.pk}/replace-image/{photo_id}/", {"image": photo_file()})
        photo_id = answer.json()["image"]["id"]
    assert RoomImage.all_objects.filter(room=room).exclude(removed_at=None).count() == 20
    assert not RoomImage.all_objects.filter(pk=first.pk).exists()


def test_draft_brings_no_more_than_twenty_into_its_room(alice, room):
    draft = Draft.objects.create(user=alice)
    for photo in add_photos(None, 23, draft=draft):
        remove(photo)
    lifecycle.attach(draft, room)
    assert RoomImage.all_objects.filter(room=room).count() == 20


@pytest.mark.parametrize(("hours_ago", "status"), [(12 * 24 - 1, 200), (12 * 24 + 1, 404)])
def test_photo_is_restored_as_long_as_it_is_offered(as_alice, gallery, settings, hours_ago, status):
    """Whether the cleanup has come or not."""
    settings.ROOM_PHOTO_RESTORABLE_DAYS = 12
    photo = add_photos(gallery.room, 1, draft=gallery.draft)[0]
    remove(photo, hours_ago=hours_ago)
    assert len(galleries.find_removed(gallery)) == (status == 200)
    place = f"{gallery.room.pk}/restore-image" if gallery.room else "restore-image-temp"
    assert as_alice.post(f"/rooms/{place}/{photo.pk}/").status_code == status
    assert gallery.photos().filter(pk=photo.pk).exists() == (status == 200)


def test_photos_whose_time_is_over_take_up_places_among_the_last_twenty(room):
    """They are there until the cleanup comes: else a room could keep twenty for each day."""
    photos = add_photos(room, 10) + add_photos(room, 11)
    for photo in photos[:20]:
        remove(photo, hours_ago=40 * 24)
    remove(photos[20])
    kept = set(RoomImage.all_objects.filter(room=room).values_list("pk", flat=True))
    assert len(kept) == 20
    assert photos[20].pk in kept


def test_page_says_how_long_a_removed_photo_stays(gallery, alice, settings):
    settings.ROOM_PHOTO_RESTORABLE_DAYS = 12
    remove(add_photos(gallery.room, 1, draft=gallery.draft)[0])
    assert 'data-restorable-days="12"' in page_of(gallery, alice)


def test_what_the_cleanup_may_take_is_not_offered(gallery):
    photo = add_photos(gallery.room, 1, draft=gallery.draft)[0]
    remove(photo, hours_ago=30 * 24 + 1)
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
