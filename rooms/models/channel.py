"""A booking channel: its rules for a room's photos, where they are published, and when somebody checked."""

from datetime import timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rooms.models.photo import RoomImage

# Channels change their rules: after so long somebody should read them again.
FRESH_DAYS: Final = 180


def validate_needs(needs: Any) -> None:
    """Raises `ValidationError` for anything but a list of `{"kind": …, "number": …}`, each kind once."""
    if not isinstance(needs, list) or not all(_is_need(need) for need in needs):
        raise ValidationError(_("Each need names a kind of photo and a number of at least 1."))
    kinds = [need["kind"] for need in needs]
    if len(set(kinds)) != len(kinds):
        raise ValidationError(_("Each kind of photo may be named once."))


def _is_need(need: Any) -> bool:
    return (
        isinstance(need, dict)
        and need.keys() == {"kind", "number"}
        and need["kind"] in RoomImage.Kind.values
        and type(need["number"]) is int
        and need["number"] >= 1
    )


class Channel(models.Model):
    """0, false or an empty list means: no rule."""

    slug = models.SlugField(_("short name"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    active = models.BooleanField(
        _("active"), default=True, db_default=True, help_text=_("Shown under each gallery, and counted.")
    )
    min_photos = models.PositiveSmallIntegerField(_("photos at least"), default=0, db_default=0)
    min_width = models.PositiveIntegerField(
        _("least width in pixels"),
        default=0,
        db_default=0,
        help_text=_("Of an upright photo the longer side counts as its width."),
    )
    min_height = models.PositiveIntegerField(_("least height in pixels"), default=0, db_default=0)
    recommended_side = models.PositiveIntegerField(
        _("recommended longest side in pixels"),
        default=0,
        db_default=0,
        help_text=_("Told, and used for downloads; no rule."),
    )
    landscape = models.BooleanField(
        _("landscape"),
        default=False,
        db_default=False,
        help_text=_("The first five photos are wider than high."),
    )
    max_bytes = models.PositiveBigIntegerField(_("bytes at most"), default=0, db_default=0)
    needs = models.JSONField(
        _("must show"),
        default=list,
        db_default=models.Value([], models.JSONField()),
        blank=True,
        validators=[validate_needs],
    )
    source = models.URLField(_("source"), max_length=500, blank=True, default="", db_default="")
    checked_on = models.DateField(_("checked on"), null=True, blank=True, default=None)
    note = models.TextField(_("note"), blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        # Else `check` asks the database, and makes SQLite's file where there is none yet.
        required_db_features = ("supports_json_field",)
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    @property
    def is_stale(self) -> bool:
        """Whether its figures were last compared with their source too long ago, or never."""
        today = timezone.localdate()
        return self.checked_on is None or today - self.checked_on > timedelta(days=FRESH_DAYS)
