"""An upload is judged by who its sender is when it has arrived, not when it began."""

import os
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session

from rooms.models import Manager, Room, RoomImage
from rooms.tests.conftest import picture
from rooms.tests.live.cast import PASSWORD, add_owner
from rooms.tests.live.live_server import LiveServer
from rooms.tests.live.raw_upload import END, FIELD, connect, read_answer
from rooms.tests.live.visitor import TEMPORARY, Visitor, upload_path

# More than all buffers between a client and the view: what was sent is being read.
PHOTO = picture() + os.urandom(4_900_000)
type Change = Callable[[User, Visitor, Room], object]


def deactivate(user: User, visitor: Visitor, room: Room) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def take_from_staff(user: User, visitor: Visitor, room: Room) -> None:
    User.objects.filter(pk=user.pk).update(is_staff=False)


def take_from_group(user: User, visitor: Visitor, room: Room) -> None:
    user.groups.remove(Group.objects.get(name="Owners"))


def end_session(user: User, visitor: Visitor, room: Room) -> None:
    Session.objects.filter(pk=visitor.session_key).delete()


def change_password(user: User, visitor: Visitor, room: Room) -> None:
    user.set_password("another")
    user.save()


def delete_user(user: User, visitor: Visitor, room: Room) -> None:
    User.objects.filter(pk=user.pk).delete()


def dismiss(user: User, visitor: Visitor, room: Room) -> None:
    Manager.objects.filter(establishment=room.establishment).delete()


def delete_room(user: User, visitor: Visitor, room: Room) -> None:
    room.delete()


def upload_while(visitor: Visitor, path: str, change: Callable[[], object]) -> tuple[int, str]:
    """Sends most of an upload, makes the change, sends the rest."""
    body = FIELD + PHOTO + END
    with connect(visitor, path, f"Content-Length: {len(body)}") as connection:
        connection.sendall(body[:-1000])
        change()
        connection.sendall(body[-1000:])
        return read_answer(connection)


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        (deactivate, 401, "not_authenticated"),
        (end_session, 401, "not_authenticated"),
        (change_password, 401, "not_authenticated"),
        (delete_user, 401, "not_authenticated"),
        (take_from_staff, 403, "forbidden"),
        (take_from_group, 403, "forbidden"),
    ],
)
@pytest.mark.parametrize("is_temporary", [False, True], ids=["room", "draft"])
def test_sender_who_lost_the_right_is_refused(
    server: LiveServer, room: Room, change: Change, status: int, code: str, is_temporary: bool
) -> None:
    manager, visitor = add_manager(server, room)
    path = TEMPORARY if is_temporary else upload_path(room)
    answer = upload_while(visitor, path, lambda: change(manager, visitor, room))
    assert (answer[0], code in answer[1]) == (status, True), answer
    assert not RoomImage.all_objects.filter(room=room).exists()
    assert not RoomImage.all_objects.filter(draft__user_id=manager.pk).exists()


@pytest.mark.parametrize("change", [dismiss, delete_room])
def test_room_that_is_out_of_reach_is_not_found(server: LiveServer, room: Room, change: Change) -> None:
    manager, visitor = add_manager(server, room)
    answer = upload_while(visitor, upload_path(room), lambda: change(manager, visitor, room))
    assert (answer[0], "not_found" in answer[1]) == (404, True), answer
    assert not RoomImage.all_objects.filter(uploaded_by=manager).exists()


def test_sender_who_lost_nothing_is_served(server: LiveServer, room: Room) -> None:
    manager, visitor = add_manager(server, room)
    assert upload_while(visitor, upload_path(room), lambda: None)[0] == 201
    assert RoomImage.objects.get(room=room).uploaded_by == manager


def add_manager(server: LiveServer, room: Room) -> tuple[User, Visitor]:
    """Somebody who may work on `room` only because they manage its establishment."""
    manager = add_owner()
    manager.email = f"{manager.username}@example.com"
    manager.save()
    Manager.objects.create(establishment=room.establishment, email=manager.email)
    visitor = Visitor(server.address)
    visitor.sign_in(manager.username, PASSWORD)
    return manager, visitor
