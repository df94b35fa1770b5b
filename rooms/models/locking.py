"""How rows that have photos are locked, before they change and before they are deleted."""

from typing import Any

from django.db import models, transaction


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
