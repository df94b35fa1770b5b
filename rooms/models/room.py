"""Establishments and their rooms, and drafts, which are rooms that have not been saved yet.

An establishment is a hotel or guesthouse, with the one user who owns it; who else manages it is in
`people`. A draft holds the photos of one opened "add room" form, until the room is saved or the draft is
abandoned. The photos of both are in `photo` and `gallery`.
"""

import uuid
from collections.abc import Collection
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from rooms.models.people import Manager, sees_everything
from rooms.models.rows import LockedToDelete, LockingQuerySet, PresentManager, RemovableQuerySet


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


class RoomQuerySet(RemovableQuerySet["Room"]):
    def for_user(self, user: User) -> Self:
        """Those of the establishments that `user` may work on."""
        if sees_everything(user):
            return self
        return self.filter(establishment__in=Establishment.objects.for_user(user))

    def restorable(self) -> Self:
        """One that went with its establishment comes back with it."""
        return super().restorable().filter(establishment__removed_at=None)


class Room(LockedToDelete):
    class Kind(models.TextChoices):
        SINGLE = "single", _("Single")
        DOUBLE = "double", _("Double")
        TWIN = "twin", _("Twin")
        FAMILY = "family", _("Family")
        SUITE = "suite", _("Suite")
        DORMITORY = "dormitory", _("Dormitory")
        APARTMENT = "apartment", _("Apartment")

    establishment = models.ForeignKey(
        Establishment, verbose_name=_("establishment"), related_name="rooms", on_delete=models.CASCADE
    )
    name = models.CharField(_("name"), max_length=120)
    number = models.CharField(
        _("room number"),
        max_length=20,
        blank=True,
        default="",
        help_text=_("Unique in the establishment; may stay empty."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.DOUBLE)
    capacity = models.PositiveSmallIntegerField(
        _("capacity"), default=2, validators=[MinValueValidator(1)], help_text=_("Number of guests.")
    )
    beds = models.CharField(
        _("beds"), max_length=120, blank=True, default="", help_text=_("For example: 1 double bed 160 cm.")
    )
    surface_m2 = models.PositiveSmallIntegerField(_("surface in m²"), null=True, blank=True)
    price_night = models.DecimalField(
        _("price a night in €"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    description = models.TextField(_("description"), blank=True, default="", max_length=4000)
    published = models.BooleanField(
        _("published"), default=False, help_text=_("Published rooms can be booked by guests.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    removed_at = models.DateTimeField(null=True, blank=True, default=None, editable=False)

    objects = PresentManager.from_queryset(RoomQuerySet)()
    all_objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ("establishment", "name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("establishment", "number"),
                condition=~models.Q(number="") & models.Q(removed_at=None),
                name="room_number_unique_in_establishment",
                violation_error_message=_("This establishment already has a room with this number."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """A form without `removed_at` asks all the same whether the number is free."""
        super().validate_constraints(exclude=set(exclude or ()) - {"removed_at"})

    @property
    def label(self) -> str:
        """Its name and, where it has one, its number: tells apart rooms of the same name."""
        return f"{self.name} · {self.number}" if self.number else self.name


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
