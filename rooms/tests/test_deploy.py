"""The documented set-up starts without a warning; an unsafe one does not start, and says what to set."""

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.contrib.auth.models import User
from django.core.management import call_command

from backoffice.apps import check_public_site
from rooms.tests.other_database import models_read

KEY = "k" * 40 + "0123456789"
# As the docs have it.
PRODUCTION = {
    "SECRET_KEY": KEY,
    "ALLOWED_HOSTS": "photos.example.com",
    "HTTPS": "on",
    "DATABASE_URL": "postgres://photos:password@db.example.com/photos",
}
LOAD = "import backoffice.wsgi"
SHOW = "from django.conf import settings; print({name: getattr(settings, name) for name in %r})"


type Run = subprocess.CompletedProcess[str]


def python(*arguments: str, cwd: Path = site.BASE_DIR, **environment: str) -> Run:
    """A process that knows of no setting but those given."""
    known = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    known |= {"DJANGO_SETTINGS_MODULE": "backoffice.settings", "PYTHONPATH": str(site.BASE_DIR)}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=known | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("changes", [{}, {"DATABASE_URL": "sqlite:///photos.sqlite3"}])
def test_documented_set_up_has_no_warning(changes: dict[str, str]) -> None:
    run = python("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION | changes)
    assert run.returncode == 0, run.stderr
    assert "no issues" in run.stdout


@pytest.mark.parametrize("environment", [PRODUCTION, {"SECRET_KEY": "short"}])
def test_web_process_starts(environment: dict[str, str]) -> None:
    run = python("-W", "ignore", "-c", LOAD, **environment)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": ""}, "Set the environment variable SECRET_KEY"),
        ({"SECRET_KEY": "secret"}, "SECRET_KEY can be guessed: set it"),
        ({"SECRET_KEY": "k" * 64}, "SECRET_KEY can be guessed: set it"),
        ({"DEBUG": "on"}, "unset DEBUG"),
        ({"DEBUG": "on", "SECRET_KEY": ""}, "unset DEBUG"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "photos.example.com,*"}, "ALLOWED_HOSTS"),
        ({"CSRF_TRUSTED_ORIGINS": "http://photos.example.com"}, "CSRF_TRUSTED_ORIGINS"),
        # What the system checks find stops the web process too, which does not run them by itself.
        ({"ROOM_PHOTO_MAX_COUNT": "0"}, "ROOM_PHOTO_MAX_COUNT is 0"),
        ({"MEDIA_ROOT": "staticfiles/photos"}, "Set MEDIA_ROOT"),
    ],
)
def test_unsafe_set_up_does_not_start_and_says_what_to_set(changes: dict[str, str], sentence: str) -> None:
    run = python("-W", "ignore", "-c", LOAD, **PRODUCTION | changes)
    assert run.returncode != 0
    last = run.stderr[run.stderr.index("ImproperlyConfigured") :]
    assert sentence in last


@pytest.fixture
def unsafe_site(settings: Any) -> Any:
    settings.HTTPS, settings.DEBUG, settings.SECRET_KEY = True, True, "hunter2"
    settings.ALLOWED_HOSTS = ["*"]
    settings.CSRF_TRUSTED_ORIGINS = ["http://a.example", "http://b.example"]
    return settings


def test_every_danger_is_told_at_once(unsafe_site: Any) -> None:
    assert len(check_public_site(None)) == 5


def test_site_on_ones_own_machine_may_be_unsafe(unsafe_site: Any) -> None:
    unsafe_site.HTTPS = False
    assert check_public_site(None) == []


def test_no_sentence_repeats_the_key(unsafe_site: Any) -> None:
    assert not any("hunter2" in str(message) for message in check_public_site(None))


@pytest.mark.parametrize("command", ["migrate", "cleanup_temp_images"])
def test_commands_refuse_an_unsafe_site_too(tmp_path: Path, command: str) -> None:
    database = f"sqlite:///{tmp_path / 'db.sqlite3'}"
    run = python("manage.py", command, **PRODUCTION | {"SECRET_KEY": "secret", "DATABASE_URL": database})
    assert run.returncode != 0
    assert "SECRET_KEY can be guessed: set it" in run.stderr


def shown(*names: str, cwd: Path = site.BASE_DIR, **environment: str) -> dict[str, Any]:
    """The values that settings have in such an environment."""
    run = python("-c", SHOW % (names,), cwd=cwd, **environment)
    assert run.returncode == 0, run.stderr
    values: dict[str, Any] = ast.literal_eval(run.stdout)
    return values


@pytest.mark.parametrize("environment", [{}, {"MEDIA_ROOT": "media", "DATABASE_URL": "sqlite:///db.sqlite3"}])
def test_files_lie_in_the_project_wherever_a_command_starts(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    there = shown("MEDIA_ROOT", "DATABASES", cwd=tmp_path, SECRET_KEY=KEY, **environment)
    assert there["MEDIA_ROOT"] == str(site.BASE_DIR / "media")
    assert there["DATABASES"]["default"]["NAME"] == str(site.BASE_DIR / "db.sqlite3")


@pytest.mark.parametrize(("https", "value"), [("on", True), ("off", False)])
def test_https_is_one_switch(https: str, value: bool) -> None:
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT")
    assert shown(*names, **PRODUCTION | {"HTTPS": https}) == dict.fromkeys(names, value)


@pytest.mark.parametrize(("password", "starts"), [("demo-chambres", False), ("another-one", True)])
def test_site_with_the_demonstrations_password_does_not_start(
    tmp_path: Path, django_db_blocker: Any, settings: Any, password: str, starts: bool
) -> None:
    """Whoever tried the product in a folder, and then opens that very database to the world."""
    public = PRODUCTION | {"DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}"}
    settings.PASSWORD_HASHERS = ["backoffice.sign_in.BoundedHasher"]
    with models_read(public["DATABASE_URL"], django_db_blocker):
        call_command("migrate", verbosity=0)
        User.objects.create_user("equipe", password=password)
    runs = [python("manage.py", "check", "--deploy", **public), python("-W", "ignore", "-c", LOAD, **public)]
    assert [run.returncode == 0 for run in runs] == [starts, starts]
    assert all(starts or "changepassword equipe" in run.stderr for run in runs)
