"""How many uploads each user has started lately, refused ones too."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


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
