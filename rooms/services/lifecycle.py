"""The life of a room beyond its own row: it is a draft at first, is saved, is removed, and can come back.

A draft begins, a room takes its photos, or it is discarded or purged. Uploading into a draft is `uploads`;
arranging its photos is `gallery`. Rooms and establishments are removed at first, and come back whole, with
all photos, within some weeks. An establishment and its rooms go at the same moment: by it they are known
when the establishment comes back. Who may do it was decided before; `user` is named in the history.
"""

import uuid
from collections.abc import Collection
from copy import copy
from datetime import timedelta
from typing import Any, Final

from django.contrib.admin.models import CHANGE, DELETION
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Now

from rooms.access import find_draft
from rooms.errors import Forbidden, NotFound
from rooms.models import Activity, Draft, Establishment, Gallery, Room, RoomImage, people
from rooms.services import gallery as galleries
from rooms.services import history

IDLE_DAYS: Final = 1
# At most so many at a time, where a page is waiting.
OFFERED_AT_MOST: Final = 5
PURGED_AT_MOST: Final = 5
# A draft that was touched within this time may be open in another tab.
FRESH_MINUTES: Final = 10


def get_or_create(user: User, draft_id: uuid.UUID | None, session_key: str) -> Draft:
    """As `find_draft`, then `take_up`."""
    return take_up(user, find_draft(user, draft_id, session_key), draft_id, session_key)


def take_up(user: User, draft: Draft | None, draft_id: uuid.UUID | None, session_key: str) -> Draft:
    """What `find_draft` found, or a new draft where it found none; this session works on it now."""
    if draft is None:
        draft = _create(user, draft_id, session_key)
    elif draft.session_key != session_key:
        draft.session_key = session_key
        draft.save(update_fields=["session_key"])
    return draft


def take_up_for_form(user: User, draft_id: uuid.UUID | None, session_key: str) -> Draft | None:
    """The draft that a posted add form stands for, open or saved already; None for a form without photos.

    Raises `NotFound` for another user's draft.
    """
    if draft_id is None:
        return find_draft(user, None, session_key)
    try:
        return get_or_create(user, draft_id, session_key)
    except NotFound:  # looked for second: the same form, sent twice, may have been saved this very moment
        saved = Draft.objects.filter(pk=draft_id, user=user, is_saved=True).first()
        if saved is None:
            raise
        return saved


def lock_for_saving(draft: Draft) -> Draft:
    """The draft as it is now, locked: of a form sent twice the second waits here and finds the room.

    The room is not joined: PostgreSQL would look for it as of the moment before the wait.
    """
    return Draft.objects.select_for_update().get(pk=draft.pk)


def attach(draft: Draft, room: Room, *, saved_form: str = "") -> list[RoomImage]:
    """Makes the draft's photos the room's, in their order, in the caller's transaction.

    Removed ones go along, so that they can still be restored. `saved_form` is a digest of the form that
    made the room. Returns the room's photos.
    """
    RoomImage.all_objects.filter(draft=draft).update(room=room, draft=None)
    draft.room, draft.is_saved, draft.saved_form = room, True, saved_form
    draft.save(update_fields=["room", "is_saved", "saved_form"])
    gallery = Gallery(room=room)
    gallery.forget_oldest_removed()
    return gallery.photos().renumber()


def find_session_photo_ids(user: User, session_key: str) -> list[int]:
    """Ids of all temporary photos in the open drafts of one session, oldest draft first."""
    photos: QuerySet[RoomImage] = RoomImage.objects.filter(
        room=None, draft__user=user, draft__session_key=session_key, draft__is_saved=False
    )
    return list(photos.order_by("draft__created_at", "draft_id", "order", "pk").values_list("pk", flat=True))


def find_abandoned(user: User) -> list[Draft]:
    """The user's open drafts with photos, last touched first.

    Each has its `photo_count`, its `present_photos`, and whether `is_fresh`: another tab may work on it.
    """
    fresh = Q(touched_at__gt=Now() - timedelta(minutes=FRESH_MINUTES))
    drafts = Draft.objects.open().filter(user=user)
    counted = drafts.annotate(photo_count=Count("images", filter=Q(images__removed_at=None)), is_fresh=fresh)
    offered = counted.filter(photo_count__gt=0).order_by("-touched_at")[:OFFERED_AT_MOST]
    return list(offered.prefetch_related(Prefetch("images", RoomImage.objects.all(), "present_photos")))


@transaction.atomic
def discard(draft: Draft) -> int:
    """Removes all photos of an open draft at once; returns how many. One saved meanwhile keeps its own."""
    gallery = Gallery(draft=draft)
    try:
        gallery.lock()
    except NotFound:
        return 0
    # Their places stay what they were: all of them come back by these.
    return gallery.photos().update(removed_at=Now())


@transaction.atomic
def restore_discarded(draft: Draft) -> int:
    """Brings back what was removed from the draft last, all of one moment; returns how many photos.

    Raises `LimitReached`, and brings back none, where they do not all fit any more.
    """
    removed = Gallery(draft=draft).removed_photos()
    # Compared where it is stored: SQLite writes a moment in more than one way.
    last = removed.order_by("-removed_at").values("removed_at")[:1]
    photos = list(removed.select_related("draft").filter(removed_at=last))
    for photo in photos:
        galleries.restore(photo)
    return len(photos)


@transaction.atomic
def purge_idle(user: User) -> int:
    """Deletes a few of the user's open drafts that nobody touched for a day; returns how many.

    For pages the user opens: bounded work, and never a draft another tab works on.
    """
    idle = Draft.objects.open().filter(user=user, touched_at__lt=Now() - timedelta(days=IDLE_DAYS))
    locked = Draft.objects.filter(pk__in=list(idle.values_list("pk", flat=True)[:PURGED_AT_MOST])).lock()
    gone = list(idle.filter(pk__in=locked))  # looked at again: one may have been touched meanwhile
    for draft in gone:
        draft.delete()
    return len(gone)


def _create(user: User, draft_id: uuid.UUID | None, session_key: str) -> Draft:
    draft = Draft(
        id=draft_id or uuid.uuid4(), user=user, session_key=session_key, is_default=draft_id is None
    )
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:  # another upload of the same form was quicker
        found = find_draft(user, draft_id, session_key)
        if found is None:
            raise NotFound from None
        return found
    return draft


def find_destinations(user: User, room: Room) -> Any:
    """The establishments that `user` may move `room` to, its own among them."""
    theirs = Establishment.objects.for_user(user)
    if people.sees_everything(user):
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
    if moves and not people.may_move_room(user, before, room.establishment):
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
