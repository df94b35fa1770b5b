"""Figures of the lists: count and cover of each room, one query however many photos there are."""

from rooms.models import Room, RoomImage
from rooms.services import gallery as galleries
from rooms.services import overview
from rooms.tests.conftest import add_photos


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


def test_one_query_for_all(room, bobs_room, django_assert_num_queries):
    add_photos(room, 2)
    room_ids = [room.pk, bobs_room.pk]
    with django_assert_num_queries(1):
        assert len(overview.find_overviews(room_ids, [])) == 2
