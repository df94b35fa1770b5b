"""A gallery: the ordered photos of one room, or of one draft. What happens when photos or owners go.

It is not a table: it locks a room or a draft, and finds its photos. Both obey the same rules. A photo that
is in two rooms is recognised by its fingerprint. Only equal ones count: rooms of one kind look alike, and
so do the photos that were taken in each of them.

What happens when a photo, a room, an establishment or a user is deleted:

- A photo's files become pending in its transaction. django-cleanup deletes them after the commit, and
  then their entries go. Its gallery is renumbered, unless the whole gallery is deleted.
- Django's cascade deletes the photos of a room, the rooms of an establishment and the photos of a draft.
  `rows` makes sure that no photo arrives meanwhile. The row of a saved draft, or of a file on its way,
  stays and no longer names the room (`SET_NULL`).
- With a user go their establishments and drafts, and what others uploaded there. What they uploaded into
  others' rooms stays, and so does their line in a list of managers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Case, F, Max, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Concat, Now
from django.db.models.signals import post_delete, pre_delete
from django.dispatch import receiver
from django_cleanup.signals import cleanup_post_delete

from rooms.errors import NotFound
from rooms.limits import REMOVED_MAX_COUNT
from rooms.models import photo_files
from rooms.models.photo import RoomImage, RoomImageQuerySet
from rooms.models.photo_files import PendingFile
from rooms.models.room import Draft, Establishment, Room
from rooms.models.rows import restorable_time

# As `Room.label`.
_LABEL = Case(
    When(room__number="", then=F("room__name")),
    default=Concat("room__name", Value(" · "), "room__number"),
)


def find_shared(fingerprints: Sequence[str]) -> set[tuple[int, str]]:
    """Those that photos of two rooms of an establishment have, each with the establishment's id. One query.

    To look for the other rooms of each photo would read a photo that a thousand rooms have a million times.
    """
    photos = photos_of_rooms(fingerprints)
    found = photos.values_list("room__establishment", "fingerprint").annotate(Min("room"), Max("room"))
    return {(establishment, fingerprint) for establishment, fingerprint, first, last in found if first < last}


def photos_of_rooms(fingerprints: Sequence[str]) -> RoomImageQuerySet:
    """The present photos of rooms that have one of these fingerprints, in no order."""
    photos = RoomImage.objects.order_by().filter(fingerprint__among=fingerprints)
    return photos.filter(room__isnull=False, room__removed_at=None)


def label_of_other_room(fingerprint: Any, room: Any, establishment: Any) -> Subquery:
    """An expression: the first by name of the other rooms that have a present photo of that fingerprint."""
    found = RoomImage.objects.filter(
        ~Q(room=room), fingerprint=fingerprint, room__establishment=establishment, room__removed_at=None
    )
    return Subquery(found.order_by("room__name", "room_id").values(label=_LABEL)[:1])


@dataclass(frozen=True)
class Gallery:
    """Belongs to exactly one of `room` and `draft`."""

    room: Room | None = None
    draft: Draft | None = None

    @classmethod
    def of(cls, photo: RoomImage) -> "Gallery":
        """The gallery `photo` is in. Raises `NotFound` for a photo in none."""
        if photo.room is None and photo.draft is None:
            raise NotFound
        return cls(room=photo.room, draft=photo.draft)

    @cached_property
    def owner_filter(self) -> dict[str, Any]:
        """The columns that say "in this gallery", on photos and pending files alike."""
        return {"room": self.room} if self.room is not None else {"draft": self.draft}

    def get_room(self) -> Room:
        """Raises `NotFound` for a draft's."""
        if self.room is None:
            raise NotFound
        return self.room

    def lock(self) -> None:
        """Serialises all changes of this gallery until the transaction ends.

        Touches a draft, so that no cleanup takes it while somebody works on it. Raises
        `NotFound` where the room is gone or the draft was saved meanwhile.
        """
        row = self.row()
        # Writing a row locks it too.
        if not (row.lock() if self.room is not None else row.update(touched_at=Now())):
            raise NotFound

    def row(self) -> Any:
        """The room, or the draft while it is open, as a query: what `lock` locks."""
        if self.room is not None:
            return Room.objects.filter(pk=self.room.pk)
        return Draft.objects.open().filter(pk__in=[self.draft.pk] if self.draft else [])

    def lock_for(self, fingerprint: str) -> str | None:
        """As `lock`; the same statement finds another room with a photo of that fingerprint: its label."""
        if self.room is None:
            self.lock()
            return None
        other = label_of_other_room(fingerprint, self.room.pk, self.room.establishment_id)
        labels: list[str | None] = self.row().lock(other)
        if not labels:
            raise NotFound
        return labels[0]

    def photos(self) -> RoomImageQuerySet:
        """Its present photos, in order."""
        return RoomImage.objects.filter(**self.owner_filter)

    def photos_for_advice(self) -> RoomImageQuerySet:
        """As `photos`; those of a room know whether another room has them too, which takes looking for."""
        if self.room is None:
            return self.photos()
        other = label_of_other_room(OuterRef("fingerprint"), self.room.pk, self.room.establishment_id)
        columns = {"also_in": other}
        return self.photos().annotate(**columns)

    def removed_photos(self) -> RoomImageQuerySet:
        """Those that can still be restored; the cleanup takes the others when it comes."""
        return self._all_removed().filter(removed_at__gt=Now() - restorable_time())

    def forget_oldest_removed(self) -> None:
        """Deletes what was removed before the last twenty of a room; the caller holds the lock.

        A draft needs no such bound: its removed photos count towards its user's quota.
        """
        if self.room is None:
            return
        for photo in self._all_removed().order_by("-removed_at", "-pk")[REMOVED_MAX_COUNT:]:
            photo.delete()

    def _all_removed(self) -> RoomImageQuerySet:
        return RoomImage.all_objects.filter(**self.owner_filter).removed()

    def count_in_flight(self) -> int:
        """Uploads under way, each of which holds a place."""
        return PendingFile.objects.in_flight().filter(**self.owner_filter).count()


@receiver(post_delete, sender=RoomImage)
def list_files_as_pending(instance: RoomImage, origin: Any = None, **kwargs: Any) -> None:
    """In the transaction that deletes a photo, by a page, a cascade or the shell."""
    if instance.image:
        photo_files.list_deletion(instance.file_name)
    if getattr(origin, "model", type(origin)) is RoomImage:  # else the whole gallery goes
        instance._renumber(instance._locked_galleries())


@receiver(cleanup_post_delete, sender=RoomImage)
def strike_deleted_files_off(file_name: str, success: bool, **kwargs: Any) -> None:
    if success:
        photo_files.strike_off(file_name)


@receiver(pre_delete, sender=settings.AUTH_USER_MODEL)
def delete_what_a_user_owns(instance: Any, using: str, **kwargs: Any) -> None:
    """In the transaction that deletes the user, before anything of theirs is deleted.

    Django collects what a deletion takes before it begins the transaction; a photo that arrives after
    that would point to a room that is gone. Deleted here, under locks, all of it is found.
    """
    drafts = Draft.objects.using(using).filter(user=instance)
    establishments = Establishment.all_objects.using(using).filter(owner=instance)
    # In the order of uploads: their gallery, then their user, whose row they hold for the foreign key.
    drafts.lock()
    establishments.lock_contents()
    users = get_user_model()._default_manager.using(using).filter(pk=instance.pk)
    users.select_for_update().values_list("pk").first()
    drafts.delete()
    establishments.delete()
