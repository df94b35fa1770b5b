"""Figures of the lists: count, cover and advice of each room, two queries however many photos there are."""

from django.utils import timezone

from rooms.models import Room, RoomImage
from rooms.services import gallery as galleries
from rooms.services import overview
from rooms.tests.conftest import add_photos, photo_file
from rooms.tests.test_advice import jpeg
from rooms.tests.test_metrics import scene


def figures(room):
    found = overview.find_overviews([room.pk], [])[room.pk]
    return found.photo_count, found.cover.image.name if found.cover else None


def test_room_without_photos_has_none(room):
    assert figures(room) == (0, None)


def test_cover_is_the_first_in_order(room):
    first, second = add_photos(room, 2)
    galleries.reorder(galleries.Gallery(room=room), [second.pk, first.pk])
    assert figures(room) == (2, second.image.name)


def test_removed_photos_count_for_nothing(room):
    first, second = add_photos(room, 2)
    galleries.remove(first)
    assert figures(room) == (1, second.image.name)


def test_row_without_a_place_is_no_cover_before_others(room):
    first, second = add_photos(room, 2)
    RoomImage.objects.filter(pk=first.pk).update(order=0)
    assert figures(room) == (2, second.image.name)


def test_temporary_photos_and_other_rooms_do_not_count(room, bobs_room):
    add_photos(None, 1)
    add_photos(bobs_room, 3)
    assert figures(room) == (0, None)
    assert figures(bobs_room)[0] == 3


def test_sorting_counts_as_the_list_does(room, bobs_room):
    add_photos(room, 2)
    sorted_rooms = Room.objects.order_by(overview.count_of_photos().desc())
    assert list(sorted_rooms) == [room, bobs_room]


def test_two_queries_for_all(room, bobs_room, django_assert_num_queries):
    add_photos(room, 2)
    room_ids = [room.pk, bobs_room.pk]
    with django_assert_num_queries(2):
        assert len(overview.find_overviews(room_ids, [])) == 2


def test_photo_of_another_room_of_the_establishment_is_advised(room, bobs_room):
    suite = Room.objects.create(establishment=room.establishment, name="Suite")
    gone = Room.objects.create(establishment=room.establishment, name="Chambre 2", removed_at=timezone.now())
    content = jpeg(scene(1))
    for owner in ({"room": room}, {"room": bobs_room}, {"room": gone}, {}):
        RoomImage.objects.create(image=photo_file(content=content), **owner)

    def advised():
        found = overview.find_overviews([room.pk, suite.pk, bobs_room.pk], [])
        return [found[one.pk].advised_count for one in (room, suite, bobs_room)]

    assert advised() == [0, 0, 0]
    photo = RoomImage.objects.create(image=photo_file(content=content), room=suite)
    assert advised() == [1, 1, 0]
    galleries.remove(photo)
    assert advised() == [0, 0, 0]
