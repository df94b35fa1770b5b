"""A gallery: the ordered photos of one room, or of one draft. Both obey the same rules.

It is not a table: it locks a room or a draft, and finds its photos.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models.functions import Now

from rooms.errors import NotFound
from rooms.limits import REMOVED_MAX_COUNT
from rooms.models.draft import Draft
from rooms.models.pending_file import PendingFile
from rooms.models.photo import RoomImage, RoomImageQuerySet
from rooms.models.removal import restorable_time
from rooms.models.room import Room
from rooms.models.twins import label_of_other_room, with_other_room


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
        if self.room is not None:
            is_there = bool(self.row().lock())
        else:
            is_there = bool(self.row().update(touched_at=Now()))  # writing the row locks it
        if not is_there:
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
        photos = self.photos()
        return photos if self.room is None else with_other_room(photos, self.room.establishment_id)

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
