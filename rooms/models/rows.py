"""What tables build on: rows that are locked, hidden while removed, or know what they hold.

A row with photos is locked before it changes and before it is deleted. A removed one is hidden, and kept
for a while so that it can be restored: the time counts by the database's clock, and afterwards the cleanup
deletes it. A photo's row knows what it holds in the database, so that a save knows what it changes. Columns
that were not read (`only`, `defer`) are only read when a save needs them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any, Final, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Now
from django_cleanup import cleanup

from rooms.pixels.rendering import FINGERPRINT_BITS


class LockingQuerySet[Row: models.Model](models.QuerySet[Row]):
    def lock(self, column: Any = "pk") -> list[Any]:
        """Locks the rows until the transaction ends, in one order for everybody.

        Returns their ids, or what `column` says of each.
        """
        return list(self.order_by("pk").select_for_update(of=("self",)).values_list(column, flat=True))

    def lock_contents(self) -> None:
        """Locks the rows, and all that photos can arrive in and that goes with them."""
        self.lock()

    def delete(self) -> tuple[int, dict[str, int]]:
        """Waits for uploads in the moment of adding their photo: none may arrive in what is half deleted."""
        with transaction.atomic(using=self.db):
            self.lock_contents()
            return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class LockedToDelete(models.Model):
    """A row that is deleted as its QuerySet deletes it."""

    class Meta:
        abstract = True

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """As `LockingQuerySet.delete`."""
        # Not by the manager, which may hide it: a removed row is locked too.
        rows: Any = type(type(self)._default_manager.all())(type(self)).filter(pk=self.pk)
        with transaction.atomic():
            rows.lock_contents()
            return super().delete(*args, **kwargs)


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


@dataclass(frozen=True)
class Stored:
    """The file of a row, then what decides its place. Without values: of a row that is not there yet."""

    image: str = ""
    room_id: Any = None
    draft_id: Any = None
    order: int = 0
    removed_at: Any = None

    def is_moved(self, before: "Stored") -> bool:
        """Whether its place is another one than `before`, or none yet."""
        return self.order == 0 or replace(self, image=before.image) != before

    @property
    def gallery(self) -> tuple[Any, Any]:
        return self.room_id, self.draft_id


_COLUMNS: Final = tuple(field.name for field in fields(Stored))


class RemembersStored(models.Model):
    # None: not known, for the row was read in part.
    _stored: Stored | None = None

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        row = super().from_db(*args, **kwargs)
        loaded = row.__dict__
        if loaded.keys() >= set(_COLUMNS):
            image, *place = [loaded[name] for name in _COLUMNS]
            row._stored = Stored(str(image or ""), *place)
        return row

    def refresh_from_db(self, using: Any = None, fields: Any = None, from_queryset: Any = None) -> None:
        super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)
        self._remember(self._columns_among(fields))

    def _remember(self, columns: Iterable[str]) -> None:
        """The object's values of `columns` are the database's now."""
        values = self._values(columns)
        if self._stored is not None:
            self._stored = replace(self._stored, **values)
        elif len(values) == len(_COLUMNS):
            self._stored = Stored(**values)

    def _get_stored(self) -> Stored:
        """Asks the database where it is not known."""
        if self._stored is None:
            row = type(self)._base_manager.filter(pk=self.pk).values(*_COLUMNS).first()
            self._stored = Stored(**row) if row else Stored()
        return self._stored

    def _tell_cleanup(self, stored: Stored) -> None:
        """What it removes, once another file is saved, is the one that the row holds now.

        By itself it takes the first that it sees, and fails over a row that was read without.
        """
        assigned, self.__dict__["image"] = self.__dict__["image"], stored.image
        cleanup.refresh(self)
        self.__dict__["image"] = assigned

    def _values(self, columns: Iterable[str]) -> dict[str, Any]:
        # From __dict__, so that a deferred column is not fetched for this.
        values = {name: self.__dict__[name] for name in columns if name in self.__dict__}
        if "image" in values:
            values["image"] = str(values["image"] or "")
        return values

    def _columns_among(self, names: Iterable[str] | None) -> set[str]:
        """Which of these columns are among fields that are written or read; None stands for all loaded."""
        if names is None:
            return {name for name in _COLUMNS if name in self.__dict__}
        bare = {name.removesuffix("_id") for name in names}
        return {name for name in _COLUMNS if name.removesuffix("_id") in bare}


def _own_column(name: str, output_field: Any) -> models.GeneratedField:
    """Written by the database itself, whoever writes the row: it cannot differ from the JSON."""
    value = Cast(KT(f"metrics__{name}"), output_field)
    return models.GeneratedField(expression=value, output_field=output_field, db_persist=True)


class Measured(models.Model):
    # None for a photo from before they were measured.
    metrics = models.JSONField(null=True, blank=True, default=None, editable=False)
    # The same as columns, for a search would open the JSON of every row.
    brightness = _own_column("brightness", models.FloatField(null=True))
    sharpness = _own_column("sharpness", models.FloatField(null=True))
    fingerprint = _own_column("fingerprint", models.CharField(max_length=FINGERPRINT_BITS // 4, null=True))

    # Of a photo of `Gallery.photos_for_advice`: the label of another room with the same one.
    also_in: str | None = None

    class Meta:
        abstract = True
