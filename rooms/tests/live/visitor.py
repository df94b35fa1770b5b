"""A signed-in person, over HTTP and from as many threads at once as a test likes: what a browser sends."""

import http.client
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from rooms.models import Room

TIMEOUT_SECONDS = 60
SIGN_IN = "/admin/login/"
ADD_FORM = "/admin/rooms/room/add/"
TEMPORARY = "/rooms/upload-image-temp/"


def wait_until(is_true: Callable[[], bool], otherwise: str = "") -> None:
    """Returns as soon as it is; fails with the sentence `otherwise` where it never is."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not is_true():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.01)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def content(self) -> dict[str, Any]:
        return json.loads(self.text)

    @property
    def code(self) -> str:
        """Which error it is; empty for a success."""
        return self.content.get("code", "")

    @property
    def photo_id(self) -> int:
        return self.content["image"]["id"]

    @property
    def photo_ids(self) -> list[int]:
        return [photo["id"] for photo in self.content["images"]]

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        return self.headers["Location"] or ""


class Visitor:
    """One session. After `sign_in` nothing here changes any more, so threads may share it."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.cookies: dict[str, str] = {}

    def sign_in(self, name: str, password: str) -> None:
        self._keep_cookies(self.get(SIGN_IN))
        answer = self.post_form(SIGN_IN, {"username": name, "password": password, "next": "/admin/"})
        assert (answer.status, answer.location) == (302, "/admin/"), answer
        self._keep_cookies(answer)

    @property
    def session_key(self) -> str:
        return self.cookies["sessionid"]

    def get(self, path: str) -> Answer:
        return self._send("GET", path)

    def post_form(self, path: str, fields: dict[str, Any]) -> Answer:
        return self._post(path, urlencode(fields).encode(), "application/x-www-form-urlencoded")

    def post(self, path: str, content: Any = None) -> Answer:
        """Posts JSON, as the gallery's script does."""
        return self._post(path, json.dumps(content or {}).encode(), "application/json")

    def upload(self, path: str, photo: bytes, *, file_field: str = "image", **fields: Any) -> Answer:
        boundary = uuid.uuid4().hex
        parts = [(f'name="{name}"', str(value).encode()) for name, value in fields.items()]
        parts.append((f'name="{file_field}"; filename="photo.jpg"\r\nContent-Type: image/jpeg', photo))
        body = b"".join(
            f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + value + b"\r\n"
            for head, value in parts
        )
        return self._post(
            path, body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
        )

    def open_add_form(self) -> dict[str, str]:
        """The fields that a browser would post, the hidden draft among them."""
        return self.open_form(ADD_FORM)

    def open_form(self, path: str) -> dict[str, str]:
        answer = self.get(path)
        assert answer.status == 200, answer
        return read_form(answer.text)

    def save_add_form(self, fields: dict[str, str]) -> Answer:
        return self.post_form(ADD_FORM, fields)

    def _post(self, path: str, body: bytes, content_type: str) -> Answer:
        token = self.cookies.get("csrftoken", "")
        return self._send("POST", path, body, {"Content-Type": content_type, "X-CSRFToken": token})

    def _send(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection(*self.address, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(
                method, path, body, {"Cookie": cookies, "Connection": "close", **(headers or {})}
            )
            with connection.getresponse() as response:
                return Answer(response.status, response.headers, response.read().decode())
        finally:
            connection.close()

    def _keep_cookies(self, answer: Answer) -> None:
        for header in answer.headers.get_all("Set-Cookie", []):
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(header).items()})


def read_form(page: str, form_id: str = "room_form") -> dict[str, str]:
    """What a browser would post from this page: buttons, and boxes that are not ticked, send nothing."""
    form = _Form(form_id)
    form.feed(page)
    return form.fields


class _Form(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.fields: dict[str, str] = {}
        self.is_inside = False
        self.open_select = ""
        self.open_text = ""

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "form":
            self.is_inside = given.get("id") == self.form_id
        elif not self.is_inside:
            return
        elif tag == "select":
            self.open_select = name
        elif tag == "option" and "selected" in given:
            self.fields[self.open_select] = value
        elif tag == "textarea":
            self.fields[name], self.open_text = "", name
        elif tag == "input" and name and (given.get("type") or "text") in ("text", "number", "hidden"):
            self.fields[name] = value
        elif given.get("type") == "checkbox" and "checked" in given:
            self.fields[name] = value or "on"

    def handle_data(self, data: str) -> None:
        if self.open_text:
            self.fields[self.open_text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.open_text = ""
        elif tag == "form":
            self.is_inside = False


def at_once[T](calls: Iterable[Callable[[], T]]) -> list[T]:
    """Makes all `calls` at the same moment, each in a thread, and returns their results in order."""
    calls = list(calls)
    barrier = threading.Barrier(len(calls))

    def start_together(call: Callable[[], T]) -> T:
        barrier.wait(TIMEOUT_SECONDS)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(start_together, calls))


def patiently(send: Callable[[], Answer]) -> Answer:
    """Sends again what a busy server, or one that counts, asks to send again, as the page does."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while (answer := send()).status in (429, 503) and time.monotonic() < deadline:
        time.sleep(int(answer.headers["Retry-After"]))
    return answer


def upload_path(room: Room) -> str:
    return f"/rooms/{room.pk}/upload-image/"
