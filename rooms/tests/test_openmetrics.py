"""What a monitoring system reads: its words, its figures, and who may."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from rooms.models import CleanupRun, PendingFile, Room, RoomImage, UploadFailure
from rooms.services import failures, figures, new_files
from rooms.storage import find_sizes, names_of
from rooms.tests.conftest import add_photos, insert_old_row, lay_file, upload

SAMPLE = re.compile(r'^([a-z_]+)(?:\{([a-z]+)="([a-z_]+)"\})? (\d+)$')


@pytest.fixture(autouse=True)
def token(settings: Any) -> None:
    settings.METRICS_TOKEN = "très-secret"


def scrape(**headers: str) -> Any:
    return Client().get("/metrics/", headers={"Authorization": "Bearer très-secret"} | headers)


def samples() -> dict[str, int]:
    """By name and label's value; checks what OpenMetrics asks of a text on the way."""
    response = scrape()
    assert response["Content-Type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8"
    assert response.text.endswith("\n# EOF\n")
    found, family, kind = {}, "", ""
    for line in response.text.splitlines()[:-1]:
        if line.startswith("# TYPE "):
            _, _, family, kind = line.split(" ")
        elif line.startswith("# "):
            word, name = line.split(" ")[1:3]
            assert word in ("UNIT", "HELP")
            assert name == family
        else:
            match = SAMPLE.match(line)
            assert match, line
            assert match[1] == (f"{family}_total" if kind == "counter" else family)
            found[f"{match[1]} {match[3]}" if match[3] else match[1]] = int(match[4])
    return found


def test_only_the_token_opens_it(db: None) -> None:
    assert scrape().status_code == 200
    for wrong in ("Bearer secret", "Bearer", "Basic très-secret", "très-secret", ""):
        response = scrape(Authorization=wrong)
        assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")
    assert Client().post("/metrics/").status_code == 405


def test_without_a_token_there_is_no_such_page(db: None, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    assert scrape().status_code == 404
    assert scrape(Authorization="Bearer ").status_code == 404


def test_photos_and_bytes_by_state(room: Room, as_alice: Client) -> None:
    first, second = add_photos(room, 2)
    as_alice.post(f"/rooms/{room.pk}/delete-image/{second.pk}/")
    upload(as_alice)
    found = samples()
    assert [found[f"room_photos {state}"] for state in (*figures.STATES, "pending")] == [1, 1, 1, 0]
    stored = sum(find_sizes(first.image.storage, names_of(first.file_name)))
    assert found["room_photo_bytes attached"] == stored


def test_pending_files_are_told_and_what_is_made_of_them(room: Room, alice: User, media_root: Path) -> None:
    PendingFile.objects.create(name="photos/aa/x.jpg", kind="upload", user=alice, room=room)
    PendingFile.objects.create(name="photos/aa/y.jpg", kind="delete")
    dead = timezone.now() - timedelta(minutes=16)
    PendingFile.objects.create(name="photos/aa/z.jpg", kind="upload", noted_at=dead)
    lay_file(media_root, "photos/aa/y.jpg", b"12345")
    found = samples()
    assert (found["room_photos pending"], found["room_photo_decode_queue"]) == (3, 1)
    assert found["room_photo_bytes pending"] == 5


def test_counters_never_sink(room: Room, as_alice: Client) -> None:
    upload(as_alice, room)
    upload(as_alice, room)
    upload(as_alice, room, b"no photo")
    before = samples()
    RoomImage.all_objects.all().delete()
    UploadFailure.objects.all().delete()
    after = samples()
    for name in ("room_photo_uploads_total", "room_photo_upload_failures_total unsupported_type"):
        assert after[name] == before[name] > 0
    upload(as_alice, room)
    assert samples()["room_photo_uploads_total"] == before["room_photo_uploads_total"] + 1


def test_each_code_is_there_before_its_first_failure(db: None) -> None:
    found = samples()
    assert {found[f"room_photo_upload_failures_total {code}"] for code in failures.CODES} == {0}


def test_the_age_of_the_last_good_cleanup(db: None) -> None:
    assert "room_photo_cleanup_seconds" not in samples()
    CleanupRun.objects.create(days=1, finished_at=timezone.now() - timedelta(hours=1))
    assert 3600 <= samples()["room_photo_cleanup_seconds"] < 3700


def test_it_costs_as_much_for_many_photos(room: Room, django_assert_num_queries: Any) -> None:
    add_photos(room, 3)
    with django_assert_num_queries(5):
        scrape()


def test_what_older_rows_take_up_is_measured_later(room: Room, media_root: Path) -> None:
    photo = add_photos(room, 1)[0]
    told = RoomImage.objects.get().versions_bytes
    assert told == sum(find_sizes(photo.image.storage, names_of(photo.file_name)[:-1]))
    RoomImage.objects.update(versions_bytes=None)
    lay_file(media_root, "chambres/old.jpg")
    insert_old_row(room, "chambres/old.jpg")
    new_files.measure_older()
    assert list(RoomImage.objects.values_list("versions_bytes", flat=True)) == [told, 0]
