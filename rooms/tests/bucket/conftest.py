"""A bucket for photos: moto's, in this process."""

import functools
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from rooms.models.photo import photo_storage
from rooms.storage import bucket as bucket_storage

BUCKET = "photos-of-rooms"
NAME = "photos/ab/" + "ab" * 16 + ".jpg"


@functools.cache
def _session() -> Any:
    """Its data files take a tenth of a second to read: once is enough."""
    return boto3.Session("key", "secret")


@pytest.fixture
def use_bucket(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Call it with settings of django-storages: from then on photos lie in a bucket."""
    for variable in ("AWS_PROFILE", "AWS_S3_SESSION_PROFILE", "AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(variable, raising=False)
    real = bucket_storage.BucketPhotoStorage._create_session

    def create_session(self: Any) -> Any:
        return _session() if self.access_key else real(self)

    monkeypatch.setattr(bucket_storage.BucketPhotoStorage, "_create_session", create_session)

    def use(**options: Any) -> None:
        options = {"STORAGE_BUCKET_NAME": BUCKET, "S3_REGION_NAME": "us-east-1"} | options
        for name, value in {"S3_ACCESS_KEY_ID": "key", "S3_SECRET_ACCESS_KEY": "secret", **options}.items():
            setattr(settings, f"AWS_{name}", value)
        settings.STORAGES = settings.STORAGES | {
            "default": {"BACKEND": "rooms.storage.bucket.BucketPhotoStorage"}
        }

    return use


@pytest.fixture
def bucket(use_bucket: Any) -> Iterator[Any]:
    """A bucket that works, as boto3 sees it."""
    with mock_aws():
        use_bucket()
        photo_storage().bucket.create()
        yield photo_storage().bucket


def keys(bucket: Any) -> set[str]:
    return {entry.key for entry in bucket.objects.all()}
