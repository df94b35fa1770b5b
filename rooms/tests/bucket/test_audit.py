"""The audit of a bucket."""

import time

import pytest
from django.core.files.base import ContentFile
from moto import mock_aws

from rooms import storage
from rooms.models import Room
from rooms.models.photo import photo_storage
from rooms.services.cleanup import audit, clean_up
from rooms.storage import bucket as bucket_storage
from rooms.tests.bucket.conftest import keys
from rooms.tests.conftest import add_photos
from rooms.tests.photo_library import name_of, run


@pytest.mark.usefixtures("bucket")
def test_bucket_is_audited_page_by_page(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket_storage, "BUCKET_LISTED_AT_ONCE", 2)
    kept, broken = add_photos(room, 2)
    photo_storage().delete(broken.file_name)
    for name in (*storage.names_of(name_of(1)), "photos/ab/foreign.jpg", "static/a.css"):
        photo_storage().save(name, ContentFile(b"12345"))
    assert clean_up(0, audit=True).files == 0  # young: by the bucket's clock
    monkeypatch.setattr(audit, "young_after_s", lambda days: time.time() + 60)
    report = clean_up(0, audit=True)
    assert report.audit
    assert (report.files, report.bytes, report.errors) == (4, 20, [])
    assert [f"Photo {broken.pk}," in sentence for sentence in report.audit.missing] == [True]
    rest = {*storage.names_of(kept.file_name), *storage.names_of(broken.file_name)[:-1]}
    assert keys(photo_storage().bucket) == rest | {"photos/ab/foreign.jpg", "static/a.css"}


def test_bucket_that_is_away_takes_nothing_and_says_so(
    request: pytest.FixtureRequest, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket_storage, "BUCKET_PAUSE_SECONDS", 0)
    with mock_aws():
        request.getfixturevalue("use_bucket")()  # and no such bucket
        printed, status = run()
    assert (status, printed["files"]) == (1, 0)
    assert printed["errors"]
