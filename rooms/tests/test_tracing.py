"""Each request has an id: on its answer, on its error page, and on each line that the log has of it."""

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from backoffice import logs
from backoffice.logs import LINE, JsonLine, Line, OneJsonLine
from rooms.models import Room
from rooms.tests.conftest import signed_in
from rooms.tests.test_deploy import KEY, python

MADE = re.compile(r"[0-9a-f]{32}")


@pytest.fixture
def written() -> Iterator[Callable[[type[Line]], list[str]]]:
    """What is written to the log from now on, in lines of one kind."""
    root, streams = logging.getLogger(), []

    def start(kind: type[Line]) -> io.StringIO:
        stream = io.StringIO()
        handler = logging.StreamHandler(stream)
        handler.setFormatter(kind(LINE))
        root.addHandler(handler)
        streams.append((handler, stream))
        return stream

    yield start
    for handler, _stream in streams:
        root.removeHandler(handler)


def break_start_page(client: Client, monkeypatch: pytest.MonkeyPatch, text: str = "inside") -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise ValueError(text)

    monkeypatch.setattr("rooms.admin.start_page._for_owner", fail)
    client.raise_request_exception = False


@pytest.mark.parametrize("path", ["/admin/login/", "/rooms/1/images/", "/nowhere", "/health/live/"])
def test_every_answer_has_an_id_of_its_own(db: None, path: str) -> None:
    found = {Client().get(path)["X-Request-ID"] for _time in range(3)}
    assert len(found) == 3
    assert all(MADE.fullmatch(one) for one in found)


@pytest.mark.parametrize("given", ["a", "Proxy_1-2", "x" * 64])
def test_id_of_the_proxy_is_kept(db: None, given: str) -> None:
    assert Client().get("/nowhere", headers={"X-Request-ID": given})["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a\nb", "<b>", "é", "a=b"])
def test_id_that_could_not_stand_in_a_line_is_not_kept(db: None, given: str) -> None:
    assert MADE.fullmatch(Client().get("/nowhere", headers={"X-Request-ID": given})["X-Request-ID"])


@pytest.mark.parametrize(("language", "words"), [("fr", "Référence\u00a0: abc"), ("en", "Reference: abc")])
def test_error_page_says_it(db: None, language: str, words: str) -> None:
    headers = {"X-Request-ID": "abc", "Accept-Language": language}
    assert words in Client().get("/nowhere", headers=headers).text


def test_page_of_a_fault_says_it(as_alice: Client, monkeypatch: pytest.MonkeyPatch, room: Room) -> None:
    break_start_page(as_alice, monkeypatch)
    answer = as_alice.get("/admin/", headers={"X-Request-ID": "abc"})
    assert answer.status_code == 500
    assert "Référence\u00a0: abc" in answer.text


def test_failed_request_leaves_its_id_address_and_user(written: Any, alice: User, room: Room) -> None:
    lines = written(Line)
    client = signed_in(alice, REMOTE_ADDR="192.0.2.7")
    client.post(f"/rooms/{room.pk}/reorder-images/", "{", "application/json", headers={"X-Request-ID": "abc"})
    (line,) = lines.getvalue().splitlines()
    assert line.endswith(
        f"WARNING django.request Bad Request: /rooms/{room.pk}/reorder-images/ "
        f"request=abc address=192.0.2.7 user={alice.pk}"
    )


def test_line_that_names_who_does_not_say_it_twice(written: Any, alice: User, bobs_room: Room) -> None:
    lines = written(Line)
    signed_in(alice).get(f"/rooms/{bobs_room.pk}/images/", headers={"X-Request-ID": "abc"})
    refusal = next(line for line in lines.getvalue().splitlines() if "rooms.refusals" in line)
    assert refusal.count("address=127.0.0.1") == refusal.count(f"user={alice.pk}") == 1
    assert refusal.endswith(" request=abc")


def test_somebody_who_is_not_signed_in_is_a_dash(written: Any, db: None) -> None:
    lines = written(Line)
    Client().get("/nowhere")
    assert lines.getvalue().endswith(" address=127.0.0.1 user=-\n")


def test_outside_of_a_request_nothing_is_added() -> None:
    record = logging.LogRecord("name", logging.INFO, "path", 1, "message", None, None)
    assert Line("%(message)s").format(record) == "message"
    assert logs.find_fields() == {}


def test_traceback_stays_below_its_line(written: Any, as_alice: Client, monkeypatch: Any, room: Room) -> None:
    lines = written(Line)

    break_start_page(as_alice, monkeypatch)
    as_alice.get("/admin/", headers={"X-Request-ID": "abc"})
    first, second, *_rest, last = lines.getvalue().splitlines()
    assert " request=abc address=127.0.0.1 user=" in first
    assert second.startswith("Traceback")
    assert last == "ValueError: inside"


def test_json_has_a_line_an_object(written: Any, as_alice: Client, monkeypatch: Any, room: Room) -> None:
    lines = written(JsonLine)

    break_start_page(as_alice, monkeypatch, "inside\nof it")
    as_alice.get("/admin/", headers={"X-Request-ID": "abc"})
    as_alice.get("/nowhere\n{}")
    fault, missing = map(json.loads, lines.getvalue().splitlines())
    assert (fault["level"], fault["logger"], fault["request"]) == ("ERROR", "django.request", "abc")
    assert fault["time"].endswith("+00:00")
    assert fault["traceback"].endswith("ValueError: inside\nof it")
    assert isinstance(fault["user"], int)
    assert missing["user"] == "-"  # nobody asked who it was
    assert missing["address"] == "127.0.0.1"
    assert "traceback" not in missing


def test_what_a_client_chose_stays_one_json_line() -> None:
    record = logging.LogRecord("name", logging.ERROR, "path", 1, 'bad\n"host"', None, None)
    line = OneJsonLine(LINE).format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == 'bad "host"'


@pytest.mark.parametrize(("text", "is_taken"), [("json", True), ("text", True), ("xml", False)])
def test_format_is_a_setting(text: str, *, is_taken: bool) -> None:
    show = "import logging, django; django.setup(); logging.getLogger('a').warning('b')"
    run = python("-c", show, SECRET_KEY=KEY, LOG_FORMAT=text)
    if is_taken:
        line = run.stderr.splitlines()[-1]
        assert (json.loads(line)["message"] if text == "json" else line.split()[-1]) == "b"
    else:
        assert "LOG_FORMAT is xml: set it to text or json." in run.stderr
