"""Signing in: ten wrong passwords lock a name at an address for a while; no answer says which names exist."""

import re
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.test import Client, RequestFactory

from backoffice.sign_in import get_client_address
from rooms.tests.conftest import signed_in

LOGIN = "/admin/login/"
PROXY = "10.0.0.1"
# What differs from page to page anyway: the CSRF token, and the name as it was typed.
OWN_TO_A_PAGE = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|\b(alice|nobody-of-that-name)\b')


def post(password: str, name: str = "alice", address: str = "192.0.2.1", **headers: str) -> Any:
    client = Client(REMOTE_ADDR=address, headers=headers)
    return client.post(LOGIN, {"username": name, "password": password})


def sign_in(password: str, name: str = "alice", address: str = "192.0.2.1", **headers: str) -> int:
    return post(password, name, address, **headers).status_code


def lock(name: str = "alice", **where: str) -> None:
    assert [sign_in("wrong", name, **where) for _number in range(9)] == [200] * 9
    sign_in("wrong", name, **where)


def test_ten_wrong_passwords_lock_the_name_at_that_address(alice: User, bob: User) -> None:
    lock()
    assert sign_in("pass") == 429
    assert sign_in("pass", address="192.0.2.2") == 302
    assert sign_in("pass", name="bob") == 302


def test_lock_opens_after_a_quarter_of_an_hour_and_trying_does_not_prolong_it(alice: User) -> None:
    lock()
    last = AccessAttempt.objects.get().attempt_time
    assert [sign_in("wrong"), sign_in("pass")] == [429, 429]
    assert AccessAttempt.objects.get().attempt_time == last
    AccessAttempt.objects.update(attempt_time=last - timedelta(minutes=15))
    assert sign_in("pass") == 302


def test_good_password_forgets_the_wrong_ones(alice: User) -> None:
    for _round in range(3):
        assert [sign_in("wrong") for _number in range(5)] == [200] * 5
        assert sign_in("pass") == 302


def test_changing_the_browsers_name_gains_nothing(alice: User) -> None:
    for number in range(10):
        sign_in("wrong", **{"User-Agent": f"browser {number}"})
    assert sign_in("pass", **{"User-Agent": "another"}) == 429


def test_locked_page_says_what_to_do_in_french(alice: User) -> None:
    lock()
    page = post("pass")
    assert (page.status_code, page["Retry-After"]) == (429, "900")
    assert "quart d’heure" in page.text


def test_script_is_shown_the_locked_page_too_and_no_other_site_may_read_it(alice: User) -> None:
    lock()
    page = post("pass", **{"X-Requested-With": "XMLHttpRequest"})
    assert "quart d’heure" in page.text
    assert "Access-Control-Allow-Origin" not in page


def test_no_answer_tells_a_name_that_exists_from_one_that_does_not(alice: User) -> None:
    names = ("alice", "nobody-of-that-name")
    for _number in range(12):
        known, unknown = (post("wrong", name) for name in names)
        assert known.status_code == unknown.status_code
        assert OWN_TO_A_PAGE.sub("", known.text) == OWN_TO_A_PAGE.sub("", unknown.text)
    assert known.status_code == 429


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_account_that_may_not_enter_looks_like_a_wrong_password(alice: User, change: dict[str, bool]) -> None:
    wrong = post("wrong")
    User.objects.update(**change)
    right = post("pass")
    assert right.status_code == 200
    assert OWN_TO_A_PAGE.sub("", right.text) == OWN_TO_A_PAGE.sub("", wrong.text)


@pytest.mark.parametrize("state", ["known", "unknown", "inactive", "without password"])
def test_refusing_costs_one_hash_whoever_it_is(
    alice: User, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    """A second hash, or none, would tell by the time it takes what the page does not tell."""
    alice.is_active = state != "inactive"
    if state == "without password":
        alice.set_unusable_password()
    alice.save()
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: hashed.append(args) or encode(*args))
    sign_in("wrong", "nobody-of-that-name" if state == "unknown" else "alice")
    assert len(hashed) == 1


# --- whose address it is ---


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        (PROXY, "203.0.113.7", "203.0.113.7"),
        (PROXY, "198.51.100.9, 203.0.113.7", "203.0.113.7"),  # the client invented the first
        (PROXY, "203.0.113.7:5050", "203.0.113.7"),
        (PROXY, "[2001:db8:1:2:3::4]:5050", "2001:db8:1:2::"),
        (PROXY, "2001:db8:1:2:ffff::9", "2001:db8:1:2::"),
        (PROXY, "::ffff:203.0.113.7", "203.0.113.7"),
        (PROXY, "", PROXY),
        (PROXY, "unknown", PROXY),
        (PROXY, "203.0.113.7, ", PROXY),
        (PROXY, "'; DROP TABLE axes_accessattempt; --", PROXY),
        ("::1", "203.0.113.7", "203.0.113.7"),
        ("", "203.0.113.7", "203.0.113.7"),  # a proxy on a unix socket
        ("", "", None),
        ("8.8.8.8", "203.0.113.7", "8.8.8.8"),  # no proxy of ours is out there
    ],
)
def test_behind_a_proxy_the_address_is_the_one_it_wrote(
    settings: Any, peer: str, forwarded: str, address: str | None
) -> None:
    settings.HTTPS = True
    request = RequestFactory(REMOTE_ADDR=peer, headers={"X-Forwarded-For": forwarded}).get("/")
    assert get_client_address(request) == address


def test_without_a_proxy_nobody_chooses_an_address(alice: User) -> None:
    for number in range(10):
        sign_in("wrong", **{"X-Forwarded-For": f"203.0.113.{number}"})
    assert sign_in("pass", **{"X-Forwarded-For": "203.0.113.99"}) == 429


def test_behind_a_proxy_others_are_not_locked_out(alice: User, settings: Any) -> None:
    settings.HTTPS = True
    lock(address=PROXY, **{"X-Forwarded-For": "203.0.113.7"})
    invented = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7"}
    assert sign_in("pass", address=PROXY, **invented) == 429
    assert sign_in("pass", address=PROXY, **{"X-Forwarded-For": "203.0.113.8"}) == 302


def test_without_any_address_the_name_alone_is_locked(alice: User) -> None:
    lock(address="")
    assert sign_in("pass", address="") == 429
    assert sign_in("pass") == 302


# --- the way in and out ---


def test_sign_in_leads_to_the_admin_and_home_leads_there_too(alice: User) -> None:
    assert post("pass").url == "/admin/"
    assert Client().get("/").url == "/admin/"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_sign_in_leads_nowhere_else(alice: User, target: str) -> None:
    response = Client().post(LOGIN, {"username": "alice", "password": "pass", "next": target})
    assert (response.status_code, response.url) == (302, "/admin/")


def test_signing_out_is_no_link_that_another_site_could_set(alice: User) -> None:
    client = signed_in(alice)
    assert client.get("/admin/logout/").status_code == 405
    assert client.get("/admin/").status_code == 200
