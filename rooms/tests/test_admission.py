"""So many uploads are let into a process and no more; the others are told when to come again."""

import tempfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from backoffice import gunicorn
from rooms import admission
from rooms.admission import Places
from rooms.api import views
from rooms.models import Draft, Room, RoomImage, UploadCount, UploadFailure
from rooms.pixels import decoding
from rooms.tests.conftest import add_photos, guarded, photo_file, post_json, upload
from rooms.tests.test_http import address, assert_problem


def fill(places: Places, *names: str) -> list[int | None]:
    return [places.enter(name) for name in names]


def test_pages_find_a_thread_whatever_number_of_uploads_is_in():
    assert gunicorn.threads - admission.PLACES >= 8
    assert admission.PLACES <= decoding.MAX_PRESENT, "who was let in is not sent away after its body was read"


def test_one_user_never_has_all_places():
    places = Places(6, for_others=2)
    assert fill(places, *"aaaa") == [None] * 4
    assert places.enter("a") is not None
    assert fill(places, "b", "c") == [None, None]
    assert places.enter("d") is not None
    places.leave("a", 1)
    assert places.enter("a") is not None, "it is for those who have none"
    assert places.enter("d") is None


def test_whole_gallery_of_one_user_may_come_at_once(settings):
    assert admission.PLACES - admission.FOR_OTHERS >= settings.ROOM_PHOTO_MAX_COUNT


def test_crowd_does_not_come_back_at_once():
    places = Places(2, for_others=0)
    fill(places, "a", "b")
    waits_s = fill(places, *"abcdefghijklmnopqrstuvwxyz")
    assert waits_s[0] == admission.FIRST_GUESS_S / 2
    assert waits_s == sorted(waits_s)
    assert waits_s[-1] == admission.LONGEST_WAIT_S
    assert len(set(waits_s)) > 10


def test_wait_is_as_long_as_uploads_take():
    quick, slow = Places(1, for_others=0), Places(1, for_others=0)
    for places, kept_s in ((quick, 0.1), (slow, 20)):
        for _number in range(50):
            assert places.enter("a") is None
            places.leave("a", kept_s)
        places.enter("a")
    assert quick.enter("b") == 1
    assert slow.enter("b") in (19, 20)


def test_nobody_is_remembered_who_has_left():
    places = Places()
    fill(places, "a", "a")
    places.leave("a", 1)
    places.leave("a", 1)
    assert not places._taken


# --- over HTTP --------------------------------------------------------------------------


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> Iterator[Places]:
    """One in all, which is free when the test begins, and when it ends."""
    monkeypatch.setattr(admission, "places", Places(1, for_others=0))
    yield admission.places
    assert not admission.places._taken


@pytest.fixture
def full(places: Places) -> Iterator[Places]:
    assert places.enter("somebody") is None
    yield places
    places.leave("somebody", 1)


@pytest.mark.parametrize("name", ["upload", "upload_temporary", "replace"])
def test_upload_that_finds_no_place_is_told_to_come_again_unread(
    name: str, full: Places, as_alice: Client, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    (photo,) = add_photos(room, 1)
    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", None)  # nothing can be laid down
    path = address(name, room_id=room.pk, photo_id=photo.pk)
    response = as_alice.post(path, {"image": photo_file()})
    assert_problem(response, 503, "storage_unavailable")
    assert response["X-Busy"] == "true"
    assert 1 <= int(response["Retry-After"]) <= 30
    assert RoomImage.all_objects.get() == photo
    assert not Draft.objects.exists()


def test_coming_again_is_no_failure_and_counts_for_nothing(
    full: Places, as_alice: Client, room: Room
) -> None:
    assert upload(as_alice, room).status_code == 503
    assert not UploadFailure.objects.exists()
    assert not UploadCount.objects.exists()


def test_what_is_wrong_with_the_request_comes_first(full: Places, alice: User, room: Room) -> None:
    path = address("upload", room_id=room.pk)
    assert_problem(guarded().post(path, {"image": photo_file()}), 401, "not_authenticated")
    assert_problem(guarded(alice).get(path), 405, "method_not_allowed")


def test_all_else_goes_on_where_no_upload_finds_a_place(full: Places, as_alice: Client, room: Room) -> None:
    ids = [photo.pk for photo in add_photos(room, 2)]
    reordered = post_json(as_alice, address("reorder", room_id=room.pk), {"order": ids[::-1]})
    assert reordered.status_code == 200
    assert as_alice.get("/admin/rooms/room/").status_code == 200
    assert as_alice.get(f"/admin/rooms/room/{room.pk}/change/").status_code == 200


def break_down(*args: Any, **kwargs: Any) -> None:
    raise RuntimeError


@pytest.mark.parametrize(
    ("send", "status"),
    [
        (lambda client, path: client.post(path, {"image": photo_file()}), 201),
        (lambda client, path: client.post(path, {"image": photo_file("a.txt", b"text", "text/plain")}), 415),
        (lambda client, path: client.post(path, b"x", content_type="multipart/form-data"), 400),
        (lambda client, path: client.post(path.replace("rooms/", "rooms/9"), {"image": photo_file()}), 404),
    ],
    ids=["kept", "refused", "unreadable", "not-there"],
)
def test_place_is_free_again_after_each_answer(
    send: Callable[[Client, str], Any], status: int, places: Places, as_alice: Client, room: Room
) -> None:
    for _number in range(2):
        assert send(as_alice, address("upload", room_id=room.pk)).status_code == status


def test_place_is_free_again_after_a_crash(
    places: Places, alice: User, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views.uploads, "add_photo", break_down)
    client = guarded(alice)
    client.raise_request_exception = False
    assert upload(client, room).status_code >= 500
    monkeypatch.undo()
    assert not places._taken


def test_log_says_once_that_it_is_full(full: Places, as_alice: Client, room: Room, caplog: Any) -> None:
    for _number in range(3):
        assert upload(as_alice, room).status_code == 503
    assert [record.getMessage() for record in caplog.records] == [
        "all 1 places for uploads are taken: others are told to come again"
    ]
