"""Two people send photos to the same room at the same moment: never eleven, all or none, nobody stuck."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from rooms.models import Room
from rooms.tests.live.cast import PASSWORD
from rooms.tests.live.evidence import photo_ids_in_order
from rooms.tests.live.live_server import LiveServer
from rooms.tests.live.scale import scaled
from rooms.tests.live.visitor import Answer, Visitor, at_once, upload_path

type Photo = Callable[[], bytes]


@pytest.fixture
def second_visitor(server: LiveServer, owner: User) -> Visitor:
    """The owner at another device: a session of its own."""
    visitor = Visitor(server.address)
    visitor.sign_in(owner.username, PASSWORD)
    return visitor


def beside(room: Room, name: str) -> Room:
    """Another room of the same establishment."""
    return Room.objects.create(establishment=room.establishment, name=name)


def fill(visitor: Visitor, room: Room, photo: Photo, count: int) -> list[int]:
    return [visitor.upload(upload_path(room), photo()).photo_id for _ in range(count)]


def send(visitor: Visitor, deed: str, here: Room, photo_ids: list[int], there: Room) -> Answer:
    return visitor.post(f"/rooms/{here.pk}/{deed}-images/", {"images": photo_ids, "room": there.pk})


def places(room: Room) -> list[int]:
    return list(room.images.values_list("order", flat=True))


def test_of_two_copies_that_do_not_both_fit_one_comes_whole(
    visitor: Visitor, second_visitor: Visitor, photo: Photo, room: Room
) -> None:
    other = beside(room, "Chambre 2")
    mine, theirs = fill(visitor, room, photo, 6), fill(visitor, other, photo, 6)
    for number in range(scaled(4, 60)):
        target = beside(room, f"Suite {number}")
        answers = at_once(
            [
                lambda target=target: send(visitor, "copy", room, mine, target),
                lambda target=target: send(second_visitor, "copy", other, theirs, target),
            ]
        )
        assert sorted((answer.status, answer.code) for answer in answers) == [
            (200, ""),
            (409, "limit_reached"),
        ]
        assert places(target) == [1, 2, 3, 4, 5, 6]
        assert (photo_ids_in_order(room=room), photo_ids_in_order(room=other)) == (mine, theirs)


def test_copies_moves_and_uploads_at_once_never_make_eleven(
    visitor: Visitor, second_visitor: Visitor, photo: Photo, room: Room
) -> None:
    for number in range(scaled(3, 30)):
        other, target = beside(room, f"Chambre {number}"), beside(room, f"Suite {number}")
        mine = photo_ids_in_order(room=room) or fill(visitor, room, photo, 4)
        theirs, kept = fill(visitor, other, photo, 4), fill(visitor, target, photo, 2)
        copy, move, *uploads = at_once(
            [
                lambda target=target, mine=mine: send(visitor, "copy", room, mine, target),
                lambda other=other, target=target, theirs=theirs: send(
                    second_visitor, "move", other, theirs, target
                ),
                *[lambda target=target: visitor.upload(upload_path(target), photo())] * 2,
            ]
        )
        assert {answer.status for answer in (copy, move)} <= {200, 409}
        assert {answer.status for answer in uploads} <= {201, 409}
        came = 4 * (copy.status == 200) + 4 * (move.status == 200) + sum(a.status == 201 for a in uploads)
        assert places(target) == list(range(1, 2 + came + 1))
        assert 2 + came <= 10
        assert photo_ids_in_order(room=target)[:2] == kept
        assert photo_ids_in_order(room=other) == ([] if move.status == 200 else theirs)


def test_copies_and_moves_that_cross_never_wait_for_each_other(
    visitor: Visitor, second_visitor: Visitor, photo: Photo, room: Room
) -> None:
    for number in range(scaled(2, 30)):
        one, other = beside(room, f"Chambre {number}"), beside(room, f"Suite {number}")
        fill(visitor, one, photo, 2)
        fill(visitor, other, photo, 2)
        for there, back in (("copy", "copy"), ("copy", "move"), ("move", "copy"), ("move", "move")):
            mine, theirs = photo_ids_in_order(room=one)[:1], photo_ids_in_order(room=other)[:1]
            answers = at_once(
                [
                    lambda way=(there, one, mine, other): send(visitor, *way),
                    lambda way=(back, other, theirs, one): send(second_visitor, *way),
                ]
            )
            assert [answer.status for answer in answers] == [200, 200]
        # Each copy made one more, and the gallery's places are whole.
        assert (places(one), places(other)) == ([1, 2, 3, 4], [1, 2, 3, 4])
