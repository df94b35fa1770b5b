"""How fast one user may send photos and change galleries.

`images` and `uploads` judge the photos themselves.
"""

import math
import time
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from rooms.errors import RateLimited
from rooms.models import UploadCount

WINDOW: Final = timedelta(minutes=10)
# Ten a second, for a whole minute: what no hand does, and what a script that went mad does at once.
CHANGES_A_MINUTE: Final = 600
CHANGES_WINDOW_S: Final = 60


def count_upload(user: User) -> None:
    """Counts one upload, rotation or replacement of `user`, whatever becomes of it.

    Raises `RateLimited`, with the seconds until the next one may come, where there were too many
    in these ten minutes. One statement where there were not.
    """
    most = settings.ROOM_PHOTO_UPLOADS_PER_10_MINUTES
    if not most or _count_one(user, most) or _start_counting(user):
        return
    # Nobody has a row yet, or somebody else has begun to count this very moment: now there is one.
    UploadCount.objects.bulk_create([UploadCount(user=user)], ignore_conflicts=True)
    if _count_one(user, most):
        return
    started = UploadCount.objects.annotate(now=Now()).get(user=user)
    seconds = max(1, math.ceil((started.since + WINDOW - started.now).total_seconds()))
    raise RateLimited(seconds=seconds, retry_after_s=seconds)


# Each is one UPDATE with its condition: of two at the same time the second looks at what the first left.


def _count_one(user: User, most: int) -> bool:
    present = UploadCount.objects.filter(user=user, since__gt=Now() - WINDOW, count__lt=most)
    return bool(present.update(count=F("count") + 1))


def _start_counting(user: User) -> bool:
    ended = UploadCount.objects.filter(user=user, since__lte=Now() - WINDOW)
    return bool(ended.update(count=1, since=Now()))


def count_change(user: User) -> None:
    """Counts one move, caption, removal or restoring by `user`, whatever becomes of it.

    Raises `RateLimited`, with the seconds until the next one may come. Asks no database: every refusal
    would wait for the lock that others need, just what must not be.
    """
    ends_at = time.time() + CHANGES_WINDOW_S
    ends_at = cache.get_or_set(f"changes:{user.pk}", ends_at, CHANGES_WINDOW_S) or ends_at
    count_key = f"changes:{user.pk}:{ends_at}"
    cache.add(count_key, 0, 2 * CHANGES_WINDOW_S)  # outlives its window: `incr` wants something there
    if cache.incr(count_key) > CHANGES_A_MINUTE:
        seconds = max(1, math.ceil(ends_at - time.time()))
        text = _("Too many changes in a short time. Wait %(seconds)s seconds, then try again.")
        raise RateLimited(text, seconds=seconds, retry_after_s=seconds)
