"""Codes and statuses are a promise; sentences say what to do, in the reader's language."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from rooms import errors
from rooms.errors import PhotoError

CODES = {
    "no_file": 400,
    "invalid_request": 400,
    "not_authenticated": 401,
    "forbidden": 403,
    "csrf_failed": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "limit_reached": 409,
    "stale_order": 409,
    "file_too_large": 413,
    "unsupported_type": 415,
    "invalid_image": 422,
    "too_many_pixels": 422,
    "quota_exceeded": 429,
    "rate_limited": 429,
    "storage_unavailable": 503,
    "storage_full": 507,
}
PARAMS = {"limit": "5 MB", "seconds": 60}
CLASSES = sorted(
    (kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, PhotoError)),
    key=lambda kind: kind.__name__,
)


def test_codes_and_statuses_are_those_of_the_contract():
    assert {kind.code: kind.status for kind in CLASSES} == CODES


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", CLASSES)
def test_message_is_a_full_sentence(kind, language):
    with translation.override(language):
        sentence = kind(**PARAMS).sentence()
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert "%" not in sentence


@pytest.mark.parametrize("kind", CLASSES)
def test_message_speaks_the_readers_language(kind):
    error = kind(**PARAMS)
    with translation.override("en"):
        english = error.sentence()
    with translation.override("fr"):
        assert error.sentence() != english


def test_message_names_the_limit():
    assert "12 MB" in errors.FileTooLarge(limit="12 MB").sentence()


def test_error_is_one_that_forms_understand():
    error = errors.LimitReached(limit=10)
    assert isinstance(error, ValidationError)
    assert error.code == "limit_reached"


@pytest.mark.parametrize("kind", [errors.StorageUnavailable, errors.StorageFull])
def test_what_may_pass_says_when_to_try_again(kind):
    assert kind().retry_after_s > 0


def test_the_wait_is_the_callers_to_say():
    assert errors.RateLimited(seconds=30, retry_after_s=30).retry_after_s == 30


def test_another_text_keeps_the_code():
    error = errors.InvalidRequest("At most %(limit)s.", limit=3)
    assert (error.code, error.sentence()) == ("invalid_request", "At most 3.")
