"""Figures for the start page, for platform staff and their monitoring. Each function says what it asks.

Nothing is cached, so any process gives the right answer.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import BigIntegerField, Count, Exists, F, OuterRef, Q, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast, Coalesce, Substr
from django.utils import timezone

from rooms.models import Channel, Draft, FailureTotal, PendingFile, Room, RoomImage
from rooms.services.judging import judge

STATES: Final = ("attached", "temporary", "removed")
STORED_BYTES: Final = Coalesce(F("size"), 0, output_field=BigIntegerField()) + Coalesce(
    F("versions_bytes"), 0
)


@dataclass(frozen=True)
class Use:
    """Photos, and the bytes of all their files, the smaller versions too."""

    photos: int
    bytes: int


def photos_by_state() -> dict[str, Use]:
    """Photos in rooms, photos of unfinished rooms (`temporary`), and removed ones that can be restored.

    Those of removed rooms count in no state; their bytes count as removed.
    """
    photos = RoomImage.all_objects.order_by()
    # Most photos are attached: these are counted as the rest, and the few others are found by an index.
    parts = {
        "all": photos,
        "temporary": photos.filter(removed_at=None, room=None),
        "removed": photos.filter(removed_at__isnull=False, room__removed_at=None),
        "of removed rooms": photos.filter(room__removed_at__isnull=False),
    }
    first, *more = (
        rows.values(part=Value(name)).annotate(photos=Count("pk"), bytes=Sum(STORED_BYTES))
        for name, rows in parts.items()
    )
    uses = first.union(*more, all=True).order_by()
    found = {one["part"]: Use(one["photos"], one["bytes"] or 0) for one in uses}
    everything, *others = (found[name] for name in parts)
    temporary, removed, gone = others
    return {
        "attached": Use(
            everything.photos - sum(one.photos for one in others),
            everything.bytes - sum(one.bytes for one in others),
        ),
        "temporary": temporary,
        "removed": Use(removed.photos, removed.bytes + gone.bytes),
    }


def bytes_since(moment: datetime) -> int:
    """Of the photos that came since, and are still there."""
    recent = RoomImage.all_objects.filter(created_at__gte=moment).order_by()
    return recent.aggregate(total=Sum(STORED_BYTES))["total"] or 0


def pending_by_kind() -> dict[str, int]:
    """Files to be removed (`delete`), and photos being made (`upload`): those that wait to be decoded too.

    One whose process was killed counts among the former once 15 minutes are over.
    """
    at_work = PendingFile.objects.in_flight().values("pk")
    found = PendingFile.objects.aggregate(all=Count("pk"), upload=Count("pk", filter=Q(pk__in=at_work)))
    return {"upload": found["upload"], "delete": found["all"] - found["upload"]}


def uploads_ever() -> int:
    """Photos that came, by whatever door, whatever became of them: the last number that a row was given.

    A row that was taken back may have used one up; so it never sinks, and costs an upload nothing.
    """
    table = RoomImage._meta.db_table
    query = "SELECT seq FROM sqlite_sequence WHERE name = %s"
    if connection.vendor == "postgresql":
        query = "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')::regclass)"
    with connection.cursor() as cursor:
        cursor.execute(query, [table])
        row = cursor.fetchone()
    return int(row[0] or 0) if row else 0


def failures_ever() -> dict[str, int]:
    """Failed uploads by code, those that are not kept any more too."""
    return dict(FailureTotal.objects.values_list("code", "count"))


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
    """Of all rooms of some establishments. Five queries at most, whatever their number."""
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
