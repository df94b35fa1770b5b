"""Rooms and establishments are removed at first, and come back whole, with all photos, within some weeks.

An establishment and its rooms go at the same moment: by it they are known when the establishment comes back.
Who may do it was decided before; `user` is named in the history.
"""

from django.contrib.admin.models import CHANGE, DELETION
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import Now

from rooms.errors import NotFound
from rooms.models import Activity, Establishment, Room
from rooms.services import history


@transaction.atomic
def remove_rooms(rooms: QuerySet[Room], *, user: User) -> int:
    """Hides `rooms` and their photos at once; returns how many. An upload under way finds none any more."""
    going = Room.objects.filter(pk__in=rooms.order_by().values("pk"))
    going = Room.objects.filter(pk__in=going.lock())
    Activity.objects.record(user, going.select_related("establishment"), DELETION)
    return going.update(removed_at=Now())


@transaction.atomic
def remove_establishments(establishments: QuerySet[Establishment], *, user: User) -> int:
    """Hides `establishments` and all their rooms at once; returns how many establishments."""
    going = Establishment.objects.filter(pk__in=establishments.order_by().values("pk"))
    ids = list(going.values_list("pk", flat=True))
    Establishment.objects.filter(pk__in=ids).lock_contents()
    going = Establishment.objects.filter(pk__in=ids)
    Activity.objects.record(user, going, DELETION)
    count = going.update(removed_at=Now())
    # Taken from the row: the database writes the very same moment.
    moment = Establishment.all_objects.filter(pk=OuterRef("establishment")).values("removed_at")
    Room.objects.filter(establishment__in=ids).update(removed_at=moment[:1])
    return count


@transaction.atomic
def restore_room(room: Room, *, user: User) -> Room:
    """The room as it is back: without its number, where another room has that now.

    Raises `NotFound` where its time is over, or where its establishment is not there.
    """
    Establishment.objects.filter(pk=room.establishment_id).lock()
    rows = Room.all_objects.restorable().filter(pk__in=Room.all_objects.filter(pk=room.pk).lock())
    if not rows.exists():
        raise NotFound
    same = Room.all_objects.filter(pk=room.pk)
    try:
        with transaction.atomic():
            same.update(removed_at=None)
    except IntegrityError:  # asked of the constraint itself: the number may be given away this very moment
        same.update(removed_at=None, number="")
    restored = same.select_related("establishment").get()
    _record_restored(user, restored)
    return restored


@transaction.atomic
def restore_establishment(establishment: Establishment, *, user: User) -> Establishment:
    """The establishment, with the rooms that went with it. Raises `NotFound` where its time is over."""
    same = Establishment.all_objects.filter(pk=establishment.pk)
    same.lock_contents()
    if not same.restorable().exists():
        raise NotFound
    went_along = Room.all_objects.filter(
        establishment=establishment.pk, removed_at=F("establishment__removed_at")
    )
    went_along.update(removed_at=None)
    same.update(removed_at=None)
    restored = same.get()
    _record_restored(user, restored)
    return restored


def _record_restored(user: User, thing: Room | Establishment) -> None:
    change = history.describe_restored(thing)
    Activity.objects.record(user, [thing], CHANGE, [change], deed=Activity.Deed.RESTORE)
