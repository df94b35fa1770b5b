"""The set-up: what a wrong one is told, what a right one may boast of, and the front door of the site."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as site
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import Client
from django.urls import resolve, reverse

from rooms.checks import check_limits, check_session_engine
from rooms.tests.conftest import signed_in


def manage(*arguments, **environment):
    known = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=site.BASE_DIR,
        env=known | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_this_set_up_passes():
    assert run_checks() == []


def test_migrations_are_complete(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_deployment_has_no_warning():
    run = manage(
        *("check", "--deploy", "--fail-level", "WARNING"),
        HTTPS="on",
        SECRET_KEY="k" * 40 + "0123456789",
        ALLOWED_HOSTS="photos.example",
    )
    assert run.returncode == 0, run.stderr
    assert "no issues" in run.stdout


def test_start_up_without_a_key_is_refused():
    run = manage("check")
    assert run.returncode != 0
    assert "SECRET_KEY" in run.stderr


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
    "path", ["/admin/login/", "/admin/", "/admin/rooms/room/", "/rooms/list-image-temp/"]
)
def test_no_page_allows_inline_scripts(as_alice, path):
    response = as_alice.get(path)
    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    assert "unsafe-inline" not in policy["script-src"]
    assert (policy["object-src"], policy["frame-ancestors"]) == ("'none'", "'self'")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(alice, client):
    client.post("/admin/login/", {"username": "alice", "password": "pass"})
    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_ten_wrong_passwords_lock_the_name_for_this_address(alice, bob):
    def sign_in(name, password, address="10.0.0.1"):
        client = Client(REMOTE_ADDR=address)
        client.post("/admin/login/", {"username": name, "password": password})
        return "_auth_user_id" in client.session

    for _number in range(10):
        assert not sign_in("alice", "wrong")
    assert not sign_in("alice", "pass")
    assert sign_in("bob", "pass")
    assert sign_in("alice", "pass", "10.0.0.2")


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
