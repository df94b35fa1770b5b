"""How fast one user may send photos. What may be in one is the business of `images` and `uploads`."""

import math
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from rooms import limits
from rooms.errors import RateLimited
from rooms.models import UploadCount

WINDOW: Final = timedelta(minutes=10)


@transaction.atomic
def count_upload(user: Any) -> None:
    """Counts one upload of `user`, whatever becomes of it.

    Raises `RateLimited`, with the seconds until the next one may come, where there were too many
    in these ten minutes. One statement where there were not.
    """
    most = limits.uploads_per_10_minutes()
    if not most:
        return
    counts = UploadCount.objects.filter(user=user)
    if counts.filter(since__gt=Now() - WINDOW, count__lt=most).update(count=F("count") + 1):
        return
    started = counts.filter(since__gt=Now() - WINDOW).annotate(now=Now()).first()
    if started is None:
        UploadCount.objects.update_or_create(user=user, defaults={"count": 1, "since": Now()})
        return
    seconds = max(1, math.ceil((started.since + WINDOW - started.now).total_seconds()))
    raise RateLimited(seconds=seconds, retry_after_s=seconds)
