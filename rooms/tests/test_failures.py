"""Each upload that fails is a row for platform staff, and never more of a failure for it."""

import errno
import json
import time
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, OperationalError
from django.test import Client
from django.utils import timezone

from rooms.models import FailureTotal, Room, RoomImage, UploadFailure
from rooms.services import failures, lifecycle
from rooms.services.cleanup import clean_up
from rooms.storage import LocalPhotoStorage
from rooms.tests.conftest import (
    DRAFT,
    OTHER_DRAFT,
    add_photos,
    photo_file,
    picture,
    post_json,
    upload,
)

REPORT = "/rooms/report-failure/"
LIST = "/admin/rooms/uploadfailure/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def only_failure() -> UploadFailure:
    return UploadFailure.objects.get()


def fill_disk(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise OSError(number, "/media/photos/secret.jpg")

    monkeypatch.setattr(LocalPhotoStorage, "save_durably", fail)


def test_a_file_of_another_type(as_alice: Client, alice: User, room: Room) -> None:
    file = photo_file("contrat-secret.pdf", b"%PDF-1.7", "application/pdf")
    response = as_alice.post(
        f"/rooms/{room.pk}/upload-image/", {"image": file}, headers={"User-Agent": FIREFOX}
    )
    failure = only_failure()
    assert (response.status_code, failure.code) == (415, "unsupported_type")
    assert (failure.user, failure.room, failure.where) == (alice, room, "room")
    assert (failure.bytes, failure.claimed_type, failure.browser) == (8, "application/pdf", "Firefox 128")
    assert "secret" not in str(UploadFailure.objects.values().get())


def test_a_file_that_is_too_large_is_told_with_what_was_announced(
    as_alice: Client, room: Room, settings: Any
) -> None:
    settings.ROOM_PHOTO_MAX_BYTES = 2_000
    upload(as_alice, room, b"x" * 300_000)
    assert (only_failure().code, only_failure().bytes > 300_000) == ("file_too_large", True)


def test_a_damaged_photo_of_a_draft(as_alice: Client) -> None:
    upload(as_alice, None, picture()[:400], draft=DRAFT)
    assert (only_failure().code, only_failure().where, only_failure().room) == (
        "invalid_image",
        "draft",
        None,
    )


def test_too_many_pixels(as_alice: Client, room: Room, settings: Any) -> None:
    settings.ROOM_PHOTO_MAX_PIXELS = 100
    upload(as_alice, room)
    assert only_failure().code == "too_many_pixels"


def test_a_full_gallery(as_alice: Client, room: Room, settings: Any) -> None:
    settings.ROOM_PHOTO_MAX_COUNT = 1
    add_photos(room, 1)
    upload(as_alice, room)
    assert only_failure().code == "limit_reached"


def test_a_used_up_quota(as_alice: Client, settings: Any) -> None:
    settings.ROOM_PHOTO_MAX_UNATTACHED = 1
    upload(as_alice)
    upload(as_alice)
    assert only_failure().code == "quota_exceeded"


def test_too_many_in_a_short_time(as_alice: Client, room: Room, bobs_room: Room, settings: Any) -> None:
    settings.ROOM_PHOTO_UPLOADS_PER_10_MINUTES = 1
    assert [upload(as_alice, place).status_code for place in (room, room, bobs_room)] == [201, 429, 429]
    rooms = UploadFailure.objects.order_by("pk").values_list("code", "room")
    assert list(rooms) == [("rate_limited", room.pk), ("rate_limited", None)]  # of a stranger's, nothing


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "storage_full"), (errno.EIO, "storage_unavailable")]
)
def test_a_storage_that_fails_and_its_cause(
    as_alice: Client, room: Room, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    fill_disk(monkeypatch, number)
    assert upload(as_alice, room).json()["code"] == code
    assert (only_failure().code, only_failure().cause) == (code, f"OSError {errno.errorcode[number]}")


def test_a_database_that_fails(as_alice: Client, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(RoomImage.all_objects, "bulk_create", fail)
    assert upload(as_alice, room).status_code == 503
    assert (only_failure().code, only_failure().cause) == ("storage_unavailable", "OperationalError")


def test_a_replacement(as_alice: Client, room: Room) -> None:
    photo = add_photos(room, 1)[0]
    as_alice.post(f"/rooms/{room.pk}/replace-image/{photo.pk}/", {"image": photo_file(content=b"no photo")})
    assert (only_failure().code, only_failure().room) == ("unsupported_type", room)


def test_what_is_none(as_alice: Client, as_bob: Client, client: Client, room: Room) -> None:
    """Signed out, a stranger's room, no file, a bad request."""
    statuses = [upload(one, room).status_code for one in (client, as_bob)]
    statuses.append(as_alice.post(f"/rooms/{room.pk}/upload-image/").status_code)
    statuses.append(upload(as_alice, room, upload_id="x").status_code)
    assert (statuses, UploadFailure.objects.count()) == ([401, 404, 400, 400], 0)


def test_the_201st_of_a_day_is_counted_and_not_kept(as_alice: Client, alice: User, room: Room) -> None:
    old = UploadFailure(
        user=alice, code="network", where="page", created_at=timezone.now() - timedelta(days=2)
    )
    UploadFailure.objects.bulk_create(
        [old, *(UploadFailure(user=alice, code="network", where="page") for _number in range(199))]
    )
    answers = [upload(as_alice, room, b"no photo").json() for _number in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert UploadFailure.objects.count() == 201
    assert list(FailureTotal.objects.values_list()) == [("unsupported_type", 3)]


def test_a_row_that_cannot_be_written_fails_nothing(
    as_alice: Client, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("no such table")

    monkeypatch.setattr(UploadFailure, "save", fail)
    response = upload(as_alice, room, b"no photo")
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_type")
    assert upload(as_alice, room).status_code == 201
    assert not UploadFailure.objects.exists()


def test_one_costs_a_few_milliseconds_of_the_processor(alice: User, room: Room) -> None:
    failure = failures.Failure("invalid_image", "room", room, 5_000_000, "image/jpeg", FIREFOX)
    failures.record(alice, failure)
    began = time.process_time()
    for _number in range(100):
        failures.record(alice, failure)
    # An upload that succeeds pays nothing of it.
    assert time.process_time() - began < 100 * 0.004


def test_one_is_three_statements(alice: User, room: Room, django_assert_num_queries: Any) -> None:
    failure = failures.Failure("invalid_image", "room", room)
    failures.record(alice, failure)  # the first of a code begins its total
    with django_assert_num_queries(3 + 2):  # with the savepoint that the test's transaction makes of it
        failures.record(alice, failure)


def test_rows_are_kept_90_days(alice: User) -> None:
    for days in (89, 91):
        at = timezone.now() - timedelta(days=days)
        UploadFailure.objects.create(user=alice, code="network", where="page", created_at=at)
    clean_up(1)
    assert only_failure().created_at > timezone.now() - timedelta(days=90)


# --- what the page gives up ---------------------------------------------------------------


@pytest.mark.parametrize("code", failures.PAGE_CODES)
def test_the_page_tells_what_it_gave_up(as_alice: Client, room: Room, code: str) -> None:
    content = {"code": code, "bytes": 0, "room": room.pk, "name": "IMG_1.jpg"}
    response = post_json(as_alice, REPORT, content)
    assert (response.status_code, response.json()) == (200, {"success": True})
    failure = only_failure()
    assert (failure.code, failure.room, failure.bytes, failure.where) == (code, room, 0, "page")


@pytest.mark.parametrize("content_type", ["text/plain;charset=UTF-8", "application/json"])
def test_a_report_is_json_whatever_its_type(as_alice: Client, content_type: str) -> None:
    body = json.dumps({"code": "network", "draft": DRAFT})
    assert as_alice.generic("POST", REPORT, body, content_type).status_code == 200
    assert (only_failure().bytes, only_failure().room) == (None, None)


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"code": "invalid_image"},
        {"code": None},
        {"code": ["network"]},
        *({"code": "network", "bytes": odd} for odd in (-1, 1.5, "5", True, None, [5], 2**63)),
        {"code": "network", "room": "1"},
        {"code": "network", "draft": "1"},
        [],
    ],
)
def test_an_odd_report_is_refused(as_alice: Client, content: Any) -> None:
    assert post_json(as_alice, REPORT, content).status_code == 400
    assert not UploadFailure.objects.exists()


def test_a_strangers_room_or_draft_cannot_be_named(as_alice: Client, as_bob: Client, room: Room) -> None:
    upload(as_alice, draft=OTHER_DRAFT)
    for named in ({"room": room.pk}, {"room": room.pk + 99}, {"room": 2**70}, {"draft": OTHER_DRAFT}):
        assert post_json(as_bob, REPORT, {"code": "network"} | named).status_code == 404
    assert not UploadFailure.objects.exists()


# --- what staff read ----------------------------------------------------------------------


@pytest.fixture
def some(alice: User, bob: User, room: Room) -> None:
    for user, code in ((alice, "too_slow"), (alice, "proxy_too_large"), (bob, "proxy_too_large")):
        failures.record(user, failures.Failure(code, "page", user_agent=FIREFOX))


def test_staff_read_and_filter_them(some: None, as_sam: Client, alice: User) -> None:
    def count(**query: str) -> int:
        return as_sam.get(LIST, query).context["cl"].result_count

    assert (count(), count(code="proxy_too_large"), count(person=str(alice.pk))) == (3, 2, 2)
    assert (count(where__exact="page"), count(where__exact="room"), count(q="bob")) == (3, 0, 1)
    assert (count(person="x"), count(code="x")) == (3, 0)


def test_the_picture_has_a_line_a_reason(some: None, as_sam: Client) -> None:
    page = as_sam.get(LIST, headers={"Accept-Language": "en"}).text
    assert page.count('<th scope="row"') == 2
    assert "2 people could not upload a photo today. Most frequent: Cut off by a proxy." in page


def test_owners_do_not_read_them(some: None, as_alice: Client) -> None:
    assert as_alice.get(LIST).status_code == 403


def test_a_good_day_needs_no_sentence(db: None) -> None:
    assert failures.sentence_of_today() == ""


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 … AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36", "Chrome 126"),
        ("… Chrome/126.0.0.0 Safari/537.36 Edg/126.0.1", "Edge 126"),
        ("Mozilla/5.0 (iPhone …) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1", "Safari 17"),
        ("… SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36", "Samsung Internet 25"),
        ("curl/8.5.0", ""),
        ("Firefox/" + "9" * 5000, "Firefox 9999"),
    ],
)
def test_a_browser_has_a_short_name(user_agent: str, name: str) -> None:
    assert failures.name_browser(user_agent) == name


def test_staff_reach_the_room_of_a_failure_and_read_the_name_of_a_removed_one(
    as_alice: Client, as_sam: Client, alice: User, room: Room
) -> None:
    upload(as_alice, room, b"no photo")
    pages, link = (LIST, f"{LIST}{only_failure().pk}/change/"), f'href="/admin/rooms/room/{room.pk}/change/"'
    assert [link in as_sam.get(page).text for page in pages] == [True, True]
    lifecycle.remove_rooms(Room.objects.all(), user=alice)
    for page in pages:
        text = as_sam.get(page).text
        assert "Chambre 1 (enlevée)" in text
        assert link not in text
