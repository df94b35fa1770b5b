"""An establishment: a hotel or guesthouse, with the one user who owns it.

Who else manages it is in `manager`.
"""

from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rooms.models.locking import LockedToDelete
from rooms.models.manager import Manager
from rooms.models.removal import PresentManager, RemovableQuerySet
from rooms.models.roles import sees_everything


class EstablishmentQuerySet(RemovableQuerySet["Establishment"]):
    def for_user(self, user: User) -> Self:
        """Those that `user` may work on: what they own or manage, or all."""
        if sees_everything(user):
            return self
        managed = Manager.objects.filter(user=user).order_by().values("establishment")
        return self.filter(Q(owner=user) | Q(pk__in=managed))

    def lock_contents(self) -> None:
        """No room is added to one meanwhile, and no photo to one of their rooms, removed ones too."""
        rooms: Any = self.model._meta.get_field("rooms").related_model
        rooms.all_objects.using(self.db).filter(establishment__in=self.lock()).lock()


class Establishment(LockedToDelete):
    name = models.CharField(_("name"), max_length=120)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        related_name="establishments",
        on_delete=models.CASCADE,
    )
    city = models.CharField(_("city"), max_length=120, blank=True, default="")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    removed_at = models.DateTimeField(null=True, blank=True, default=None, editable=False)

    objects = PresentManager.from_queryset(EstablishmentQuerySet)()
    all_objects = EstablishmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("establishment")
        verbose_name_plural = _("establishments")
        ordering = ("name", "pk")
        permissions = (("see_every_establishment", "Can work on every establishment"),)

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A manager who becomes the owner is no manager any more, also once they own it no longer."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            Manager.objects.filter(establishment=self, user=self.owner_id).delete()
