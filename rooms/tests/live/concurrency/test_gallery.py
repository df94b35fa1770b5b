"""Two people at one gallery at the same moment: whatever they do, its places stay 1 to n."""

import random
from collections.abc import Callable

import pytest

from rooms.models import Room, RoomImage
from rooms.tests.live.evidence import photo_ids_in_order
from rooms.tests.live.scale import scaled
from rooms.tests.live.visitor import Answer, Visitor, at_once, patiently, upload_path

type Photo = Callable[[], bytes]


@pytest.fixture
def photo_ids(visitor: Visitor, photo: Photo, room: Room) -> list[int]:
    """Six photos of the room, in order."""
    return [visitor.upload(upload_path(room), photo()).photo_id for _ in range(6)]


def shuffled(chance: random.Random, photo_ids: list[int]) -> list[int]:
    return chance.sample(photo_ids, len(photo_ids))


def places(room: Room) -> list[int]:
    return list(room.images.values_list("order", flat=True))


def test_delete_and_reorder_leave_no_hole(
    visitor: Visitor, photo_ids: list[int], room: Room, chance: random.Random
) -> None:
    for _ in range(scaled(15, 200)):
        order, victim = shuffled(chance, photo_ids), chance.choice(photo_ids)

        delete, reorder = at_once(
            [
                lambda victim=victim: visitor.post(f"/rooms/{room.pk}/delete-image/{victim}/"),
                lambda order=order: visitor.post(f"/rooms/{room.pk}/reorder-images/", {"order": order}),
            ]
        )

        assert delete.status == 200
        assert (reorder.status, reorder.code) in ((200, ""), (409, "stale_order"))
        kept = [pk for pk in (order if reorder.status == 200 else photo_ids) if pk != victim]
        assert photo_ids_in_order(room=room) == kept
        assert places(room) == [1, 2, 3, 4, 5]
        assert visitor.post(f"/rooms/{room.pk}/restore-image/{victim}/").status == 200
        photo_ids = photo_ids_in_order(room=room)
        assert places(room) == [1, 2, 3, 4, 5, 6]


def test_of_two_orders_one_wins_whole(
    visitor: Visitor, photo_ids: list[int], room: Room, chance: random.Random
) -> None:
    def reorder(order: list[int]) -> Answer:
        # Five hundred rounds are more changes than a minute may have.
        return patiently(lambda: visitor.post(f"/rooms/{room.pk}/reorder-images/", {"order": order}))

    for _ in range(scaled(15, 500)):
        orders = [shuffled(chance, photo_ids) for _ in range(2)]

        answers = at_once([lambda order=order: reorder(order) for order in orders])

        assert [answer.status for answer in answers] == [200, 200]
        assert [answer.photo_ids for answer in answers] == orders
        assert photo_ids_in_order(room=room) in orders
        assert places(room) == [1, 2, 3, 4, 5, 6]


def test_photo_is_deleted_once(visitor: Visitor, photo: Photo, room: Room) -> None:
    for _ in range(scaled(6, 200)):
        victim = visitor.upload(upload_path(room), photo()).photo_id
        path = f"/rooms/{room.pk}/delete-image/{victim}/"

        answers = at_once([lambda path=path: visitor.post(path)] * 2)

        assert sorted((answer.status, answer.code) for answer in answers) == [(200, ""), (404, "not_found")]
        assert RoomImage.all_objects.get(pk=victim).removed_at is not None
    assert photo_ids_in_order(room=room) == []


def test_photo_is_restored_once(visitor: Visitor, photo_ids: list[int], room: Room) -> None:
    for victim in photo_ids:
        assert visitor.post(f"/rooms/{room.pk}/delete-image/{victim}/").status == 200
        path = f"/rooms/{room.pk}/restore-image/{victim}/"

        answers = at_once([lambda path=path: visitor.post(path)] * 2)

        assert sorted((answer.status, answer.code) for answer in answers) == [(200, ""), (404, "not_found")]
        assert photo_ids_in_order(room=room) == photo_ids


def test_moves_that_cross_never_wait_for_each_other(
    visitor: Visitor, photo_ids: list[int], photo: Photo, room: Room
) -> None:
    other = Room.objects.create(establishment=room.establishment, name="Chambre 2")
    before, there = photo_ids, visitor.upload(upload_path(other), photo()).photo_id
    for _ in range(scaled(15, 200)):
        mine = before[0]
        moves = at_once(
            [
                lambda mine=mine: visitor.post(
                    f"/rooms/{room.pk}/move-images/", {"images": [mine], "room": other.pk}
                ),
                lambda there=there: visitor.post(
                    f"/rooms/{other.pk}/move-images/", {"images": [there], "room": room.pk}
                ),
            ]
        )
        assert [move.status for move in moves] == [200, 200]
        before, there = photo_ids_in_order(room=room), mine
        assert photo_ids_in_order(room=other) == [there]
        assert len(before) == 6
        assert places(room) == [1, 2, 3, 4, 5, 6]
