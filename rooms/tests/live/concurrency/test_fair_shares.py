"""Floods of pictures: pages answer meanwhile, and another owner's photo comes in.

How long that takes is told and not asserted; who is served in which order, `test_images_decoding` looks at.
"""

import io
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from django.contrib.auth.models import User
from PIL import Image

from rooms.models import PendingFile, Room, RoomImage
from rooms.tests.live.cast import PASSWORD, add_owner
from rooms.tests.live.live_server import LiveServer
from rooms.tests.live.raw_upload import END, FIELD, connect
from rooms.tests.live.scale import FIGURES
from rooms.tests.live.visitor import (
    SIGN_IN,
    TEMPORARY,
    Answer,
    Visitor,
    at_once,
    patiently,
    upload_path,
    wait_until,
)

PHOTOS = 10
TURNS_EACH = 10
OWNERS = 5
type Record = Callable[[str, object], None]


def large_photo() -> bytes:
    """Large enough for a flood of them to keep every processor at work for seconds."""
    buffer = io.BytesIO()
    Image.effect_noise((450, 300), 60).resize((1800, 1200)).convert("RGB").save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def timed(send: Callable[[], Answer]) -> tuple[Answer, float]:
    started = time.monotonic()
    return send(), time.monotonic() - started


def add_visitor(server: LiveServer) -> tuple[Visitor, str]:
    """An owner who has signed in, and where photos of their room go."""
    establishment = add_owner().establishments.get()
    visitor = Visitor(server.address)
    visitor.sign_in(establishment.owner.username, PASSWORD)
    return visitor, upload_path(Room.objects.create(establishment=establishment, name="Chambre"))


def watch_pages(server: LiveServer, flood: Future[list[Answer]]) -> float:
    """How long a page took at most while the flood went on."""
    seconds = []
    while not flood.done() or not seconds:
        page, taken = timed(lambda: Visitor(server.address).get(SIGN_IN))
        assert page.status == 200
        seconds.append(taken)
        time.sleep(0.05)  # a person, and no flood of its own
    return max(seconds)


def told(statuses: Counter[int], page_seconds: float) -> str:
    return f"{statuses.total()} at once: {dict(statuses)}, pages at most {page_seconds:.2f} s"


def test_flood_of_turns_delays_nobody_else(
    server: LiveServer, visitor: Visitor, room: Room, record_property: Record
) -> None:
    content = large_photo()
    ids = [visitor.upload(upload_path(room), content).photo_id for _number in range(PHOTOS)]
    neighbour, path = add_visitor(server)
    addresses = [f"/rooms/{room.pk}/rotate-image/{photo_id}/" for photo_id in ids] * TURNS_EACH
    turns = [lambda address=address: visitor.post(address, {"quarter_turns": 1}) for address in addresses]
    with ThreadPoolExecutor(2) as pool:
        flood = pool.submit(at_once, turns)
        time.sleep(0.3)
        other = pool.submit(timed, lambda: patiently(lambda: neighbour.upload(path, content)))
        page_seconds = watch_pages(server, flood)
        photo, photo_seconds = other.result()
        statuses = Counter(answer.status for answer in flood.result())
    record_property(FIGURES, f"{told(statuses, page_seconds)}, another's photo {photo_seconds:.1f} s")
    assert set(statuses) == {200, 503}
    assert photo.status == 201


def test_floods_of_several_owners_leave_a_thread_for_pages(
    server: LiveServer, record_property: Record
) -> None:
    """Enough for the threads of all processes; who is sent away comes again, and no photo is lost."""
    content = large_photo()
    owners = [add_visitor(server) for _number in range(OWNERS)]
    sent = [
        lambda visitor=visitor, path=path: visitor.upload(path, content)
        for visitor, path in owners
        for _number in range(PHOTOS)
    ]
    with ThreadPoolExecutor(1) as pool:
        flood = pool.submit(at_once, sent)
        time.sleep(0.3)
        page_seconds = watch_pages(server, flood)
        answers = flood.result()
    statuses = Counter(answer.status for answer in answers)
    record_property(FIGURES, told(statuses, page_seconds))
    assert set(statuses) <= {201, 503}
    assert all(1 <= int(answer.headers["Retry-After"]) <= 30 for answer in answers if answer.status == 503)
    room_ids = [path.split("/")[2] for _visitor, path in owners]
    assert RoomImage.objects.filter(room__in=room_ids).count() == statuses[201]


def test_photos_whose_sender_has_hung_up_are_not_made(
    server: LiveServer, visitor: Visitor, owner: User, record_property: Record
) -> None:
    """But for those whose turn came at once."""
    body = FIELD + large_photo() + END
    for _number in range(PHOTOS):
        with connect(visitor, TEMPORARY, f"Content-Length: {len(body)}") as connection:
            connection.sendall(body)
    time.sleep(0.5)
    wait_until(lambda: not PendingFile.objects.filter(user=owner).exists())
    made = RoomImage.all_objects.filter(uploaded_by=owner).count()
    record_property(FIGURES, f"{made} of {PHOTOS} were made")
    assert made <= PHOTOS // 2
