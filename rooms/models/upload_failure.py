"""Uploads that failed, and how many there have been.

A failure has no file name, and nothing else from the file.
"""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from rooms.models.room import Room


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
