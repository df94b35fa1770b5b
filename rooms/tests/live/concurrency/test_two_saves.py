"""The page of one room, saved by several at the same moment: nobody's change is lost without a word."""

from rooms.models import Room
from rooms.tests.live.visitor import Visitor, at_once

EACH = {
    "name": "Suite",
    "number": "12",
    "beds": "2 lits",
    "description": "Vue sur le lac",
    "capacity": "3",
    "surface_m2": "24",
    "price_night": "120.50",
    "kind": "suite",
}


def test_each_changes_another_field_and_all_are_kept(visitor: Visitor, room: Room) -> None:
    path = f"/admin/rooms/room/{room.pk}/change/"
    page = visitor.open_form(path)

    answers = at_once([lambda one=one: visitor.post_form(path, page | dict([one])) for one in EACH.items()])

    assert [answer.status for answer in answers] == [302] * len(EACH)
    saved = Room.objects.filter(pk=room.pk).values(*EACH).get()
    assert {name: str(value) for name, value in saved.items()} == EACH


def test_all_change_one_field_and_all_but_one_are_told(visitor: Visitor, room: Room) -> None:
    path = f"/admin/rooms/room/{room.pk}/change/"
    for turn in range(5):
        page = visitor.open_form(path)
        names = [f"Suite {turn}-{number}" for number in range(4)]
        forms = [page | {"name": name} for name in names]

        answers = at_once([lambda form=form: visitor.post_form(path, form) for form in forms])

        assert sorted(answer.status for answer in answers) == [200, 200, 200, 302]
        (saved,) = [name for name, answer in zip(names, answers, strict=True) if answer.status == 302]
        room.refresh_from_db()
        assert room.name == saved
        assert all(saved in answer.text for answer in answers if answer.status == 200)
