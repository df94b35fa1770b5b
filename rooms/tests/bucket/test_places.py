"""What the checks say of a bucket: nothing where it works, else what to do."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from django.core.checks import CheckMessage
from moto import mock_aws

from rooms.checks import check_bucket, check_bucket_rights
from rooms.tests.bucket.conftest import BUCKET, keys


def refuse(monkeypatch: pytest.MonkeyPatch, bucket: Any, operation: str, code: str) -> None:
    def fail(**place: Any) -> None:
        raise ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": 403}}, operation)

    monkeypatch.setattr(bucket.meta.client, operation, fail)


def told(messages: list[CheckMessage]) -> list[tuple[str | None, bool]]:
    return [(message.id, message.is_serious()) for message in messages]


def test_bucket_that_works_is_met_in_silence_and_left_as_it_was(bucket: Any) -> None:
    assert check_bucket(None) + check_bucket_rights(None) == []
    assert keys(bucket) == set()


def test_without_a_bucket_nothing_is_asked() -> None:
    assert check_bucket(None) + check_bucket_rights(None) == []


def test_bucket_that_nobody_made_is_told(use_bucket: Any) -> None:
    with mock_aws():
        use_bucket()
        (message,) = check_bucket(None)
    assert told([message]) == [("rooms.E006", True)]
    assert BUCKET in message.msg
    assert "Create it" in str(message.hint)


@pytest.mark.parametrize("operation", ["put_object", "get_object", "delete_object"])
def test_key_that_lacks_a_right_is_told_which(
    bucket: Any, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    refuse(monkeypatch, bucket, operation, "AccessDenied")
    (message,) = check_bucket_rights(None)
    assert told([message]) == [("rooms.E006", True)]
    assert {"put_object": "write", "get_object": "read", "delete_object": "delete"}[operation] in message.msg
    assert "s3:PutObject" in str(message.hint)


def test_bucket_that_keeps_old_versions_is_told_and_warns_of_nothing(bucket: Any) -> None:
    bucket.Versioning().enable()
    assert told(check_bucket_rights(None)) == [("rooms.I001", False)]


def test_bucket_that_cannot_be_reached_stops_no_start(use_bucket: Any) -> None:
    use_bucket(S3_ENDPOINT_URL="http://127.0.0.1:9")
    (message,) = check_bucket(None)
    assert told([message]) == [("rooms.W006", False)]
    assert "AWS_S3_ENDPOINT_URL" in str(message.hint)
