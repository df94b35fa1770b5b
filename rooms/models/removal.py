"""Removed rows: hidden, and kept for a while so that they can be restored.

The time counts by the database's clock. Afterwards the cleanup deletes them.
"""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from rooms.models.locking import LockingQuerySet


class PresentManager[Row: models.Model](models.Manager[Row]):
    """Without what was removed."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(removed_at=None)


def restorable_time() -> timedelta:
    return timedelta(days=settings.ROOM_PHOTO_RESTORABLE_DAYS)


class RemovableQuerySet[Row: models.Model](LockingQuerySet[Row]):
    def restorable(self) -> Self:
        """Those that can still be restored."""
        return self.filter(removed_at__gt=Now() - restorable_time())
