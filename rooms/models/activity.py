"""The activity: who did what to which photo, room, establishment or account. A row is never changed.

It outlives what it names: names are kept as text, and ids are no foreign keys.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.admin.models import ACTION_FLAG_CHOICES, ADDITION, DELETION, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rooms.models.establishment import Establishment

NAME_MAX_CHARS = 200


class ActivityManager(models.Manager["Activity"]):
    def record(
        self,
        user: User,
        things: Iterable[Any],
        flag: int,
        message: Any = "",
        *,
        deed: str = "",
        photo: Any = None,
    ) -> list["Activity"]:
        """One row for each of `things`, in one INSERT. `message` and `flag` are those of Django's log.

        Without a `deed` it is what the flag says.
        """
        text = message if isinstance(message, str) else json.dumps(message)
        plain = {ADDITION: Activity.Deed.ADD, DELETION: Activity.Deed.DELETE}.get(flag, Activity.Deed.CHANGE)
        rows = [
            Activity(
                user_id=user.pk,
                user_name=user.get_username()[:NAME_MAX_CHARS],
                content_type=ContentType.objects.get_for_model(thing, for_concrete_model=False),
                object_id=str(thing.pk),
                object_repr=str(thing)[:NAME_MAX_CHARS],
                action_flag=flag,
                deed=deed or plain,
                change_message=text,
                photo_id=photo.pk if photo is not None else None,
                **_establishment_of(thing),
            )
            for thing in things
        ]
        return self.bulk_create(rows)


class Activity(models.Model):
    class Deed(models.TextChoices):
        UPLOAD = "upload", _("Photo added")
        REPLACE = "replace", _("Photo replaced")
        REMOVE = "remove", _("Photo removed")
        RESTORE = "restore", _("Restored")
        REORDER = "reorder", _("Photos arranged")
        DESCRIBE = "describe", _("Photo described")
        ROTATE = "rotate", _("Photo rotated")
        MOVE = "move", _("Moved")
        ADD = "add", _("Added")
        CHANGE = "change", _("Changed")
        DELETE = "delete", _("Deleted")

    action_time = models.DateTimeField(_("when"), default=timezone.now, db_default=Now())
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        related_name="+",
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
    )
    user_name = models.CharField(_("person"), max_length=NAME_MAX_CHARS)
    content_type = models.ForeignKey(
        ContentType, null=True, related_name="+", on_delete=models.SET_NULL, db_index=False
    )
    object_id = models.CharField(max_length=64)
    object_repr = models.CharField(_("what"), max_length=NAME_MAX_CHARS)
    establishment_id = models.BigIntegerField(null=True, default=None)
    establishment_name = models.CharField(
        _("establishment"), max_length=NAME_MAX_CHARS, blank=True, default=""
    )
    photo_id = models.BigIntegerField(null=True, default=None)
    action_flag = models.PositiveSmallIntegerField(choices=ACTION_FLAG_CHOICES)
    deed = models.CharField(_("deed"), max_length=10, choices=Deed)
    change_message = models.TextField(blank=True, default="")

    objects = ActivityManager()

    class Meta:
        verbose_name = _("deed")
        verbose_name_plural = _("deeds")
        ordering = ("-pk",)
        default_permissions = ("view",)
        indexes = (
            models.Index(fields=("content_type", "object_id"), name="deed_on_thing"),
            models.Index(fields=("user", "id"), name="deed_of_person"),
            models.Index(fields=("establishment_id", "id"), name="deed_in_establishment"),
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    def get_change_message(self) -> str:
        """The sentence of Django's log, in the active language."""
        return str(LogEntry.get_change_message(self))  # type: ignore[arg-type]  # reads `change_message` alone


def _establishment_of(thing: Any) -> dict[str, Any]:
    place = thing if isinstance(thing, Establishment) else getattr(thing, "establishment", None)
    if not isinstance(place, Establishment):
        return {}
    return {"establishment_id": place.pk, "establishment_name": place.name[:NAME_MAX_CHARS]}
