"""Pending files: an upload is about to write them, or a deletion is about to delete them.

An entry is written before its file, and removed in the transaction that creates the photo. It is written
again in the transaction that deletes the photo, and removed once the files are gone. So after a crash a
list names all files without a photo, and nobody has to search the storage.
"""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from rooms.limits import UPLOAD_LEASE_MINUTES
from rooms.models.draft import Draft
from rooms.models.room import Room


class PendingFileQuerySet(models.QuerySet["PendingFile"]):
    def uploads(self) -> Self:
        """Files about to be written, by an upload under way or one that died."""
        return self.filter(kind=PendingFile.Kind.UPLOAD)

    def deletions(self) -> Self:
        """Files about to be removed."""
        return self.filter(kind=PendingFile.Kind.DELETE)

    def in_flight(self) -> Self:
        """Uploads under way: each holds a place in its gallery and its user's quota."""
        return self.uploads().filter(noted_at__gte=lease_start())

    def removable(self) -> Self:
        """Files nobody waits for any more: deletions, and uploads that died."""
        is_upload = models.Q(kind=PendingFile.Kind.UPLOAD)
        return self.exclude(is_upload & models.Q(noted_at__gte=lease_start()))

    def to_delete(self) -> int:
        """Makes deletions of them: an upload that began one then fails. Returns how many."""
        return self.update(kind=PendingFile.Kind.DELETE)


class PendingFile(models.Model):
    class Kind(models.TextChoices):
        UPLOAD = "upload", "upload"
        DELETE = "delete", "delete"

    # The master's name; those of the smaller versions follow from it.
    name = models.CharField(max_length=255, unique=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.DELETE, db_default=Kind.DELETE)
    # The lease of an upload begins then.
    noted_at = models.DateTimeField(db_default=Now())
    # SET_NULL: should the room or draft go while its upload runs, the entry must stay.
    room = models.ForeignKey(Room, null=True, default=None, related_name="+", on_delete=models.SET_NULL)
    draft = models.ForeignKey(Draft, null=True, default=None, related_name="+", on_delete=models.SET_NULL)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, default=None, related_name="+", on_delete=models.SET_NULL
    )
    upload_id = models.UUIDField(null=True, default=None)
    # The photo's present file, where another one is being made of it: one at a time, or work is wasted.
    replaces = models.CharField(  # noqa: DJ001  # many replace nothing, and "" would be unique
        max_length=255, unique=True, null=True, default=None
    )

    objects = PendingFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("pending file")
        verbose_name_plural = _("pending files")

    def __str__(self) -> str:
        return self.name


def lease_start() -> models.expressions.CombinedExpression:
    """The moment, by the database's clock, before which an upload still under way has died."""
    return Now() - timedelta(minutes=UPLOAD_LEASE_MINUTES)
