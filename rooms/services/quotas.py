"""How much one user may send: places for photos; and how fast photos, changes and mails may come.

Uploads on their way count as if they had arrived. `images` and `uploads` judge the photos themselves.
"""

import math
import time
import uuid
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db.models import BigIntegerField, F, QuerySet, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from rooms import limits
from rooms.errors import LimitReached, NotFound, QuotaExceeded, RateLimited
from rooms.models import Gallery, PendingFile, RoomImage, UploadCount

_COUNT: Final = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
_SUM_OF_SIZES: Final = "(SELECT COALESCE(SUM(size), 0) FROM (%(subquery)s) AS added_up)"
WINDOW: Final = timedelta(minutes=10)
# Ten a second, for a whole minute: what no hand does, and what a script that went mad does at once.
CHANGES_A_MINUTE: Final = 600
CHANGES_WINDOW_S: Final = 60
# All managers that an establishment may have, and no full mailbox for anybody.
MAILS_AN_HOUR: Final = 60
MAILS_AN_HOUR_TO_ONE: Final = 5
MAILS_WINDOW_S: Final = 3600


def has_arrived(
    user: User, gallery: Gallery, upload_id: uuid.UUID | None, replaced: RoomImage | None
) -> bool:
    """Whether this very upload has arrived before; if not, there is a place for it. The gallery is locked.

    Raises `LimitReached` or `QuotaExceeded`, and `NotFound` where the gallery or `replaced` has gone.
    """
    usage = _usage(user, gallery, upload_id, replaced)
    if usage["earlier"]:
        return True
    if replaced is not None and not usage["replaced"]:
        raise NotFound  # before its successor is decoded
    staying = usage["present"] - (replaced is not None)
    if staying + usage["arriving"] >= settings.ROOM_PHOTO_MAX_COUNT:
        raise LimitReached(limit=settings.ROOM_PHOTO_MAX_COUNT)
    if gallery.draft is not None:
        if usage["unattached"] + usage["user_arriving"] >= settings.ROOM_PHOTO_MAX_UNATTACHED // 2:
            # Uploads into two drafts of one user at once would each see the other's place as free.
            users = get_user_model().objects.select_for_update(no_key=True).filter(pk=user.pk)
            users.values_list("pk").first()
            usage = _usage(user, gallery, upload_id, replaced)
        _refuse_over_quota(usage)
    return False


def _refuse_over_quota(usage: dict[str, int]) -> None:
    is_full = usage["unattached"] + usage["user_arriving"] >= settings.ROOM_PHOTO_MAX_UNATTACHED
    if is_full or usage["unattached_bytes"] >= limits.unattached_max_bytes():
        raise QuotaExceeded(limit=settings.ROOM_PHOTO_MAX_UNATTACHED)


def _usage(
    user: User, gallery: Gallery, upload_id: uuid.UUID | None, replaced: RoomImage | None
) -> dict[str, int]:
    """What there is and what is on its way, in the gallery and in all drafts of its user, in one query.

    An upload of the same `upload_id` is this very photo: on its way it is not counted, and `earlier`
    says that it has arrived before.
    """
    arriving = PendingFile.objects.in_flight()
    earlier = RoomImage.all_objects.none()
    if upload_id is not None:
        arriving = arriving.exclude(user=user, upload_id=upload_id)
        earlier = RoomImage.all_objects.filter(uploaded_by=user, upload_id=upload_id)
    # Removed ones too: until the cleanup comes they take up as much as others.
    in_drafts = RoomImage.all_objects.filter(draft__user=user, draft__is_saved=False)
    numbers = {
        "earlier": _number(earlier),
        "present": _number(gallery.photos()),
        "arriving": _number(arriving.filter(**gallery.owner_filter)),
    }
    if replaced is not None:
        numbers["replaced"] = _number(gallery.photos().filter(pk=replaced.pk))
    if gallery.draft is not None:
        numbers |= {
            "unattached": _number(in_drafts),
            "unattached_bytes": _number(in_drafts, _SUM_OF_SIZES, "size"),
            "user_arriving": _number(arriving.filter(user=user, room=None)),
        }
    usage: dict[str, int] | None = gallery.row().values(**numbers).first()
    if usage is None:
        raise NotFound
    return usage


def _number(rows: QuerySet[Any], template: str = _COUNT, column: str = "pk") -> Subquery:
    """A number over all rows, as a part of another query."""
    return Subquery(rows.order_by().values(column), BigIntegerField(), template=template)


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
