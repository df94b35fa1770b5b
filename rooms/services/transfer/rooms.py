"""A new room for a folder that fits none."""

from django.contrib.admin.models import ADDITION
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from rooms.errors import InvalidRequest, NotFound
from rooms.models import Activity, Establishment, Room
from rooms.services.transfer.matching import RoomFinder, make_key

_NO_NAME = _("A room's name has between 1 and %(limit)s characters, and only those one can read.")


def clean_room_name(name: str) -> str:
    """As it is kept. Raises `InvalidRequest` for one that cannot be."""
    trimmed, limit = name.strip(), Room._meta.get_field("name").max_length
    if not make_key(trimmed) or len(trimmed) > (limit or 0) or not trimmed.isprintable():
        raise InvalidRequest(_NO_NAME, limit=limit)
    return trimmed


@transaction.atomic
def add_named_room(establishment: Establishment, name: str, *, user: User) -> tuple[Room, bool]:
    """A room of this name, not published, and whether it is new: asked for again it is the one from before.

    `user` is named in its history. Raises `InvalidRequest` for a name that no room can have, or that fits
    several; `NotFound` where the establishment is gone.
    """
    name = clean_room_name(name)
    if not Establishment.objects.filter(pk=establishment.pk).lock():
        raise NotFound
    found = RoomFinder(Room.objects.filter(establishment=establishment)).find(name)
    if len(found) > 1:
        raise InvalidRequest
    if found:
        return found[0], False
    room = Room.objects.create(establishment=establishment, name=name)
    Activity.objects.record(user, [room], ADDITION, [{"added": {}}])
    return room, True
