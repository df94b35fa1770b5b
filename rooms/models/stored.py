"""What a photo's row holds in the database, so that a save knows what it changes.

Columns that were not read (`only`, `defer`) are only read when a save needs them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Self

from django.db import models
from django_cleanup import cleanup


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
