"""A photo that waited for its turn: what nobody wants any more by then is not decoded."""

import io
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection

from rooms import images, limits, storage
from rooms.errors import Busy, NotFound, PhotoError, StorageUnavailable
from rooms.models import Draft, Gallery, PendingFile, Room, RoomImage
from rooms.pixels import decoding
from rooms.services import gallery as galleries
from rooms.services.new_files import rotate
from rooms.services.uploads import add_photo
from rooms.tests.conftest import add_photos, files_in, picture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def turns() -> Iterator[decoding._Turns]:
    decoding._turns.cache_clear()
    yield decoding._turns(limits.decodes_at_once(), os.getpid())
    decoding._turns.cache_clear()


type Deed = Callable[[], object]


@pytest.fixture
def outcome_of(turns: decoding._Turns) -> Callable[[Deed, Deed], object]:
    """Lets `ask` wait for its turn while `change` happens; returns what came of it, or its error."""

    def count_waiting() -> int:
        return sum(map(len, turns._lines.values()))

    def outcome(ask: Deed, change: Deed) -> object:
        results: list[object] = []

        def run() -> None:
            try:
                results.append(ask())
            except PhotoError as error:
                results.append(error)
            finally:
                connection.close()

        with ExitStack() as held:
            for _number in range(turns._free):
                held.enter_context(turns.take("somebody"))
            before, asking = count_waiting(), threading.Thread(target=run)
            asking.start()
            while count_waiting() == before and asking.is_alive():
                time.sleep(0.01)
            assert not results, "it did not wait"
            change()
        asking.join()
        return results[0]

    return outcome


@pytest.fixture
def outcome_undecoded(outcome_of, monkeypatch) -> Callable[[Deed, Deed], object]:
    """As `outcome_of`, and nothing may be decoded."""

    def outcome(ask: Deed, change: Deed) -> object:
        monkeypatch.setattr(images, "_normalise", lambda *args: pytest.fail("decoded"))
        return outcome_of(ask, change)

    return outcome


def send(user: User, gallery: Gallery, replaced: RoomImage | None = None) -> Callable[[], object]:
    return lambda: add_photo(user, gallery, io.BytesIO(picture()), replaced=replaced)


def assert_only_these_are_left(media_root: Path, photos: list[RoomImage]) -> None:
    assert not PendingFile.objects.exists()
    assert set(RoomImage.all_objects.values_list("pk", flat=True)) == {photo.pk for photo in photos}
    assert files_in(media_root) == {
        name
        for photo in RoomImage.all_objects.filter(pk__in=[photo.pk for photo in photos])
        for name in storage.names_of(photo.file_name)
    }


def test_photo_that_is_wanted_still_is_made(outcome_of, alice, room, media_root):
    received = outcome_of(send(alice, Gallery(room=room)), lambda: None)
    assert_only_these_are_left(media_root, [received.photo])


def test_upload_into_a_room_that_is_gone(outcome_undecoded, alice, room, media_root):
    error = outcome_undecoded(send(alice, Gallery(room=room)), Room.objects.get(pk=room.pk).delete)
    assert isinstance(error, NotFound)
    assert_only_these_are_left(media_root, [])


def test_upload_into_a_draft_that_was_saved(outcome_undecoded, alice, media_root):
    draft = Draft.objects.create(user=alice)
    error = outcome_undecoded(
        send(alice, Gallery(draft=draft)), lambda: Draft.objects.filter(pk=draft.pk).update(is_saved=True)
    )
    assert isinstance(error, NotFound)
    assert_only_these_are_left(media_root, [])


def test_upload_whose_place_a_cleanup_took(outcome_undecoded, alice, room, media_root):
    error = outcome_undecoded(send(alice, Gallery(room=room)), PendingFile.objects.all().delete)
    assert isinstance(error, StorageUnavailable)
    assert_only_these_are_left(media_root, [])


def test_replacement_of_a_photo_that_was_removed(outcome_undecoded, alice, room, media_root):
    photo = add_photos(room, 1)[0]
    error = outcome_undecoded(
        send(alice, Gallery(room=room), replaced=photo),
        lambda: galleries.remove(RoomImage.objects.get(pk=photo.pk)),
    )
    assert isinstance(error, NotFound)
    assert_only_these_are_left(media_root, [photo])


def test_turn_of_a_photo_that_was_removed(outcome_undecoded, alice, room, media_root):
    photo = add_photos(room, 1)[0]
    error = outcome_undecoded(
        lambda: rotate(photo, 1, user=alice),
        lambda: galleries.remove(RoomImage.objects.get(pk=photo.pk)),
    )
    assert isinstance(error, NotFound)
    assert_only_these_are_left(media_root, [photo])


def test_turn_of_a_photo_that_has_another_file_by_now(outcome_undecoded, alice, room):
    photo = add_photos(room, 1)[0]
    error = outcome_undecoded(
        lambda: rotate(photo, 1, user=alice),
        lambda: RoomImage.objects.filter(pk=photo.pk).update(image=storage.new_master_name()),
    )
    assert isinstance(error, StorageUnavailable)
    assert not PendingFile.objects.exists()


def test_photo_that_gives_way_to_others_leaves_nothing(outcome_undecoded, turns, alice, room, media_root):
    """It is the last of as many as may wait, all of one owner, and somebody else comes."""
    turns._lines[alice.pk] = deque(Future() for _number in range(turns._max_waiting - 1))
    error = outcome_undecoded(send(alice, Gallery(room=room)), lambda: turns._line_up("anne"))
    assert isinstance(error, StorageUnavailable)
    assert error.retry_after_s in range(1, 31)
    assert_only_these_are_left(media_root, [])


def test_upload_whose_sender_has_hung_up(outcome_undecoded, alice, room, media_root):
    gone: list[bool] = []
    error = outcome_undecoded(
        lambda: add_photo(alice, Gallery(room=room), io.BytesIO(picture()), has_left=lambda: bool(gone)),
        lambda: gone.append(True),
    )
    assert isinstance(error, Busy)
    assert_only_these_are_left(media_root, [])
