"""The life of a draft: it begins, a room takes its photos, or it is discarded or purged.

Uploading into a draft is `uploads`; arranging its photos is `gallery`.
"""

import uuid
from datetime import timedelta
from typing import Final

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import Now

from rooms.access import find_draft
from rooms.errors import NotFound
from rooms.models import Draft, Gallery, Room, RoomImage
from rooms.services import gallery as galleries

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
