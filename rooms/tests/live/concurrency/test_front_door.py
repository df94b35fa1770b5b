"""What only a real server and a real database can tell of the front door: odd queries, ranges, many tries."""

import http.client
import uuid
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User

from rooms.models import Room
from rooms.tests.live.cast import PASSWORD
from rooms.tests.live.live_server import LiveServer
from rooms.tests.live.visitor import Answer, Visitor

FILTERS = (
    "q",
    "establishment__id__exact",
    "kind__exact",
    "published__exact",
    "gallery",
    "p",
    "o",
    "all",
    "e",
)
ODD = ("%00", "a%00b", "'", "%22", "%5C", "%E2%80%AE", "%ff", "99999999999999999999", "-1", "1e9", "NaN", "")


def ask(server: LiveServer, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
    """One request on a connection of its own; the body of the answer is read as Latin-1, byte for byte."""
    connection = http.client.HTTPConnection(*server.address, timeout=30)
    try:
        connection.request(
            method, path, body, {name.replace("_", "-"): text for name, text in headers.items()}
        )
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read().decode("latin-1"))
    finally:
        connection.close()


@pytest.fixture
def cookie(visitor: Visitor) -> str:
    return f"sessionid={visitor.session_key}"


@pytest.mark.parametrize("odd", ODD)
def test_no_query_of_the_admin_makes_the_database_fail(
    server: LiveServer, cookie: str, room: Room, odd: str
) -> None:
    paths = [f"/admin/rooms/room/?{name}={odd}" for name in FILTERS]
    paths += [f"/admin/rooms/room/{odd}/{page}/" for page in ("change", "history", "delete")]
    paths += [
        f"/admin/rooms/room/?{odd}=1",
        f"/admin/rooms/room/{room.pk}/change/?_changelist_filters={odd}",
        f"/admin/autocomplete/?app_label=rooms&model_name=room&field_name=establishment&term={odd}",
        f"/admin/rooms/establishment/?q={odd}",
        f"/admin/login/?next={odd}",
        f"/rooms/list-image-temp/?draft={odd}",
        f"/media/{odd}",
        f"/media/photos/aa/{uuid.uuid4().hex}.jpg?side={odd}",
    ]
    statuses = {path: ask(server, "GET", path, Cookie=cookie).status for path in paths}
    assert {path: status for path, status in statuses.items() if status >= 500} == {}
    if odd == "%00":
        assert {status for path, status in statuses.items() if f"={odd}" in path} == {400}


@pytest.fixture
def photo_path(visitor: Visitor, room: Room, photo: Callable[[], bytes]) -> str:
    return visitor.upload(f"/rooms/{room.pk}/upload-image/", photo()).content["image"]["url"]


def test_head_says_what_get_would_and_sends_no_body(server: LiveServer, photo_path: str) -> None:
    got, asked = ask(server, "GET", photo_path), ask(server, "HEAD", photo_path)
    assert (got.status, asked.status) == (200, 200)
    length = int(got.headers["Content-Length"])
    assert asked.headers["Content-Length"] == str(length)
    assert (len(got.text), len(asked.text)) == (length, 0)
    assert asked.headers["Content-Type"] == got.headers["Content-Type"] == "image/jpeg"


def test_thousands_of_ranges_cost_no_more_than_the_photo(server: LiveServer, photo_path: str) -> None:
    whole = ask(server, "GET", photo_path).text
    many = "bytes=" + ",".join(["0-"] * 2_000)
    answer = ask(server, "GET", photo_path, Range=many)
    assert (answer.status, answer.text) == (200, whole)
    endless = "bytes=" + ",".join(["0-"] * 10_000)
    assert ask(server, "GET", photo_path, Range=endless).status in (400, 431)  # not even read


def test_no_answer_names_the_version_of_what_serves_it(server: LiveServer) -> None:
    for path in ("/admin/login/", "/nowhere/", "/media/x", "/rooms/list-image-temp/"):
        answer = ask(server, "GET", path)
        said = f"{answer.headers} {answer.text}"
        assert "gunicorn/" not in said
        assert "Python/" not in said
        assert "Django/" not in said


def test_wrong_passwords_from_all_processes_count_together(server: LiveServer, owner: User) -> None:
    statuses = [sign_in(server, owner.username, "wrong") for _number in range(12)]
    assert (statuses[:9], statuses[10:]) == ([200] * 9, [429] * 2)
    assert sign_in(server, owner.username, PASSWORD) == 429


def sign_in(server: LiveServer, name: str, password: str) -> int:
    form = {"username": name, "password": password, "csrfmiddlewaretoken": "t" * 32}
    headers = {"Cookie": f"csrftoken={'t' * 32}", "Content_Type": "application/x-www-form-urlencoded"}
    return ask(server, "POST", "/admin/login/", urlencode(form), **headers).status


@pytest.mark.parametrize("name", ["SCRIPT_NAME", "PATH_INFO", "REMOTE_USER"])
@pytest.mark.parametrize("value", ["/x", "/elsewhere", "//evil.example"])
def test_no_header_says_where_the_site_is_or_who_is_there(server: LiveServer, name: str, value: str) -> None:
    def ask_so(method: str, path: str) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection(*server.address, timeout=30)
        try:
            connection.request(method, path, headers={name: value})
            answer = connection.getresponse()
            return answer.status, answer.headers["Location"] or "", answer.read().decode()
        finally:
            connection.close()

    assert ask_so("GET", "/x/admin/")[0] == 404
    assert ask_so("GET", "/admin/")[:2] == (302, "/admin/login/?next=/admin/")
    status, _location, text = ask_so("POST", "/rooms/upload-image-temp/")
    assert (status, "not_authenticated" in text) == (401, True)


ODD_TYPES = (
    "{}; charset=hex_codec",
    "{}; charset=no-such",
    "{}; charset*=idna''%ff",
    "{}; other*=no-such''x",
    "{}; other*=undefined''x",
)


@pytest.mark.parametrize("odd", ODD_TYPES)
@pytest.mark.parametrize("content_type", ["multipart/form-data; boundary=x", "application/json"])
@pytest.mark.parametrize("path", ["/admin/login/", "/rooms/upload-image-temp/", "/nowhere/"])
def test_content_type_that_nobody_can_read_is_the_clients_fault(
    server: LiveServer, visitor: Visitor, odd: str, content_type: str, path: str
) -> None:
    body = '--x\r\nContent-Disposition: form-data; name="caption"\r\n\r\nx\r\n--x--\r\n'
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    headers = {"Content_Type": odd.format(content_type), "X_CSRFToken": visitor.cookies["csrftoken"]}
    expected = 404 if "nowhere" in path else 400
    assert ask(server, "POST", path, body, Cookie=cookies, **headers).status == expected
