"""Figures of rooms for the start page, in a bounded number of queries; nothing is cached."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast, Substr
from django.utils import timezone

from rooms.models import Channel, Draft, Room, RoomImage
from rooms.services.judging import judge


@dataclass(frozen=True)
class RoomFigures:
    """Numbers of rooms; `ready_by_channel` has them by the channel's slug."""

    rooms: int
    without_photo: int
    published_without_photo: int
    not_ready: int
    with_advice: int
    ready_by_channel: dict[str, int]


def count_rooms(rooms: QuerySet[Room], channels: Sequence[Channel]) -> RoomFigures:
    """Of all rooms of some establishments. Four queries at most, whatever their number."""
    rooms = rooms.order_by()
    is_bare = ~Exists(RoomImage.objects.order_by().filter(room=OuterRef("pk")))
    # In this order: whether a room has photos is looked up for the published ones alone.
    published: Any = Count("pk", filter=Q(published=True) & Q(is_bare))
    found = rooms.aggregate(rooms=Count("pk"), published_without_photo=published)
    judged = judge(rooms, found["rooms"], channels)
    return RoomFigures(
        rooms=found["rooms"],
        without_photo=found["rooms"] - judged.with_photo,
        published_without_photo=found["published_without_photo"],
        not_ready=found["rooms"] - judged.ready,
        with_advice=judged.with_advice,
        ready_by_channel=judged.ready_by_channel,
    )


def count_unfinished(user: Any) -> int:
    """The user's open drafts with photos. One query."""
    photos = RoomImage.objects.order_by().filter(draft=OuterRef("pk"))
    return Draft.objects.open().filter(Exists(photos), user=user).count()


def count_uploads_by_day(days: int) -> list[tuple[date, int]]:
    """Photos that came on each of the last `days` days, today last, and are not gone. One query."""
    today = timezone.localdate()
    first = today - timedelta(days=days - 1)
    since = timezone.make_aware(datetime.combine(first, time.min))
    rows = RoomImage.all_objects.order_by().filter(created_at__gte=since)
    # By hours, as the database writes them in UTC: to ask SQLite for local days costs a call a row.
    hour = Substr(Cast("created_at", TextField()), 1, 13)
    counted: Counter[date] = Counter()
    for started, count in rows.annotate(hour=hour).values_list("hour").annotate(Count("pk")):
        moment = datetime.strptime(started, "%Y-%m-%d %H").replace(tzinfo=UTC)
        counted[timezone.localdate(moment)] += count
    return [(day, counted[day]) for day in (first + timedelta(days=number) for number in range(days))]
