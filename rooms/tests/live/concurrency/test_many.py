"""The same things done very often, by many: what goes wrong once in a thousand times goes wrong here."""

import statistics
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import User

from rooms.models import Room, RoomImage
from rooms.tests.conftest import picture
from rooms.tests.live.cast import PASSWORD, add_owner
from rooms.tests.live.evidence import photo_ids_in_order
from rooms.tests.live.live_server import LiveServer
from rooms.tests.live.scale import FIGURES, scaled
from rooms.tests.live.visitor import TEMPORARY, Answer, Visitor, at_once, patiently, upload_path

TINY = picture((16, 12))
SESSIONS_AT_ONCE = 4
CLIENTS = 16
type AddForm = Callable[[str], dict[str, str]]
type Record = Callable[[str, object], None]


def test_all_photos_of_many_sessions_reach_their_rooms(server: LiveServer, record_property: Record) -> None:
    sessions = scaled(4, 100)

    establishments = [add_owner().establishments.get() for _ in range(sessions)]
    with ThreadPoolExecutor(SESSIONS_AT_ONCE) as pool:
        answered = list(
            pool.map(
                lambda establishment: add_room(server, establishment.owner.username, establishment.pk),
                establishments,
            )
        )

    attached = [set(photo_ids_in_order(room=establishment.rooms.get())) for establishment in establishments]
    assert attached == answered
    record_property(FIGURES, f"{sum(map(len, attached))} of {10 * sessions} photos attached")


def add_room(server: LiveServer, user_name: str, establishment_id: int) -> set[int]:
    """Sends ten photos at once into an add form, saves it, and returns the ids that were answered."""
    visitor = Visitor(server.address)
    visitor.sign_in(user_name, PASSWORD)
    form = visitor.open_add_form() | {"establishment": str(establishment_id), "name": "Chambre"}
    uploads = [lambda: patiently(lambda: visitor.upload(TEMPORARY, TINY, draft=form["draft"]))] * 10
    answers = at_once(uploads)
    assert [answer.status for answer in answers] == [201] * 10
    assert visitor.save_add_form(form).status == 302
    return {answer.photo_id for answer in answers}


def test_two_tabs_never_cross(
    visitor: Visitor, add_form: AddForm, owner: User, record_property: Record
) -> None:
    page = add_form("Chambre")
    runs = scaled(10, 200)
    for run in range(runs):
        tabs = [page | {"name": f"{side} {run}", "draft": str(uuid.uuid4())} for side in ("A", "B")]

        sent = at_once([lambda tab=tab: fill_and_save(visitor, tab) for tab in tabs])

        for tab, photo_ids in zip(tabs, sent, strict=True):
            room = Room.objects.get(establishment__owner=owner, name=tab["name"])
            assert set(photo_ids_in_order(room=room)) == photo_ids
    record_property(FIGURES, f"0 crossings in {runs} runs")


def fill_and_save(visitor: Visitor, tab: dict[str, str]) -> set[int]:
    answers = at_once([lambda: visitor.upload(TEMPORARY, TINY, draft=tab["draft"])] * 3)
    assert [answer.status for answer in answers] == [201] * 3
    assert visitor.save_add_form(tab).status == 302
    return {answer.photo_id for answer in answers}


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_sqlite_is_never_locked_for_sixteen_clients(
    server: LiveServer, visitor: Visitor, owner: User, record_property: Record
) -> None:
    uploads = scaled(64, 2000)
    establishment = owner.establishments.get()
    rooms = [Room.objects.create(establishment=establishment, name=str(n)) for n in range(-(-uploads // 10))]
    paths = [upload_path(rooms[number // 10]) for number in range(uploads)]

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(lambda path: timed(lambda: visitor.upload(path, TINY)), paths))

    assert [answer.status for answer, _seconds in answers] == [201] * uploads
    assert RoomImage.objects.filter(uploaded_by=owner).count() == uploads
    p95 = statistics.quantiles([seconds for _answer, seconds in answers], n=20)[-1]
    record_property(FIGURES, f"{uploads} uploads, 95 of 100 within {p95:.2f} s")


def timed(call: Callable[[], Answer]) -> tuple[Answer, float]:
    started = time.perf_counter()
    return call(), time.perf_counter() - started
