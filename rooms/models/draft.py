"""A draft: the photos of one opened "add room" form, until the room is saved or the draft is abandoned."""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from rooms.models.locking import LockedToDelete, LockingQuerySet
from rooms.models.room import Room


class DraftQuerySet(LockingQuerySet["Draft"]):
    def for_user(self, user: User) -> Self:
        """A draft belongs to one user; superusers meet all of them."""
        return self if user.is_superuser else self.filter(user=user)

    def open(self) -> Self:
        """Those whose room has not been saved yet."""
        return self.filter(is_saved=False)


class Draft(LockedToDelete):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, related_name="room_drafts", on_delete=models.CASCADE)
    # Which session works on it: what the session's `room_temp_images` mirrors.
    session_key = models.CharField(max_length=64, blank=True, default="", db_index=True)
    # The draft of requests that name none: at most one open one a session.
    is_default = models.BooleanField(default=False)
    is_saved = models.BooleanField(default=False)
    # The room it became: a form sent twice finds its room here instead of making a second one.
    room = models.ForeignKey(Room, null=True, blank=True, related_name="+", on_delete=models.SET_NULL)
    # Digest of that form: another form under the same draft (a duplicated tab) has another one.
    saved_form = models.CharField(max_length=64, blank=True, default="", db_default="")
    created_at = models.DateTimeField(db_default=Now())
    touched_at = models.DateTimeField(db_default=Now())

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("unfinished room")
        verbose_name_plural = _("unfinished rooms")
        indexes = (
            models.Index(fields=("user", "touched_at"), name="draft_of_user"),
            models.Index(fields=("touched_at",), name="draft_idle"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("user", "session_key"),
                condition=models.Q(is_default=True, is_saved=False),
                name="one_default_draft_a_session",
            ),
        )

    @property
    def present_room(self) -> Room | None:
        """The room it became, unless that was removed or deleted since."""
        return None if self.room is None or self.room.removed_at else self.room

    def __str__(self) -> str:
        return str(self.id)
