"""What a person does with each site: log in, open the page, send ten photos three at a time, finish.

Each visit returns when the last answer has come; what is wrong with an answer raises.
"""

import os
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

import requests

from bench.servers import PASSWORD

AT_ONCE: Final = 3
LIMIT_S: Final = 120


class Visitor:
    """A browser: one set of cookies, three connections."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.connections = [requests.Session() for _ in range(AT_ONCE)]

    def get(self, path: str) -> requests.Response:
        return _checked(self.connections[0].get(self.address + path, timeout=LIMIT_S))

    def post(self, path: str, fields: dict[str, Any], **kwargs: Any) -> requests.Response:
        fields = {"csrfmiddlewaretoken": self.connections[0].cookies["csrftoken"], **fields}
        url = self.address + path
        return _checked(
            self.connections[0].post(url, fields, allow_redirects=False, timeout=LIMIT_S, **kwargs)
        )

    def log_in(self, path: str) -> None:
        self.get(path)
        self.post(path, {"username": "owner", "password": PASSWORD})
        for other in self.connections[1:]:
            other.cookies.update(self.connections[0].cookies)

    def send_all(
        self, path: str, photos: list[Path], field: str, fields: dict[str, str]
    ) -> list[requests.Response]:
        """Each connection sends every third photo, one after the other."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            shares = [photos[first::AT_ONCE] for first in range(AT_ONCE)]
            futures = [
                pool.submit(self._send, connection, path, share, field, fields)
                for connection, share in zip(self.connections, shares, strict=True)
            ]
            return [answer for future in futures for answer in future.result()]

    def _send(
        self,
        connection: requests.Session,
        path: str,
        photos: list[Path],
        field: str,
        fields: dict[str, str],
    ) -> list[requests.Response]:
        headers = {"X-CSRFToken": connection.cookies["csrftoken"], "X-Requested-With": "XMLHttpRequest"}
        answers = []
        for photo in photos:
            values = {"upload_id": str(uuid.uuid4()), **fields}
            files = {field: (photo.name, _as_new(photo), "image/jpeg")}
            url = self.address + path
            answers.append(
                _checked(connection.post(url, values, files=files, headers=headers, timeout=LIMIT_S))
            )
        return answers


def visit_ours(address: str, photos: list[Path]) -> tuple[Visitor, list[requests.Response], str]:
    """Temporary uploads into the add form, then save. Returns the uploads' answers and the room's address."""
    visitor = Visitor(address)
    visitor.log_in("/admin/login/")
    fields = read_fields(visitor.get("/admin/rooms/room/add/").text)
    draft = {"draft": fields["draft"]}
    answers = visitor.send_all("/rooms/upload-image-temp/", photos, "image", draft)
    fields |= {"name": f"Room {uuid.uuid4().hex[:6]}", "capacity": "2", "_continue": "1"}
    saved = visitor.post("/admin/rooms/room/add/", fields)
    found = re.search(r"/admin/rooms/room/(\d+)/", saved.headers.get("Location", ""))
    if found is None:
        raise RuntimeError(f"the room was not saved: {saved.status_code} {saved.text[:2000]}")
    return visitor, answers, f"/rooms/{found[1]}/"


def visit_wagtail(address: str, photos: list[Path], *, opens_index: bool) -> None:
    """Wagtail's page for adding several images, then, asked to, its list of images."""
    visitor = Visitor(address)
    visitor.log_in("/admin/login/")
    visitor.get("/admin/images/multiple/add/")
    answers = visitor.send_all("/admin/images/multiple/add/", photos, "files[]", {})
    for answer in answers:
        if not answer.json()["success"]:
            raise RuntimeError(f"Wagtail refused a photo: {answer.text[:500]}")
    if opens_index:
        visitor.get("/admin/images/")


def read_fields(html: str) -> dict[str, str]:
    """Names and values of the page's form fields; of a choice the last one that is no blank."""
    reader = _FieldReader()
    reader.feed(html)
    return reader.fields


class _FieldReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._choice = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        name = values.get("name", "")
        if tag == "select":
            self._choice = name
        elif tag == "option" and self._choice and values.get("value"):
            self.fields[self._choice] = values["value"]
        elif tag == "input" and name and values.get("type") not in ("submit", "file", "checkbox", "radio"):
            self.fields[name] = values.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._choice = ""


def _as_new(photo: Path) -> bytes:
    """Bytes nobody has seen: Wagtail would spend time on a warning about a duplicate."""
    return photo.read_bytes() + os.urandom(16)


def _checked(answer: requests.Response) -> requests.Response:
    if answer.status_code >= requests.codes.bad_request:
        raise RuntimeError(f"{answer.status_code} at {answer.url}: {answer.text[:1000]}")
    return answer
