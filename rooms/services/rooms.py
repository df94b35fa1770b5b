"""How a room is saved, where that changes more than its own row."""

from collections.abc import Collection
from copy import copy
from typing import Any

from django.contrib.admin.models import CHANGE
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from rooms.errors import Forbidden, NotFound
from rooms.models import Activity, Establishment, Room, roles
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
    before = Establishment.objects.filter(rooms=room.pk).first()
    # In the order in which an establishment is removed.
    places = {room.establishment_id, before.pk} if before else set()
    if before is None or len(Establishment.objects.filter(pk__in=places).lock()) != len(places):
        raise NotFound
    if not Room.objects.filter(pk=room.pk, establishment=before).lock():
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


@transaction.atomic
def add_room(room: Room) -> None:
    """Raises `NotFound` where its establishment was removed meanwhile."""
    if not Establishment.objects.filter(pk=room.establishment_id).lock():
        raise NotFound
    room.save()


@transaction.atomic
def publish(rooms: QuerySet[Room], is_published: bool, *, user: Any) -> int:
    """Publishes `rooms`, or takes them back; returns how many that changes. Each one's history says so."""
    changing = Room.objects.filter(pk__in=rooms.order_by().values("pk"), published=not is_published)
    changed = list(Room.objects.filter(pk__among=changing.lock()).select_related("establishment"))
    for room in changed[:1]:  # the same sentence for all of them
        after = copy(room)
        after.published = is_published
        change = history.describe_changes(room, after, ["published"])
        Activity.objects.record(user, changed, CHANGE, [change])
    ids = [room.pk for room in changed]
    return Room.objects.filter(pk__among=ids).update(published=is_published, updated_at=Now())
