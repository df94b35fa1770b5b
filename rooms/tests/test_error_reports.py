"""Errors go to a Sentry server where one is set, and nothing of a person goes with them."""

import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from rooms.tests.test_deploy import KEY, python

SECRETS = (
    "claire@example.com",
    "Claire",
    "tres-secret",
    "192.0.2.7",
    "csrftoken",
    "Chambre bleue",
    "a-token",
)
# A page that fails while all sorts of personal things are at hand.
FAIL = """
import logging
import django
django.setup()
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import path
from backoffice import urls

# As everywhere in tests: nobody has collected the static files.
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
call_command("migrate", verbosity=0)
name = "claire@example.com"
user = User.objects.create_user(name, name, "tres-secret", first_name="Claire")

def view(request, token):
    secret = "tres-secret"
    request.user.pk
    logging.getLogger("rooms.sign_ins").warning("sign-in failed name=claire@example.com")
    raise ValueError("Chambre bleue of claire@example.com " + secret)

urls.urlpatterns.insert(0, path("fail/<token>/", view))
client = Client(raise_request_exception=False, REMOTE_ADDR="192.0.2.7")
client.force_login(user, "django.contrib.auth.backends.ModelBackend")
answer = client.post(
    "/fail/a-token/?q=Claire", {"name": "Chambre bleue"},
    headers={"X-Request-ID": "abc", "User-Agent": "Claire"}, SERVER_NAME="localhost",
)
print(answer.status_code, user.pk)
logging.getLogger("rooms.failures").error("failed code=%s: %s", "storage_unavailable", "claire@example.com")
import sentry_sdk
sentry_sdk.flush(5)
"""


@pytest.fixture
def server() -> Iterator[Any]:
    """A stand-in that keeps what it is sent; `server.bodies`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            zipped = self.headers.get("Content-Encoding") == "gzip"
            listening.bodies.append((gzip.decompress(body) if zipped else body).decode())
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args: Any) -> None:
            """Nobody reads it."""

    listening: Any = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.bodies = []
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield listening
    listening.shutdown()
    listening.server_close()


def run(tmp_path: Any, dsn: str, code: str = FAIL) -> Any:
    database = f"sqlite:///{tmp_path / 'db.sqlite3'}"
    return python("-c", code, SECRET_KEY=KEY, SENTRY_DSN=dsn, DATABASE_URL=database, MEDIA_ROOT=str(tmp_path))


def test_fault_is_reported_without_personal_data(server: Any, tmp_path: Any) -> None:
    done = run(tmp_path, f"http://key@127.0.0.1:{server.server_port}/1")
    status, user_id = done.stdout.split()
    assert status == "500", done.stderr
    events = [json.loads(line) for body in server.bodies for line in body.splitlines()[2::2]]
    fault, failure = events
    (error,) = fault["exception"]["values"]
    assert error["type"] == "ValueError"
    assert error["stacktrace"]["frames"][-1]["function"] == "view"
    assert (fault["tags"]["request"], fault["user"]) == ("abc", {"id": user_id})
    assert "fail" in fault["transaction"]
    assert failure["logentry"]["message"] == "failed code=%s: %s"
    # Frames show the code, which has such words in this test alone; what variables held they do not show.
    assert not any("vars" in frame for frame in error["stacktrace"].pop("frames"))
    bare = json.dumps([{**fault, "exception": {"values": [error]}}, failure])
    assert [secret for secret in SECRETS if secret in bare] == []


def test_nothing_is_sent_without_an_address(server: Any, tmp_path: Any) -> None:
    done = run(
        tmp_path,
        "",
        FAIL.replace("import sentry_sdk", "import sys").replace(
            "sentry_sdk.flush(5)", "print('sentry_sdk' in sys.modules)"
        ),
    )
    assert done.stdout.split()[-1] == "False"
    assert server.bodies == []


def test_server_that_is_away_fails_no_request(tmp_path: Any) -> None:
    done = run(tmp_path, "http://key@127.0.0.1:9/1")
    assert done.stdout.startswith("500 ")


def test_address_that_is_none_is_told_by_a_check(tmp_path: Any) -> None:
    done = run(
        tmp_path,
        "nonsense",
        "import django; django.setup(); from django.core.management import "
        "call_command; call_command('check')",
    )
    assert done.returncode == 0
    assert "backoffice.W001" in done.stderr
