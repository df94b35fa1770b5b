"""The record of each run of the cleanup, for platform staff. Dry runs change nothing and are not kept."""

from datetime import datetime

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


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
