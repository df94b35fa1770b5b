"""Whoever is refused leaves one line in the log, and writes none of their own."""

import errno
import logging
import os
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.test import Client, RequestFactory
from django.urls import ResolverMatch

from backoffice import errors
from rooms import monitoring
from rooms.tests.conftest import add_photos, guarded, photo_file, signed_in
from rooms.tests.test_http import address, request


@pytest.fixture
def nobody(db: None) -> User:
    return User.objects.create_user("nobody", password="pass", is_staff=True)


@pytest.fixture
def refused(caplog: pytest.LogCaptureFixture) -> Any:
    """What the log says about refusals, line by line."""
    caplog.set_level(logging.WARNING, "rooms.refusals")
    return lambda: [
        record.getMessage() for record in caplog.records if record.name == monitoring.refusals.name
    ]


def test_stranger_leaves_a_line(refused, alice, bob, room):
    photo = add_photos(room, 1)[0]
    request(guarded(bob), "delete", room_id=room.pk, photo_id=photo.pk)
    assert refused() == [
        f"refused user={bob.pk} address=127.0.0.1 method=POST route=rooms:delete status=404 code=not_found "
        f"room_id={room.pk} photo_id={photo.pk}"
    ]


def test_missing_permission_and_bad_token_leave_a_line(refused, nobody):
    request(guarded(nobody), "upload_temporary")
    request(guarded(nobody, **{"X-CSRFToken": "x" * 32}), "upload_temporary")
    guarded(nobody, **{"X-CSRFToken": "x" * 32}).post("/admin/rooms/room/add/")
    where = f"refused user={nobody.pk} address=127.0.0.1 method=POST route="
    assert refused() == [
        f"{where}rooms:upload_temporary status=403 code=forbidden",
        f"{where}rooms:upload_temporary status=403 code=csrf_failed",
        f"{where}admin:rooms_room_add status=403 code=csrf_failed",
    ]


def test_stranger_in_the_admin_leaves_a_line(refused, alice, bob, room):
    signed_in(bob).get(f"/admin/rooms/room/{room.pk}/change/")
    route = "route=admin:rooms_room_change status=404 code=not_found"
    assert refused() == [f"refused user={bob.pk} address=127.0.0.1 method=GET {route} object_id={room.pk}"]


def test_page_that_is_not_for_a_user_leaves_a_line(refused, nobody):
    page = RequestFactory().get("/admin/rooms/room/")
    page.user, page.resolver_match = nobody, ResolverMatch(None, (), {}, "rooms_room_changelist")
    assert errors.permission_denied(page, PermissionDenied()).status_code == 403
    line = f"refused user={nobody.pk} address=127.0.0.1 method=GET route=rooms_room_changelist"
    line += " status=403 code=forbidden"
    assert refused() == [line]


def test_everyday_life_leaves_no_line(refused, as_alice, room):
    request(Client(), "list", room_id=room.pk)
    request(as_alice, "list", "POST", room_id=room.pk)
    as_alice.post(address("upload", room_id=room.pk))
    as_alice.get(f"/admin/rooms/room/{room.pk}/change/")
    Client().get(f"/admin/rooms/room/{room.pk}/change/")
    assert refused() == []


def test_nobody_writes_lines_of_their_own(refused, bob):
    page = RequestFactory().generic("GE T\r\nrefused user=1", "/x/")
    page.user = AnonymousUser()
    page.resolver_match = ResolverMatch(None, (), {"object_id": "1\n2\u2028\x1b[2J=é" + "9" * 99}, "change")
    monitoring.log_refusal(page, 403, "forbidden")
    line = refused()[0]
    assert line.isascii()
    assert line.isprintable()
    assert len(line) < 300
    assert line.startswith(
        "refused user=- address=127.0.0.1 method=GE?T??REFUSED?USER?1 route=change status=403 code=forbidden "
    )


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (OSError(errno.EIO, "Input/output error\nfailed"), 503),
        (OSError(errno.ENOSPC, "No space left"), 507),
        (DatabaseError("connection lost\n\tat once"), 503),
    ],
)
def test_failure_leaves_its_reason_on_one_line(caplog, as_alice, room, monkeypatch, failure, status):
    def fail(*args):
        raise failure

    monkeypatch.setattr(os, "rename", fail)
    assert as_alice.post(address("upload", room_id=room.pk), {"image": photo_file()}).status_code == status
    (line,) = [record.getMessage() for record in caplog.records if record.name == monitoring.failures.name]
    assert line.startswith("failed route=rooms:upload code=storage_")
    assert str(failure).split()[-1] in line
    assert line.isprintable()
