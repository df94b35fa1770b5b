"""The system checks: what a wrong set-up is told. And what a visitor meets first: language and start page."""

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.urls import resolve, reverse

from rooms.checks import check_limits, check_media_root, check_session_engine
from rooms.tests.conftest import signed_in


def test_this_set_up_passes(db):
    assert run_checks() == []


def test_migrations_are_complete(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_sessions_in_cookies_are_refused(settings):
    assert check_session_engine(None) == []
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    assert [message.id for message in check_session_engine(None)] == ["rooms.E001"]


@pytest.mark.parametrize("name", ["MAX_BYTES", "MAX_COUNT", "MAX_UNATTACHED", "MAX_SIDE", "MAX_PIXELS"])
@pytest.mark.parametrize("value", [0, -1])
def test_limit_that_refuses_every_photo_is_refused(settings, name, value):
    assert check_limits(None) == []
    setattr(settings, f"ROOM_PHOTO_{name}", value)
    (message,) = check_limits(None)
    assert f"ROOM_PHOTO_{name}" in message.msg
    assert message.hint


@pytest.mark.parametrize(
    ("photos", "static", "is_refused"),
    [
        ("media", "staticfiles", False),
        ("staticfiles-2", "staticfiles", False),
        ("staticfiles", "staticfiles", True),
        ("staticfiles/photos", "staticfiles", True),
        ("staticfiles/../staticfiles/photos", "staticfiles", True),
        (".", "staticfiles", True),
    ],
)
def test_photos_never_lie_among_the_static_files(settings, tmp_path, photos, static, is_refused):
    settings.MEDIA_ROOT, settings.STATIC_ROOT = str(tmp_path / photos), tmp_path / static
    messages = check_media_root(None)
    assert [message.id for message in messages] == ["rooms.E003"] * is_refused
    assert all("MEDIA_ROOT" in message.hint for message in messages)


@pytest.mark.parametrize(("language", "word"), [("fr", "Chambres"), ("en", "Rooms")])
def test_pages_speak_the_users_language(alice, language, word):
    client = signed_in(alice, headers={"Accept-Language": language})
    assert word in client.get("/admin/rooms/room/").text


def test_user_can_switch_the_language(as_alice):
    as_alice.post("/i18n/setlang/", {"language": "en", "next": "/admin/"})
    assert 'lang="en"' in as_alice.get("/admin/").text


def test_start_page_leads_to_the_admin(client):
    assert client.get("/").url == reverse("admin:index") == "/admin/"
    assert resolve("/rooms/1/images/").view_name == "rooms:list"
