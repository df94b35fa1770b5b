"""The managers of an establishment: its owner, or the platform's staff, name them.

A manager is named by an e-mail address, and the list of managers shows only what was typed. An owner who
adds an address sees the same line whether it is unknown, without access, or somebody's. So the list does
not reveal who has an account. An address without an account waits for one.

`roles` decides what a manager may do.
"""

from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

MANAGERS_AT_MOST: Final = 50


class Manager(models.Model):
    establishment = models.ForeignKey(
        "rooms.Establishment", related_name="managers", on_delete=models.CASCADE
    )
    email = models.EmailField(_("e-mail address"))
    # SET_NULL: a line that went with its account would show that there had been one.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        related_name="+",
        null=True,
        blank=True,
        default=None,
        editable=False,
        on_delete=models.SET_NULL,
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    invited_at = models.DateTimeField(null=True, blank=True, default=None, editable=False)
    # By the invitation's link: that somebody signed in would tell the owner who has an account.
    accepted_at = models.DateTimeField(null=True, blank=True, default=None, editable=False)

    class Meta:
        verbose_name = _("manager")
        verbose_name_plural = _("managers")
        ordering = ("email", "pk")
        default_permissions = ()  # `roles` decides by the establishment
        constraints = (
            models.UniqueConstraint(
                fields=("establishment", "email"),
                name="manager_once_an_establishment",
            ),
        )

    def __str__(self) -> str:
        return self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Finds the account of an address that has none yet."""
        self.email = normalise_address(self.email)
        if self.user_id is None:
            self.user = find_account(self.email)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Names the addresses that are not needed on the list. The list shows the same."""
        self.email = normalise_address(self.email)
        if self.establishment_id is None or not self._state.adding:
            return
        if self.email == normalise_address(self.establishment.owner.email):
            raise ValidationError({"email": _("This is the owner's own address: they manage it anyway.")})
        # The constraint, which forms inside an establishment's page do not look at.
        if Manager.objects.filter(establishment=self.establishment_id, email=self.email).exists():
            raise ValidationError({"email": _("This address is on the list already.")})


def normalise_address(email: str | None) -> str:
    """An address as it is kept and compared: nobody has two mailboxes that differ in capitals alone."""
    return (email or "").strip().lower()


def find_account(email: str) -> User | None:
    """Who may sign in to the back-office under this address.

    None where two accounts share it: it is not clear whom the owner meant.
    """
    if not email:
        return None
    users = get_user_model().objects.filter(email__iexact=email, is_active=True, is_staff=True)
    # Compared again: to a database's ignorance of case, other letters may look alike too.
    found = [user for user in users if normalise_address(user.email) == email]
    return found[0] if len(found) == 1 else None


@receiver(post_save, sender=settings.AUTH_USER_MODEL)
def link_pending_managers(instance: User, raw: bool, update_fields: Any = None, **kwargs: Any) -> None:
    """An account that is made, or gets its address, takes the places that wait under it."""
    if raw or not instance.email or (update_fields and set(update_fields) <= {"last_login", "password"}):
        return
    waiting = Manager.objects.filter(email=normalise_address(instance.email), user=None)
    for manager in waiting:
        manager.save()
