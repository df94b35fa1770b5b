"""A room of an establishment. Its photos are in `photo` and `gallery`."""

from collections.abc import Collection
from decimal import Decimal
from typing import Self

from django.contrib.auth.models import User
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from rooms.models.establishment import Establishment
from rooms.models.locking import LockedToDelete
from rooms.models.removal import PresentManager, RemovableQuerySet
from rooms.models.roles import sees_everything


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
