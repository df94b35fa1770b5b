"""Rooms as wholes: what saving one may change beyond its own row."""

from typing import Any

from django.db import transaction

from rooms.errors import Forbidden, NotFound
from rooms.models import Establishment, Room, roles
from rooms.services import history


def find_destinations(user: Any, room: Room) -> Any:
    """The establishments that `user` may move `room` to, its own among them."""
    theirs = Establishment.objects.for_user(user)
    if roles.sees_everything(user):
        return theirs
    if room.establishment.owner_id == user.pk:
        return theirs.filter(owner=user)
    return theirs.filter(pk=room.establishment_id)


@transaction.atomic
def save_room(room: Room, *, user: Any) -> None:
    """Saves a changed room. Where it moves to another establishment, both get an entry in their history.

    Raises `Forbidden` where `user` may not move it, `NotFound` where it is gone; then saves nothing.
    """
    Room.objects.filter(pk=room.pk).lock()
    before = Establishment.objects.filter(rooms=room.pk).first()
    if before is None:
        raise NotFound
    if before.pk == room.establishment_id:
        room.save()
        return
    if not roles.may_move_room(user, before, room.establishment):
        raise Forbidden
    room.save()
    history.record_room_moved(user, room, before)
