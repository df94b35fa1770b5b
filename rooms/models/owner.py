"""Owners as platform staff meet them: accounts of the group Owners that can do no more than owners do."""

from typing import Any, ClassVar, Final

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import Group, User, UserManager
from django.db import models, transaction
from django.db.models.signals import post_save
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from rooms.models.people import OWNERS, has_account, link_pending_managers, normalise_address, sees_everything
from rooms.models.room import Establishment

NAME_MAX_CHARS: Final = 100


class AddressTaken(Exception):
    """An account has the address already."""


class OwnerQuerySet(models.QuerySet["Owner"]):
    def for_user(self, user: Any) -> "OwnerQuerySet":
        """All or none: owners do not meet each other."""
        return self if sees_everything(user) else self.none()


class OwnerManager(UserManager.from_queryset(OwnerQuerySet)):  # type: ignore[misc]
    use_in_migrations = False

    def get_queryset(self) -> Any:
        """Staff and superusers are no owners here, nor is whoever was given more than the group gives."""
        mighty = Group.objects.exclude(name=OWNERS).filter(permissions__isnull=False)
        owners = super().get_queryset().filter(groups__name=OWNERS, is_staff=True, is_superuser=False)
        return owners.exclude(pk__in=User.objects.filter(groups__in=mighty).order_by().values("pk")).exclude(
            pk__in=User.objects.filter(user_permissions__isnull=False).order_by().values("pk")
        )

    def invite(self, name: str, email: str, establishment: Establishment | None) -> "Owner":
        """Makes the account of a new owner, without a password, and gives them `establishment`.

        Raises AddressTaken. Two who invite at once wait for each other.
        """
        with transaction.atomic():
            group, _is_new = Group.objects.select_for_update().get_or_create(name=OWNERS)
            email = normalise_address(email)
            if has_account(email):
                raise AddressTaken
            account = User.objects.create_user(
                _free_user_name(email), email, None, is_staff=True, first_name=name
            )
            account.groups.add(group)
            if establishment is not None:
                establishment.owner = account
                establishment.save()
            owner: Owner = self.get(pk=account.pk)
            return owner


class Owner(User):
    class State(models.TextChoices):
        INVITED = "invited", _("Invited")
        ACTIVE = "active", _("Active")
        DEACTIVATED = "deactivated", _("Deactivated")

    objects: ClassVar[OwnerManager] = OwnerManager()

    class Meta:
        proxy = True
        verbose_name = _("owner")
        verbose_name_plural = _("owners")
        ordering = ("first_name", "last_name", "pk")

    def __str__(self) -> str:
        return self.get_full_name() or self.get_username()

    @property
    def state(self) -> "Owner.State":
        if not self.is_active:
            return self.State.DEACTIVATED
        is_waiting = self.password.startswith(UNUSABLE_PASSWORD_PREFIX)
        return self.State.INVITED if is_waiting else self.State.ACTIVE

    def reactivate(self) -> None:
        self.is_active = True
        self.save(update_fields=["is_active"])


post_save.connect(link_pending_managers, sender=Owner)  # a proxy's rows are saved in its own name


def _free_user_name(email: str) -> str:
    stem = slugify(email.partition("@")[0])[:NAME_MAX_CHARS] or "owner"
    taken = set(User.objects.filter(username__startswith=stem).values_list("username", flat=True))
    number, name = 1, stem
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    return name
