"""Failures of uploads as rows, for platform staff: who could not add a photo, and why.

The record of a failure never makes anything else fail.
"""

import errno
import logging
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import Error, transaction
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from rooms.models import FailureTotal, Room, UploadFailure

log = logging.getLogger(__name__)

KEPT_DAYS: Final = 90
# What a page that tries again and again writes, or a script.
MAX_ROWS_A_DAY: Final = 200
# What a page can count exactly: more is no size.
MAX_BYTES: Final = 2**53
# What the server refuses or fails to do, with the words for staff.
SERVER_CODES: Final = {
    "file_too_large": _("Too large"),
    "unsupported_type": _("Not a photo of the four types"),
    "invalid_image": _("Damaged"),
    "too_many_pixels": _("Too many pixels"),
    "limit_reached": _("Gallery full"),
    "quota_exceeded": _("Too many unfinished photos"),
    "rate_limited": _("Too fast"),
    "storage_unavailable": _("Storage unavailable"),
    "storage_full": _("Storage full"),
}
# What the page gives up.
PAGE_CODES: Final = {
    "network": _("Connection lost"),
    "unreadable": _("File not readable on the device"),
    "too_slow": _("Connection too slow"),
    "proxy_too_large": _("Cut off by a proxy"),
    "bad_answer": _("Answer not understood"),
}
CODES: Final = SERVER_CODES | PAGE_CODES
# The first that fits counts: each browser names those it descends from as well.
_BROWSERS: Final = (
    ("Edge", r"Edg(?:e|A|iOS)?/(\d{1,4})"),
    ("Opera", r"OPR/(\d{1,4})"),
    ("Samsung Internet", r"SamsungBrowser/(\d{1,4})"),
    ("Firefox", r"(?:Firefox|FxiOS)/(\d{1,4})"),
    ("Chrome", r"(?:Chrome|CriOS)/(\d{1,4})"),
    ("Safari", r"Version/(\d{1,4})[^ ]* .*Safari/"),
)


@dataclass(frozen=True)
class Failure:
    """What is known of one. `room` is one that the user may work on."""

    code: str
    where: str
    room: Room | None = None
    bytes: int | None = None
    claimed_type: str = ""
    user_agent: str = ""
    error: BaseException | None = None


def record(user: User, failure: Failure) -> None:
    """Counts the failure, and keeps a row of it unless the user has 200 of today.

    Three statements in one transaction. Raises nothing: what the database does not take is in the log.
    """
    try:
        with transaction.atomic():
            FailureTotal.objects.count_one(failure.code)
            if UploadFailure.objects.filter(user=user, created_at__gte=_today()).count() < MAX_ROWS_A_DAY:
                _row(user, failure).save(force_insert=True)
    except Error:
        log.exception("a failure could not be recorded: %s", failure.code)


def forget_old() -> None:
    """Deletes rows of more than 90 days; the totals stay."""
    UploadFailure.objects.filter(created_at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()


def count_by_day(days: int = 30) -> dict[Any, dict[str, int]]:
    """Failures by code on each of the last `days` days, today last; one query."""
    first = timezone.localdate() - timedelta(days=days - 1)
    found: dict[Any, dict[str, int]] = {first + timedelta(days=number): {} for number in range(days)}
    since = _today() - timedelta(days=days - 1)
    rows = UploadFailure.objects.filter(created_at__gte=since).order_by()
    counted = (
        rows.annotate(day=TruncDate("created_at")).values_list("day", "code").annotate(count=Count("pk"))
    )
    for day, code, count in counted:
        if day in found:
            found[day][code] = count
    return found


def count_since(moment: datetime) -> int:
    """Rows of failures since; one query."""
    return UploadFailure.objects.filter(created_at__gte=moment).count()


def sentence_of_today() -> str:
    """How many people could not upload today, and what kept most of them. Empty on a good day. One query."""
    rows = UploadFailure.objects.filter(created_at__gte=_today(), user__isnull=False).order_by()
    pairs = list(rows.values_list("code", "user").distinct())
    if not pairs:
        return ""
    people = len({user_id for _code, user_id in pairs})
    by_code = Counter(code for code, _user_id in pairs)
    most = min(by_code, key=lambda code: (-by_code[code], code))
    text = ngettext(
        "%(count)s person could not upload a photo today. Most frequent: %(reason)s.",
        "%(count)s people could not upload a photo today. Most frequent: %(reason)s.",
        people,
    )
    return text % {"count": people, "reason": name_code(most)}


def name_code(code: str) -> str:
    """What kept the photo out, in the active language."""
    return str(CODES.get(code, code))


def name_browser(user_agent: str) -> str:
    """Family and version, such as "Firefox 128"; empty for one that is not known."""
    for family, pattern in _BROWSERS:
        if found := re.search(pattern, user_agent[:500]):
            return f"{family} {found[1]}"
    return ""


def name_cause(error: BaseException | None) -> str:
    """The names of what lay behind an error, the last first; a number of the system by its name."""
    names: list[str] = []
    cause = error.__cause__ if error else None
    while cause is not None and len(names) < 3:
        number = getattr(cause, "errno", None)
        names.append(errno.errorcode.get(number, "") if isinstance(number, int) else "")
        names[-1] = f"{type(cause).__name__} {names[-1]}".strip()
        cause = cause.__cause__
    return ", ".join(names)[:100]


def _row(user: User, failure: Failure) -> UploadFailure:
    return UploadFailure(
        user=user,
        room=failure.room,
        code=failure.code,
        cause=name_cause(failure.error),
        bytes=failure.bytes,
        claimed_type=re.sub(r"[^A-Za-z0-9/.+-]", "", failure.claimed_type)[:60],
        browser=name_browser(failure.user_agent),
        where=failure.where,
    )


def _today() -> Any:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
