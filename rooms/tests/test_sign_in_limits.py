"""How many passwords may be tried: from one address whatever the names, at once, and old ones."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessFailureLog
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django.utils.module_loading import import_string

from backoffice import sign_in
from rooms.tests.conftest import signed_in

# As deployed: tests have a quicker hasher put in their place.
OURS = list(settings.PASSWORD_HASHERS)
LOGIN, CHANGE = "/admin/login/", "/admin/password_change/"
HERE = "192.0.2.1"


def post(name: str, password: str, address: str = HERE) -> Any:
    return Client(REMOTE_ADDR=address).post(LOGIN, {"username": name, "password": password})


def fail_often(count: int) -> None:
    for number in range(count):
        assert post(f"name-{number}", "wrong").status_code == 200


def test_hundred_names_lock_the_address_for_an_hour(alice: User) -> None:
    fail_often(99)
    assert post("alice", "pass").status_code == 302
    fail_often(1)
    page = post("alice", "pass")
    assert (page.status_code, page["Retry-After"]) == (429, "3600")
    assert "une heure" in page.text
    assert post("alice", "pass", address="192.0.2.2").status_code == 302
    AccessFailureLog.objects.update(attempt_time=timezone.now() - timedelta(minutes=61))
    assert post("alice", "pass").status_code == 302


def test_trying_does_not_prolong_the_lock_of_an_address(alice: User) -> None:
    fail_often(100)
    assert post("alice", "wrong").status_code == 429
    assert AccessFailureLog.objects.count() == 100


def test_hundred_failures_of_many_hours_lock_nobody_out(alice: User) -> None:
    fail_often(100)
    oldest = AccessFailureLog.objects.order_by("attempt_time").first()
    AccessFailureLog.objects.filter(pk=oldest.pk).update(attempt_time=timezone.now() - timedelta(minutes=61))
    assert post("alice", "pass").status_code == 302


def test_network_of_one_customer_is_one_address(alice: User) -> None:
    for number in range(100):
        post(f"name-{number}", "wrong", address=f"2001:db8::{number:x}")
    assert post("alice", "pass", address="2001:db8::ffff").status_code == 429


def test_cleanup_forgets_old_failures(alice: User) -> None:
    fail_often(2)
    kept = AccessFailureLog.objects.first()
    AccessFailureLog.objects.exclude(pk=kept.pk).update(attempt_time=timezone.now() - timedelta(hours=3))
    call_command("cleanup_temp_images", json=True)
    assert AccessFailureLog.objects.get() == kept


# --- old passwords ---


def change(client: Client, old: str) -> Any:
    new = {"new_password1": "Lac-bleu-1953", "new_password2": "Lac-bleu-1953"}
    return client.post(CHANGE, {"old_password": old, **new})


def test_wrong_old_passwords_lock_as_wrong_passwords_do(alice: User) -> None:
    client = signed_in(alice, REMOTE_ADDR=HERE)
    assert [change(client, "wrong").status_code for _number in range(9)] == [200] * 9
    assert change(client, "wrong").status_code == 429
    assert change(client, "pass").status_code == 429
    assert post("alice", "pass").status_code == 429
    alice.refresh_from_db()
    assert alice.check_password("pass")


def test_right_old_password_is_taken(alice: User) -> None:
    assert change(signed_in(alice), "wrong").status_code == 200
    assert change(signed_in(alice), "pass").status_code == 302
    alice.refresh_from_db()
    assert alice.check_password("Lac-bleu-1953")


# --- at once ---


@pytest.fixture
def slow_hashes(settings: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, list[int]]:
    """One hash at a time, and one that waits; each takes until the event is set."""
    settings.PASSWORD_HASHERS = ["backoffice.sign_in.BoundedHasher"]
    monkeypatch.setattr(sign_in, "_places", threading.BoundedSemaphore(2))
    monkeypatch.setattr(sign_in, "_hashes", threading.BoundedSemaphore(1))
    may_end, running = threading.Event(), [0, 0]

    def encode(self: Any, password: str, salt: str, iterations: int | None = None) -> str:
        running[0] += 1
        running[1] = max(running)
        may_end.wait(20)
        running[0] -= 1
        return "a hash"

    monkeypatch.setattr(sign_in.PBKDF2PasswordHasher, "encode", encode)
    return may_end, running


def wait_until(is_so: Any) -> None:
    for _try in range(1000):
        if is_so():
            return
        threading.Event().wait(0.01)
    pytest.fail("never so")


def test_so_many_hashes_at_once_and_who_comes_then_is_told_to_wait(
    db: None, slow_hashes: tuple[threading.Event, list[int]]
) -> None:
    may_end, running = slow_hashes
    hasher = sign_in.BoundedHasher()
    threads = [threading.Thread(target=hasher.encode, args=("x", "y")) for _number in range(2)]
    for thread in threads:
        thread.start()
    wait_until(lambda: sign_in._places._value == 0)
    page = post("nobody-of-that-name", "wrong")
    may_end.set()
    for thread in threads:
        thread.join()
    assert (page.status_code, page["Retry-After"]) == (429, str(sign_in.RETRY_AFTER_S))
    assert "quelques secondes" in page.text
    assert running[1] == 1
    assert sign_in._places._value == 2
    assert not AccessFailureLog.objects.exists()


@pytest.mark.parametrize(("name", "password"), [("alice", "pass"), ("alice", "wrong"), ("nobody", "wrong")])
def test_signing_in_hashes_once_whoever_it_is(
    alice: User, monkeypatch: pytest.MonkeyPatch, name: str, password: str
) -> None:
    """The time it takes would tell the names that exist."""
    hashed = []
    real = MD5PasswordHasher.encode

    def encode(self: Any, password: str, *rest: Any) -> str:
        hashed.append(password)
        return real(self, password, *rest)

    monkeypatch.setattr(MD5PasswordHasher, "encode", encode)
    post(name, password)
    assert hashed == [password]


def test_hashes_are_djangos_own(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["backoffice.sign_in.BoundedHasher"]
    user = User(username="x")
    user.set_password("pass")
    assert user.password.startswith("pbkdf2_sha256$")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    assert user.check_password("pass")


@pytest.mark.parametrize("name", ["PBKDF2SHA1PasswordHasher", "ScryptPasswordHasher"])
def test_account_of_an_older_system_signs_in_and_gets_our_hash(alice: User, settings: Any, name: str) -> None:
    settings.PASSWORD_HASHERS = OURS
    older = import_string(f"django.contrib.auth.hashers.{name}")()
    alice.password = older.encode("pass", "salt" * 6)
    alice.save()
    assert post("alice", "wrong").status_code == 200
    assert post("alice", "pass").status_code == 302
    alice.refresh_from_db()
    assert alice.password.startswith("pbkdf2_sha256$")
