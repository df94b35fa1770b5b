"""How a room is saved, where that changes more than its own row."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from rooms.errors import Forbidden, NotFound
from rooms.models import Establishment, Room, roles
from rooms.services import history


def find_destinations(user: User, room: Room) -> Any:
    """The establishments that `user` may move `room` to, its own among them."""
    theirs = Establishment.objects.for_user(user)
    if roles.sees_everything(user):
        return theirs
    if room.establishment.owner_id == user.pk:
        return theirs.filter(owner=user)
    return theirs.filter(pk=room.establishment_id)


@transaction.atomic
def save_room(room: Room, *, user: User, changed: Collection[str] | None = None) -> None:
    """Saves the `changed` fields of a room, or all. Where it moves, both establishments' histories say so.

    Raises `Forbidden` where `user` may not move it, `NotFound` where it is gone; then saves nothing.
    """
    Room.objects.filter(pk=room.pk).lock()
    before = Establishment.objects.filter(rooms=room.pk).first()
    if before is None:
        raise NotFound
    moves = before.pk != room.establishment_id
    if moves and not roles.may_move_room(user, before, room.establishment):
        raise Forbidden
    if changed is None:
        room.save()
    elif changed:
        room.save(update_fields=[*changed, "updated_at"])
    if moves:
        history.record_room_moved(user, room, before)
