"""Two who want the same rows of PostgreSQL, made to meet: whoever has to give way hears what to do."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import OperationalError, connection, transaction

from rooms.models import Room, RoomImage
from rooms.tests.live.evidence import photo_ids_in_order
from rooms.tests.live.live_server import LiveServer
from rooms.tests.live.scale import scaled
from rooms.tests.live.visitor import TIMEOUT_SECONDS, Answer, Visitor, upload_path

WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)
type Photo = Callable[[], bytes]


@pytest.mark.parametrize("server", ["postgresql"], indirect=True)
def test_reorder_that_has_to_give_way_is_told_to_try_again(
    server: LiveServer, visitor: Visitor, photo: Photo, room: Room
) -> None:
    photo_ids = [visitor.upload(upload_path(room), photo()).photo_id for _ in range(3)]
    path, turned = f"/rooms/{room.pk}/reorder-images/", {"order": photo_ids[::-1]}
    rounds = scaled(2, 20)
    gave_way = 0
    for _ in range(10 * rounds):
        answer = reorder_in_a_deadlock(lambda: visitor.post(path, turned), room, photo_ids[0])
        if answer.status == 200:  # this time it was the test that had to give way
            assert visitor.post(path, {"order": photo_ids}).status == 200
            continue
        assert (answer.status, answer.code) == (503, "storage_unavailable")
        assert int(answer.headers["Retry-After"]) > 0
        assert photo_ids_in_order(room=room) == photo_ids
        gave_way += 1
        if gave_way == rounds:
            break
    assert gave_way == rounds
    assert visitor.post(path, turned).status == 200
    assert "deadlock detected" in server.take_log()


@pytest.mark.parametrize("server", ["postgresql"], indirect=True)
def test_upload_to_a_room_that_goes_in_that_moment_is_told_so(
    server: LiveServer, visitor: Visitor, photo: Photo, room: Room
) -> None:
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Room.objects.filter(pk=room.pk).lock()
            uploading = pool.submit(lambda: visitor.upload(upload_path(room), photo()))
            wait_until_somebody_waits()
            room.delete()
        answer = uploading.result(TIMEOUT_SECONDS)
    assert (answer.status, answer.code) == (404, "not_found")


def reorder_in_a_deadlock(reorder: Callable[[], Answer], room: Room, photo_id: int) -> Answer:
    """Holds a photo until the reorder waits for it with the room in its hands, then asks for the room."""
    with ThreadPoolExecutor(1) as pool:
        # Who waits first looks for a deadlock first, and gives way: the reorder, unless we are very slow.
        with suppress(OperationalError), transaction.atomic():
            RoomImage.objects.select_for_update().get(pk=photo_id)
            reordering = pool.submit(reorder)
            wait_until_somebody_waits()
            Room.objects.filter(pk=room.pk).lock()
        return reordering.result(TIMEOUT_SECONDS)


def wait_until_somebody_waits() -> None:
    deadline = time.monotonic() + TIMEOUT_SECONDS
    with connection.cursor() as cursor:
        while cursor.execute(WAITING).fetchone() == (0,):
            assert time.monotonic() < deadline, "nobody ever waited"
            cursor.execute("SELECT pg_stat_clear_snapshot()")
