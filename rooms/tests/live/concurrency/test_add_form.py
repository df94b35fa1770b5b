"""Add forms filled and saved at the same moment: to each its own photos, and a form makes one room."""

import random
import uuid
from collections.abc import Callable
from itertools import chain

from django.contrib.auth.models import User

from rooms.models import Draft, Room
from rooms.tests.live.evidence import photo_ids_in_order, session_photo_ids
from rooms.tests.live.visitor import TEMPORARY, Visitor, at_once, read_form

type AddForm = Callable[[str], dict[str, str]]
type Photo = Callable[[], bytes]


def test_eight_uploads_of_one_session_all_reach_the_room(
    visitor: Visitor, add_form: AddForm, photo: Photo, owner: User
) -> None:
    photos = [photo() for _ in range(8)]

    answers = at_once([lambda data=data: visitor.upload(TEMPORARY, data) for data in photos])

    assert [answer.status for answer in answers] == [201] * 8
    in_order = photo_ids_in_order(draft=Draft.objects.get(user=owner))
    assert sorted(in_order) == sorted(answer.photo_id for answer in answers)
    assert session_photo_ids(visitor.session_key) == in_order
    assert visitor.get("/rooms/list-image-temp/").photo_ids == in_order

    form = add_form("Chambre 8")
    del form["draft"]  # names no draft: the session's own is meant
    assert visitor.save_add_form(form).status == 302

    room = Room.objects.get(establishment__owner=owner)
    assert list(room.images.values_list("pk", "order")) == list(zip(in_order, range(1, 9), strict=True))
    assert session_photo_ids(visitor.session_key) == []


def test_session_follows_changes_made_at_once(visitor: Visitor, photo: Photo, owner: User) -> None:
    photo_ids = [visitor.upload(TEMPORARY, photo()).photo_id for _ in range(8)]
    for _ in range(8):
        for verb in ("delete", "restore"):
            paths = [f"/rooms/{verb}-image-temp/{photo_id}/" for photo_id in photo_ids[:6]]

            answers = at_once([lambda path=path: visitor.post(path) for path in paths])

            assert [answer.status for answer in answers] == [200] * 6
            in_order = photo_ids_in_order(draft=Draft.objects.get(user=owner))
            assert sorted(in_order) == (photo_ids if verb == "restore" else photo_ids[6:])
            assert session_photo_ids(visitor.session_key) == in_order


def test_two_drafts_of_one_session_never_mix(
    visitor: Visitor, add_form: AddForm, photo: Photo, owner: User, chance: random.Random
) -> None:
    forms = [add_form(name) for name in ("Chambre 1", "Chambre 2")]
    drafts = [form["draft"] for form in forms]
    assert len(set(drafts)) == 2
    uploads = [(draft, photo()) for draft in drafts for _ in range(6)]
    chance.shuffle(uploads)

    answers = at_once([lambda up=up: visitor.upload(TEMPORARY, up[1], draft=up[0]) for up in uploads])

    assert [answer.status for answer in answers] == [201] * 12
    in_order = {draft: photo_ids_in_order(draft=Draft.objects.get(pk=draft)) for draft in drafts}
    for draft in drafts:
        sent = [answer.photo_id for answer, (to, _) in zip(answers, uploads, strict=True) if to == draft]
        assert sorted(in_order[draft]) == sorted(sent)
    assert sorted(session_photo_ids(visitor.session_key)) == sorted(chain(*in_order.values()))

    saved = at_once([lambda form=form: visitor.save_add_form(form) for form in forms])

    assert [answer.status for answer in saved] == [302, 302]
    for form in forms:
        room = Room.objects.get(establishment__owner=owner, name=form["name"])
        assert photo_ids_in_order(room=room) == in_order[form["draft"]]
    assert session_photo_ids(visitor.session_key) == []


def test_form_sent_twice_at_once_makes_one_room(
    visitor: Visitor, add_form: AddForm, photo: Photo, owner: User
) -> None:
    page = add_form("Chambre")
    for number in range(20):
        form = page | {"name": f"Chambre {number}", "draft": str(uuid.uuid4())}
        count = number % 3  # without photos there is no draft before the form is sent
        photo_ids = [visitor.upload(TEMPORARY, photo(), draft=form["draft"]).photo_id for _ in range(count)]

        answers = at_once([lambda form=form: visitor.save_add_form(form)] * 2)

        room = Room.objects.get(establishment__owner=owner, name=form["name"])  # just one
        assert photo_ids_in_order(room=room) == photo_ids
        assert [answer.status for answer in answers] == [302, 302]
        assert sorted(answer.location for answer in answers) == [
            "/admin/rooms/room/",  # where the first is led
            f"/admin/rooms/room/{room.pk}/change/",
        ]


def test_two_forms_of_one_draft_at_once_lose_nothing(
    visitor: Visitor, add_form: AddForm, photo: Photo, owner: User
) -> None:
    page = add_form("Chambre")
    for number in range(10):
        draft = str(uuid.uuid4())
        forms = [
            page | {"name": f"Chambre {number} {colour}", "draft": draft} for colour in ("bleue", "rouge")
        ]
        count = number % 3
        photo_ids = [visitor.upload(TEMPORARY, photo(), draft=draft).photo_id for _ in range(count)]

        answers = at_once([lambda form=form: visitor.save_add_form(form) for form in forms])

        assert sorted(answer.status for answer in answers) == [200, 302]
        first = Room.objects.get(establishment__owner=owner, name__startswith=f"Chambre {number} ")
        assert photo_ids_in_order(room=first) == photo_ids
        (back,) = [answer for answer in answers if answer.status == 200]
        shown = read_form(back.text)
        assert shown["draft"] != draft
        assert visitor.save_add_form(shown).status == 302
        assert Room.objects.get(establishment__owner=owner, name=shown["name"]) != first
