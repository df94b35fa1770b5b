"""The figures of `pixels.metrics` on a photo's row."""

from typing import Any

from django.db import models
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from rooms.pixels.metrics import FINGERPRINT_BITS


def _own_column(name: str, output_field: Any) -> models.GeneratedField:
    """Written by the database itself, whoever writes the row: it cannot differ from the JSON."""
    value = Cast(KT(f"metrics__{name}"), output_field)
    return models.GeneratedField(expression=value, output_field=output_field, db_persist=True)


class Measured(models.Model):
    # None for a photo from before they were measured.
    metrics = models.JSONField(null=True, blank=True, default=None, editable=False)
    # The same as columns, for a search would open the JSON of every row.
    brightness = _own_column("brightness", models.FloatField(null=True))
    sharpness = _own_column("sharpness", models.FloatField(null=True))
    fingerprint = _own_column("fingerprint", models.CharField(max_length=FINGERPRINT_BITS // 4, null=True))

    # Of a photo that was found `with_other_rooms`: the label of another room with the same one.
    also_in: str | None = None

    class Meta:
        abstract = True
