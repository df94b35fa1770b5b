"""A gallery: the ordered photos of one room, or of one draft. Both obey the same rules.

It is no table but a view of one: what it can do is lock itself and name its photos.
"""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models.functions import Now

from rooms.errors import NotFound
from rooms.models.draft import Draft
from rooms.models.loose_file import LooseFile
from rooms.models.photo import RoomImage, RoomImageQuerySet
from rooms.models.room import Room


@dataclass(frozen=True)
class Gallery:
    """Names its holder: just one of `room` and `draft`."""

    room: Room | None = None
    draft: Draft | None = None

    @classmethod
    def of(cls, photo: RoomImage) -> "Gallery":
        """The gallery `photo` is in. Raises `NotFound` for a photo in none."""
        if photo.room is None and photo.draft is None:
            raise NotFound
        return cls(room=photo.room, draft=photo.draft)

    @property
    def holder(self) -> dict[str, Any]:
        """The columns that say "in this gallery", on photos and loose files alike."""
        return {"room": self.room} if self.room is not None else {"draft": self.draft}

    def lock(self) -> None:
        """Serialises all changes of this gallery until the transaction ends.

        Raises `NotFound` where its room is gone or its draft was saved meanwhile.
        """
        holders: models.QuerySet[Any] = (
            Room.objects.filter(pk=self.room.pk)
            if self.room is not None
            else Draft.objects.open().filter(pk__in=[self.draft.pk] if self.draft else [])
        )
        # Unordered: ordering by the establishment's name would join it in, and lock it too.
        if not holders.order_by().select_for_update().values_list("pk"):
            raise NotFound

    def photos(self) -> RoomImageQuerySet:
        """Its present photos, in order."""
        return RoomImage.objects.filter(**self.holder)

    def removed_photos(self) -> RoomImageQuerySet:
        """Those that can still be restored."""
        return RoomImage.all_objects.filter(**self.holder).removed()

    def count_in_flight(self, *, but_upload_id: Any = None) -> int:
        """Uploads under way, each of which holds a place."""
        uploads = LooseFile.objects.in_flight().filter(**self.holder)
        return (uploads.exclude(upload_id=but_upload_id) if but_upload_id else uploads).count()

    def touch(self) -> None:
        """Notes that somebody works here, so that no cleanup takes the draft meanwhile."""
        if self.draft is not None:
            Draft.objects.filter(pk=self.draft.pk).update(touched_at=Now())
