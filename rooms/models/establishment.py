"""An establishment: a hotel or guesthouse, with the one user who owns it."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rooms.models.roles import sees_everything


class EstablishmentQuerySet(models.QuerySet["Establishment"]):
    def for_user(self, user: Any) -> Self:
        """Those that `user` may work on."""
        return self if sees_everything(user) else self.filter(owner=user)


class Establishment(models.Model):
    name = models.CharField(_("name"), max_length=120)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        related_name="establishments",
        on_delete=models.CASCADE,
    )
    city = models.CharField(_("city"), max_length=120, blank=True, default="")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = EstablishmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("establishment")
        verbose_name_plural = _("establishments")
        ordering = ("name", "pk")
        permissions = (("see_every_establishment", "Can work on every establishment"),)

    def __str__(self) -> str:
        return self.name
