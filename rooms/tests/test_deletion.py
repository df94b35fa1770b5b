"""A deleted user takes their establishments and drafts along, also what arrives while they go."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models.deletion import Collector

from rooms.models import Draft, Establishment, Manager, PendingFile, Room, RoomImage
from rooms.tests.conftest import DRAFT, OTHER_DRAFT, add_photos, files_in, in_order, places, upload


@pytest.fixture
def arrivals(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is called after Django has collected a deletion's objects, and before it begins."""
    calls: list[Any] = []
    delete = Collector.delete

    def arrive_first(collector: Collector) -> Any:
        while calls:
            calls.pop()()
        return delete(collector)

    monkeypatch.setattr(Collector, "delete", arrive_first)
    return calls


@pytest.fixture
def draft(alice: User) -> Draft:
    draft = Draft.objects.create(id=DRAFT, user=alice)
    add_photos(None, 2, draft=draft)
    return draft


def test_everything_of_the_user_goes_and_nothing_of_others(
    alice, as_alice, bob, room, bobs_room, draft, media_root, django_capture_on_commit_callbacks
):
    add_photos(room, 2)
    Manager.objects.create(establishment=bobs_room.establishment, email="alice@example.com")
    theirs = upload(as_alice, bobs_room).json()["image"]["id"]
    with django_capture_on_commit_callbacks(execute=True):
        alice.delete()
    connection.check_constraints()
    assert list(Establishment.objects.all()) == [bobs_room.establishment]
    assert not Draft.objects.exists()
    assert places(room=bobs_room) == in_order(theirs)
    assert RoomImage.all_objects.get().uploaded_by is None
    assert not PendingFile.objects.exists()
    assert len(files_in(media_root)) == 4


@pytest.mark.parametrize("by", ["user", "queryset"])
def test_what_arrives_meanwhile_goes_too(
    alice, room, establishment, draft, arrivals, media_root, by, django_capture_on_commit_callbacks
):
    add_photos(room, 1)

    def arrive() -> None:
        add_photos(room, 1)
        add_photos(Room.objects.create(establishment=establishment, name="Chambre 2"), 1)
        add_photos(Room.objects.create(establishment=Establishment.objects.create(name="B", owner=alice)), 1)
        add_photos(None, 1, draft=draft)
        add_photos(None, 1, draft=Draft.objects.create(id=OTHER_DRAFT, user=alice))
        PendingFile.objects.create(name="photos/on-its-way.jpg", user=alice, room=room)

    arrivals.append(arrive)
    with django_capture_on_commit_callbacks(execute=True):
        alice.delete() if by == "user" else User.objects.filter(pk=alice.pk).delete()
    connection.check_constraints()
    assert (User.objects.count(), Room.objects.count(), RoomImage.all_objects.count()) == (0, 0, 0)
    assert not Draft.objects.exists()
    assert list(PendingFile.objects.values_list("name", "user", "room")) == [
        ("photos/on-its-way.jpg", None, None)
    ]
    assert files_in(media_root) == set()


def test_admin_deletes_a_user(as_root, alice, room, draft):
    add_photos(room, 1)
    path = f"/admin/auth/user/{alice.pk}/delete/"
    assert "Bellevue" in as_root.get(path).text
    assert as_root.post(path, {"post": "yes"}).status_code == 302
    assert not RoomImage.all_objects.exists()
