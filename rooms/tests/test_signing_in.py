"""Signing in: ten wrong passwords lock a name at an address for a while, and nobody else."""

from django.contrib.auth.models import User
from django.test import Client

LOGIN = "/admin/login/"


def sign_in(password: str, name: str = "alice", address: str = "192.0.2.1") -> int:
    client = Client(REMOTE_ADDR=address)
    return client.post(LOGIN, {"username": name, "password": password}).status_code


def test_ten_wrong_passwords_lock_the_name_at_that_address(alice: User, bob: User) -> None:
    assert [sign_in("wrong") for _number in range(9)] == [200] * 9
    sign_in("wrong")
    assert sign_in("pass") == 429
    assert sign_in("pass", address="192.0.2.2") == 302
    assert sign_in("pass", name="bob") == 302


def test_good_password_forgets_the_wrong_ones(alice: User) -> None:
    for _round in range(3):
        assert [sign_in("wrong") for _number in range(5)] == [200] * 5
        assert sign_in("pass") == 302


def test_locked_page_says_what_to_do_in_french(alice: User) -> None:
    for _number in range(10):
        sign_in("wrong")
    page = Client(REMOTE_ADDR="192.0.2.1").post(LOGIN, {"username": "alice", "password": "pass"})
    assert page.status_code == 429
    assert "quart d’heure" in page.content.decode()


def test_sign_in_leads_to_the_admin_and_home_leads_there_too(alice: User) -> None:
    client = Client()
    assert client.post(LOGIN, {"username": "alice", "password": "pass"}).url == "/admin/"
    assert client.get("/").url == "/admin/"
