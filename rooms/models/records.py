"""What is recorded of people's work and of the cleanup's: for platform staff to read, and to keep a measure.

The activity says who did what to which photo, room, establishment or account. A row is never changed, and
outlives what it names: names are kept as text, and ids are no foreign keys. A failed upload has no file
name, and nothing else from the file. Of the cleanup's runs, dry ones change nothing and are not kept.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.admin.models import ACTION_FLAG_CHOICES, ADDITION, DELETION, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rooms.models.room import Establishment, Room

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


class UploadFailure(models.Model):
    class Where(models.TextChoices):
        ROOM = "room", _("into a room")
        DRAFT = "draft", _("into an unfinished room")
        PAGE = "page", _("in the page")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        related_name="+",
        null=True,
        on_delete=models.SET_NULL,
        db_index=False,  # the index on user and date serves it
    )
    room = models.ForeignKey(
        Room, verbose_name=_("room"), related_name="+", null=True, default=None, on_delete=models.SET_NULL
    )
    code = models.CharField(_("code"), max_length=30)
    # What lay behind it: names of errors, never their words, in which a path may stand.
    cause = models.CharField(_("cause"), max_length=100, blank=True, default="")
    # The file's; of one that was not read to its end what was announced.
    bytes = models.PositiveBigIntegerField(_("size"), null=True, default=None)
    claimed_type = models.CharField(_("claimed type"), max_length=60, blank=True, default="")
    browser = models.CharField(_("browser"), max_length=30, blank=True, default="")
    where = models.CharField(_("where"), max_length=10, choices=Where)
    created_at = models.DateTimeField(_("when"), db_default=Now(), db_index=True)

    class Meta:
        verbose_name = _("failed upload")
        verbose_name_plural = _("failed uploads")
        ordering = ("-pk",)
        default_permissions = ("view",)
        indexes = (models.Index(fields=("user", "created_at"), name="failure_of_user"),)

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class FailureTotalManager(models.Manager["FailureTotal"]):
    def count_one(self, code: str) -> None:
        """Adds one, in a single statement but for the very first time. Others wait for the commit."""
        if not self._add_one(code):
            self.bulk_create([FailureTotal(code=code)], ignore_conflicts=True)
            self._add_one(code)

    def _add_one(self, code: str) -> int:
        return self.filter(pk=code).update(count=models.F("count") + 1)


class FailureTotal(models.Model):
    """How many there ever were: it only grows, whatever is not kept, or deleted later."""

    code = models.CharField(primary_key=True, max_length=30)
    count = models.PositiveBigIntegerField(default=0, db_default=0)

    objects = FailureTotalManager()

    class Meta:
        verbose_name = _("total of failed uploads")
        verbose_name_plural = _("totals of failed uploads")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.code} {self.count}"


class UploadCount(models.Model):
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, related_name="+", on_delete=models.CASCADE
    )
    count = models.PositiveIntegerField(default=0)
    # Counting starts anew with the first upload ten minutes after this.
    since = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("upload count")
        verbose_name_plural = _("upload counts")

    def __str__(self) -> str:
        return str(self.count)


class CleanupRunQuerySet(models.QuerySet["CleanupRun"]):
    def last_good_at(self) -> datetime | None:
        """When the last run without errors ended."""
        good = self.filter(finished_at__isnull=False, errors=[]).order_by("-pk")
        return good.values_list("finished_at", flat=True).first()

    def delete_oldest(self, kept: int) -> None:
        """Deletes all but the last `kept` runs."""
        oldest_kept = self.order_by("-pk").values_list("pk", flat=True)[kept - 1 : kept].first()
        if oldest_kept is not None:
            self.filter(pk__lt=oldest_kept).delete()


class CleanupRun(models.Model):
    started_at = models.DateTimeField(_("started"), db_default=Now())
    # None while it runs, and for ever after it was killed.
    finished_at = models.DateTimeField(_("finished"), null=True, default=None)
    days = models.PositiveIntegerField(_("days"))
    with_audit = models.BooleanField(_("with audit"), default=False)
    forced = models.BooleanField(_("forced"), default=False)
    photos = models.PositiveIntegerField(_("photos"), default=0)
    files = models.PositiveIntegerField(_("files"), default=0)
    bytes = models.PositiveBigIntegerField(_("size"), default=0)
    # Sentences: what could not be removed, and what an audit found.
    errors = models.JSONField(_("errors"), default=list)
    findings = models.JSONField(_("findings"), default=list)

    objects = CleanupRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("cleanup")
        verbose_name_plural = _("cleanups")
        # Else `check` asks the database, and makes SQLite's file where there is none yet.
        required_db_features = ("supports_json_field",)
        ordering = ("-pk",)
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
