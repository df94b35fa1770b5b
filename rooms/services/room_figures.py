"""Figures of rooms and photos for the start page, in a bounded number of queries; nothing is cached."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from rooms.models import Channel, Draft, Room, RoomImage
from rooms.services.advice import filter_advised
from rooms.services.readiness import are_ready, is_ready


@dataclass(frozen=True)
class RoomFigures:
    """Numbers of rooms; `ready_by_channel` has them by the channel's slug."""

    rooms: int
    without_photo: int
    published_without_photo: int
    not_ready: int
    with_advice: int
    ready_by_channel: dict[str, int]


@dataclass(frozen=True)
class PhotoFigures:
    """Numbers of photos, and what they weigh in bytes."""

    attached: int
    attached_bytes: int
    temporary: int
    temporary_bytes: int
    removed: int


def count_rooms(rooms: QuerySet[Room], channels: Sequence[Channel]) -> RoomFigures:
    """Three queries, whatever their number."""
    rooms = rooms.order_by()
    is_bare = ~Exists(RoomImage.objects.order_by().filter(room=OuterRef("pk")))
    wanted: dict[str, Any] = {
        "rooms": Count("pk"),
        "without_photo": Count("pk", filter=Q(is_bare)),
        "published_without_photo": Count("pk", filter=Q(is_bare, published=True)),
        "ready": Count("pk", filter=are_ready(channels)),
    }
    ready = {f"ready_{channel.pk}": Count("pk", filter=is_ready(channel)) for channel in channels}
    found = rooms.aggregate(**wanted, **ready)
    return RoomFigures(
        rooms=found["rooms"],
        without_photo=found["without_photo"],
        published_without_photo=found["published_without_photo"],
        not_ready=found["rooms"] - found["ready"],
        with_advice=filter_advised(rooms).count(),
        ready_by_channel={channel.slug: found[f"ready_{channel.pk}"] for channel in channels},
    )


def count_photos() -> PhotoFigures:
    """One query."""
    states = {
        "attached": Q(removed_at=None, room__isnull=False),
        "temporary": Q(removed_at=None, room=None),
        "removed": Q(removed_at__isnull=False),
    }
    wanted: dict[str, Any] = {state: Count("pk", filter=rows) for state, rows in states.items()}
    wanted |= {f"{state}_bytes": Sum("size", filter=states[state]) for state in ("attached", "temporary")}
    found = RoomImage.all_objects.order_by().aggregate(**wanted)
    return PhotoFigures(**{name: value or 0 for name, value in found.items()})


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
    by_day = rows.annotate(day=TruncDate("created_at")).values_list("day").annotate(Count("pk"))
    counted: Counter[date] = Counter(dict(by_day))
    return [(day, counted[day]) for day in (first + timedelta(days=number) for number in range(days))]
