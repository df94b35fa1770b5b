"""The help page tells each what is theirs to do, in their language."""

import pytest
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.test import Client

from rooms.tests.conftest import signed_in

HELP = "/admin/help/"


def read(client: Client, language: str = "en") -> str:
    answer = client.get(HELP, headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def test_owner_reads_what_owners_do(as_alice: Client) -> None:
    page = read(as_alice)
    assert "Take something back" in page
    assert "Add an owner" not in page


def test_staff_read_what_is_theirs_and_what_owners_do(sam: User) -> None:
    page = read(signed_in(sam))
    assert page.index("Add an owner") < page.index("Take something back")


def test_stranger_has_to_sign_in(db: None) -> None:
    assert Client().get(HELP).headers["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_picture_is_in_the_readers_language(as_alice: Client, language: str) -> None:
    name = f"admin/rooms/help/gallery-{language}.webp"
    assert f"/static/{name}" in read(as_alice, language)
    assert finders.find(name)


def test_every_page_leads_to_it(as_alice: Client) -> None:
    assert f'href="{HELP}"' in as_alice.get("/admin/rooms/room/").content.decode()


def test_limits_are_those_that_are_set(as_alice: Client, settings: object) -> None:
    settings.ROOM_PHOTO_MAX_COUNT = 37  # type: ignore[attr-defined]
    assert "37 for a room" in read(as_alice)
