"""Files that are a photo and something else: what the gate lets in is drawn, and is nothing but a picture.

The files lie beside the checkout (or where `PHOTO_CORPUS` points); without them one of the tests is skipped.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import BrowserContext, Page

from rooms.models import Room
from rooms.tests.conftest import insert_old_row, lay_file, picture, signed_in, upload
from rooms.tests.test_images_corpus import CORPUS, MANIFEST

SCRIPT = b"<script>window.__xss=1;document.title='owned';alert(1)</script>"
STYLE = b"*{background:red}\nbody{display:none}"
# Each asks for the photo as something it is not; answers whether that came to anything.
ABUSES = {
    "script": """url => new Promise((done) => {
        const script = document.createElement("script");
        script.onload = () => done("ran");
        script.onerror = () => done("refused");
        script.src = url;
        document.head.append(script);
    })""",
    "module": """url => import(url).then(() => "ran", () => "refused")""",
    "style sheet": """url => new Promise((done) => {
        const link = document.createElement("link");
        link.rel = "stylesheet";
        link.onload = () => done(link.sheet?.cssRules.length ? "ran" : "refused");
        link.onerror = () => done("refused");
        link.href = url;
        document.head.append(link);
    })""",
    "service worker": """url => navigator.serviceWorker.register(url).then(() => "ran", () => "refused")""",
    "worker": """url => new Promise((done) => {
        const worker = new Worker(url);
        worker.onmessage = () => done("ran");
        worker.onerror = () => done("refused");
    })""",
    "frame": """url => new Promise((done) => {
        const frame = document.createElement("iframe");
        frame.onload = () => {
          let inside = null;
          try { inside = frame.contentDocument; } catch { /* closed to us, as it should be */ }
          done(inside?.images.length ? "ran" : "refused");
        };
        frame.src = url;
        document.body.append(frame);
    })""",
    "object": """url => new Promise((done) => {
        const object = document.createElement("object");
        object.onload = () => done("ran");
        object.onerror = () => done("refused");
        object.type = "text/html";
        object.data = url;
        document.body.append(object);
        setTimeout(() => done("refused"), 500);
    })""",
}


def find_accepted_polyglots() -> list[Path]:
    if not MANIFEST.exists():
        return []
    with MANIFEST.open(newline="") as file:
        entries = list(csv.DictReader(file))
    accepted = [entry for entry in entries if (entry["group"], entry["expected"]) == ("polyglot", "accept")]
    return [CORPUS / "images" / entry["file"] for entry in accepted]


@pytest.fixture
def page(browser: Any) -> Iterator[Page]:
    """A page of its own: what it says of things refused is expected here."""
    context: BrowserContext = browser.new_context()
    yield context.new_page()
    context.close()


def assert_only_drawn(page: Page, url: str) -> None:
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    response = page.goto(url)
    assert response
    assert response.status == 200
    assert response.headers["content-type"] in ("image/jpeg", "image/png", "image/gif", "image/webp")
    assert page.evaluate("document.images.length === 1 && document.images[0].naturalWidth > 0")
    assert page.evaluate("[window.__xss, document.scripts.length, document.links.length]") == [None, 0, 0]
    assert "owned" not in page.title()
    assert said == []


@pytest.mark.skipif(not MANIFEST.exists(), reason=f"no corpus of photos at {CORPUS}")
@pytest.mark.parametrize("path", find_accepted_polyglots(), ids=lambda path: path.name)
def test_accepted_polyglot_is_drawn_and_nothing_runs(
    live_server: Any, page: Page, alice: User, room: Room, path: Path
) -> None:
    image = upload(signed_in(alice), room, path.read_bytes()).json()["image"]
    for address in (image["url"], image["thumbnail_url"]):
        assert_only_drawn(page, live_server.url + address)


@pytest.fixture(params=["JPEG", "GIF", "PNG"])
def hostile(request: pytest.FixtureRequest, db: None, room: Room, media_root: Any) -> str:
    """The address of an older system's file, which no gate has seen: a picture with a script at its end."""
    name = f"old/photo.{request.param.lower()}.html"
    lay_file(media_root, name, picture(file_format=request.param) + SCRIPT + STYLE)
    return insert_old_row(room, name).image_url


def test_script_at_the_end_of_an_older_file_never_runs(live_server: Any, page: Page, hostile: str) -> None:
    assert_only_drawn(page, live_server.url + hostile)


@pytest.mark.parametrize("abuse", ABUSES)
def test_photo_is_no_script_style_or_document(
    live_server: Any, page: Page, room: Room, media_root: Any, abuse: str
) -> None:
    """A GIF whose first bytes are valid script too, and which a page of our own asks for."""
    lay_file(media_root, "old/script.js", b"GIF89a=1;window.__xss=1;//" + picture(file_format="GIF")[6:])
    url = insert_old_row(room, "old/script.js").image_url
    page.goto(f"{live_server.url}/admin/login/")
    page.evaluate("navigator.serviceWorker.getRegistrations()")
    assert page.evaluate(ABUSES[abuse], live_server.url + url) == "refused"
    assert page.evaluate("window.__xss") is None
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0


def test_the_abuses_work_where_nothing_stands_in_their_way(page: Page) -> None:
    """Otherwise a refusal would prove nothing."""
    headers = {"Access-Control-Allow-Origin": "*", "Service-Worker-Allowed": "/"}
    bodies = {
        "page": ("text/html", "<!doctype html><body>"),
        "script.js": ("text/javascript", "self.postMessage?.(1);"),
        "style.css": ("text/css", "p{color:red}"),
        "frame.html": ("text/html", "<img>"),
    }

    def answer(route: Any) -> None:
        kind, body = bodies[route.request.url.rpartition("/")[2]]
        route.fulfill(status=200, headers=headers, content_type=kind, body=body)

    page.route("http://localhost/**", answer)
    page.goto("http://localhost/page")
    targets = dict.fromkeys(ABUSES, "script.js") | {"style sheet": "style.css"}
    targets |= {"frame": "frame.html", "object": "frame.html"}
    for abuse in ABUSES.keys() - {"service worker"}:  # which playwright's route cannot answer
        assert page.evaluate(ABUSES[abuse], f"http://localhost/{targets[abuse]}") == "ran", abuse
