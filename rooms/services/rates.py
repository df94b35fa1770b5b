"""How fast one user may send photos and change galleries, and how many mails go out to one address.

`images` and `uploads` judge the photos themselves.
"""

import math
import time
from datetime import timedelta
from hashlib import sha256
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
# All managers that an establishment may have, and no full mailbox for anybody.
MAILS_AN_HOUR: Final = 60
MAILS_AN_HOUR_TO_ONE: Final = 5
MAILS_WINDOW_S: Final = 3600


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
    if seconds := _count(f"changes:{user.pk}", CHANGES_A_MINUTE, CHANGES_WINDOW_S):
        text = _("Too many changes in a short time. Wait %(seconds)s seconds, then try again.")
        raise RateLimited(text, seconds=seconds, retry_after_s=seconds)


def count_invitation(user: User, address: str) -> None:
    """Counts one mail that `user` has sent to `address`, whatever becomes of it.

    Raises `RateLimited` where it is one too many of this hour. Counted for each user apart: that others
    wrote to an address is not told.
    """
    to_one = f"mails:{user.pk}:{sha256(address.encode()).hexdigest()}"
    seconds = _count(to_one, MAILS_AN_HOUR_TO_ONE, MAILS_WINDOW_S)
    seconds = seconds or _count(f"mails:{user.pk}", MAILS_AN_HOUR, MAILS_WINDOW_S)
    if seconds:
        text = _("Too many invitations in a short time. Invite %(address)s again in %(minutes)s min.")
        minutes = math.ceil(seconds / 60)
        raise RateLimited(text, address=address, minutes=minutes, retry_after_s=seconds)


def is_link_due(user: User) -> bool:
    """Counts one link to choose a password that somebody, who may be anybody, wants sent to `user`.

    Whether it may still go out in this hour.
    """
    return not _count(f"links:{user.pk}", MAILS_AN_HOUR_TO_ONE, MAILS_WINDOW_S)


def _count(what: str, most: int, window_s: int) -> int:
    """Counts one, in this process alone; 0, or the seconds to wait where it is one too many."""
    ends_at = time.time() + window_s
    ends_at = cache.get_or_set(what, ends_at, window_s) or ends_at
    count_key = f"{what}:{ends_at}"
    cache.add(count_key, 0, 2 * window_s)  # outlives its window: `incr` wants something there
    return max(1, math.ceil(ends_at - time.time())) if cache.incr(count_key) > most else 0
