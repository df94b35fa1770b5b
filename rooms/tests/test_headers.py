"""Every answer of the site carries its headers, whoever made it; errors tell nothing of the inside."""

from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.test import Client

from rooms.api import views
from rooms.models import Draft, Room
from rooms.tests.conftest import add_photos, signed_in

STATIC = "/static/admin/rooms/icon.svg"
MEDIA_POLICY = "default-src 'none'; sandbox"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
INSIDE = ("Traceback", "/site-packages", "/rooms/tests", "Django/", "5.2.", "gunicorn", "sqlite")


def policy_of(response: Any) -> dict[str, str]:
    parts = (part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    return {name: " ".join(rest) for name, *rest in parts}


def fetch(client: Client, address: str) -> Any:
    response = client.get(address)
    if response.streaming:  # a static file, which stays open until it was read
        response.getvalue()
    return response


@pytest.fixture
def addresses(room: Room) -> dict[str, tuple[str, int]]:
    """One address of every kind of answer, and its status for the room's owner."""
    return {
        "sign-in": ("/admin/login/", 302),
        "page": ("/admin/", 200),
        "list": ("/admin/rooms/room/", 200),
        "form": ("/admin/rooms/room/add/", 200),
        "history": (f"/admin/rooms/room/{room.pk}/history/", 200),
        "texts of scripts": ("/admin/jsi18n/", 200),
        "redirect": ("/", 302),
        "slash missing": ("/admin/rooms/room", 301),
        "JSON": ("/rooms/list-image-temp/", 200),
        "JSON error": ("/rooms/999/images/", 404),
        "JSON, unknown address": ("/rooms/nowhere/", 404),
        "page, unknown address": ("/nowhere/", 404),
        "page, forbidden": ("/admin/auth/group/", 403),
        "page, bad query": ("/admin/rooms/room/?q=%00", 400),
        "static": (STATIC, 200),
        "static, unknown": ("/static/nowhere.js", 404),
        "photo": (add_photos(room, 1)[0].image_url, 200),
        "photo, unknown": ("/media/photos/00/nothing.jpg", 404),
    }


def test_every_kind_of_answer_has_its_headers(
    as_alice: Client, addresses: dict[str, tuple[str, int]], subtests: pytest.Subtests
) -> None:
    for kind, (address, status) in addresses.items():
        with subtests.test(kind):
            response = fetch(as_alice, address)
            assert response.status_code == status
            assert {name: response.get(name) for name in ALWAYS} == ALWAYS
            assert "camera=()" in response["Permissions-Policy"]
            assert response["Cross-Origin-Resource-Policy"] == (
                "cross-origin" if kind == "photo" else "same-origin"
            )
            is_public = kind in ("photo", "static")
            # Texts of scripts are kept, and asked after with each page.
            is_kept = is_public or kind == "texts of scripts"
            assert ("no-store" in response["Cache-Control"]) is not is_kept
            assert ("private" in response["Cache-Control"]) is not is_public


def test_no_answer_lets_inline_scripts_run_or_others_frame_it(
    as_alice: Client, addresses: dict[str, tuple[str, int]], subtests: pytest.Subtests
) -> None:
    for kind, (address, _status) in addresses.items():
        with subtests.test(kind):
            response = fetch(as_alice, address)
            policy = policy_of(response)
            if kind == "photo":
                assert response["Content-Security-Policy"] == MEDIA_POLICY
                continue
            assert policy["script-src"] == "'self' 'unsafe-eval'"
            assert (policy["default-src"], policy["object-src"]) == ("'self'", "'none'")
            assert (policy["base-uri"], policy["form-action"]) == ("'self'", "'self'")
            assert policy["frame-ancestors"] == "'none'"


@pytest.mark.parametrize(
    ("query", "may_be_framed"),
    [
        ("_popup=1", True),
        ("_to_field=id&_popup=1", True),
        ("", False),
        ("_popup=0", False),
        ("x=_popup=1", False),
        ("q=%26_popup=1", False),
    ],
)
def test_only_the_admins_pop_ups_are_framed_and_only_by_the_site(
    as_sam: Client, query: str, may_be_framed: bool
) -> None:
    response = as_sam.get(f"/admin/rooms/establishment/add/?{query}")
    assert policy_of(response)["frame-ancestors"] == ("'self'" if may_be_framed else "'none'")
    assert response["X-Frame-Options"] == ("SAMEORIGIN" if may_be_framed else "DENY")


def test_a_query_does_not_weaken_a_photos_policy(as_alice: Client, room: Room) -> None:
    response = as_alice.get(add_photos(room, 1)[0].image_url + "?_popup=1")
    assert response["Content-Security-Policy"] == MEDIA_POLICY


def test_https_is_remembered_by_browsers_and_http_led_there(alice: User, settings: Any, room: Room) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    proxied = signed_in(alice, headers={"X-Forwarded-Proto": "https"})
    for address in ("/admin/", "/rooms/999/images/", "/nowhere/", STATIC, add_photos(room, 1)[0].image_url):
        answer = fetch(proxied, address)
        assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
        direct = Client().get(address)
        assert (direct.status_code, direct["Location"]) == (301, f"https://testserver{address}")
        assert "Strict-Transport-Security" not in direct


def test_name_that_is_not_the_sites_gets_an_error_with_headers(db: None) -> None:
    response = Client(headers={"Host": "evil.example"}).get("/admin/login/")
    assert response.status_code == 400
    assert "evil.example" not in response.text
    assert policy_of(response)["frame-ancestors"] == "'none'"


@pytest.mark.parametrize("address", ["/admin/", "/admin/login/", "/rooms/list-image-temp/", "/i18n/setlang/"])
def test_nul_in_a_query_is_refused(as_alice: Client, address: str) -> None:
    assert as_alice.get(f"{address}?x=a%00b").status_code == 400
    assert as_alice.get(f"{address}?x=a%2500b").status_code != 400


def test_nul_in_an_endpoints_query_keeps_its_shape_and_order(as_alice: Client, client: Client) -> None:
    refused = as_alice.get("/rooms/list-image-temp/?draft=%00")
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_request")
    assert client.get("/rooms/list-image-temp/?draft=%00").json()["code"] == "not_authenticated"
    assert client.post("/rooms/list-image-temp/?draft=%00").json()["code"] == "method_not_allowed"


@pytest.mark.parametrize(
    ("failure", "status"), [(RuntimeError("/srv/photos/secret.py"), 500), (SuspiciousOperation("x"), 400)]
)
def test_error_page_tells_nothing_of_the_inside(
    alice: User, monkeypatch: pytest.MonkeyPatch, failure: Exception, status: int
) -> None:
    def fail(*args: Any, **kwargs: Any) -> HttpResponse:
        raise failure

    monkeypatch.setattr(site.get_model_admin(Room), "get_queryset", fail)
    client = signed_in(alice, raise_request_exception=False)
    response = client.get("/admin/rooms/room/")
    assert response.status_code == status
    assert "secret.py" not in response.text
    assert not [word for word in INSIDE if word in response.text]
    assert policy_of(response)["frame-ancestors"] == "'none'"


def test_endpoints_error_tells_nothing_of_the_inside(
    alice: User, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> None:
        raise RuntimeError("/srv/photos/secret.py")

    monkeypatch.setattr(views.galleries, "find_photos", fail)
    response = signed_in(alice, raise_request_exception=False).get(f"/rooms/{room.pk}/images/")
    assert (response.status_code, response["Content-Type"]) == (503, "application/json")
    assert "secret.py" not in response.text
    assert not [word for word in INSIDE if word in response.text]


def test_no_header_carries_a_name_that_a_client_chose(as_alice: Client, alice: User) -> None:
    """Nothing is offered for download, so there is no file name in a header to break out of."""
    photo = add_photos(None, 1, draft=Draft.objects.create(user=alice))[0]
    response = as_alice.get(photo.image_url)
    assert response.status_code == 200
    assert "Content-Disposition" not in response
