"""How many rooms are ready for channels, and how many have advice on a photo, in one pass over all photos.

The rules are those of `readiness` and `advised_rooms`. The start page waits for them, so they stand here once
more, as sums; one test holds them to the same table.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Field, Max, Min, Q, QuerySet
from django.db.models.functions import Greatest, Least

from rooms.models import Channel, Room, RoomImage
from rooms.services.advised_rooms import (
    JoinedFingerprints,
    count_advised_alone,
    find_rooms_with_duplicates,
    with_declined,
)
from rooms.services.readiness import FIRST_PHOTOS, find_needs, find_states_of_rooms

# For each channel, whether a room is ready for it.
type _Verdict = tuple[bool, ...]


@dataclass(frozen=True)
class Judged:
    """Numbers of rooms; `ready_by_channel` has them by the channel's slug."""

    with_photo: int
    with_advice: int
    ready: int
    ready_by_channel: dict[str, int]


def judge(rooms: QuerySet[Room], room_count: int, channels: Sequence[Channel]) -> Judged:
    """Of `room_count` rooms, which are all of their establishments. Three queries at most."""
    photos = with_declined(RoomImage.objects.order_by().filter(room__in=rooms.order_by().values("pk")))
    wanted = _sums(channels)
    first = {"fingerprints": JoinedFingerprints(), "advised": count_advised_alone()}
    rows = list(photos.values("room").annotate(**first, **wanted).values_list("room", *first, *wanted))
    advised = {row[0] for row in rows if row[2]} | find_rooms_with_duplicates(row[:2] for row in rows)
    ready = _count_verdicts(channels, wanted, ((row[0], row[3:]) for row in rows))
    ready[tuple(not next(find_needs(channel, []), None) for channel in channels)] += room_count - len(rows)
    return Judged(
        with_photo=len(rows),
        with_advice=len(advised),
        ready=sum(number for verdict, number in ready.items() if all(verdict)),
        ready_by_channel={
            channel.slug: sum(number for verdict, number in ready.items() if verdict[index])
            for index, channel in enumerate(channels)
        },
    )


def _count_verdicts(
    channels: Sequence[Channel], names: Iterable[str], rows: Iterable[tuple[int, tuple[Any, ...]]]
) -> Counter[_Verdict]:
    """The numbers of rooms by verdict. Rooms with the same sums, which are many, are judged once."""
    rooms_by_sums: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for room_id, values in rows:
        rooms_by_sums[values].append(room_id)
    ready: Counter[_Verdict] = Counter()
    odd: list[int] = []
    for values, room_ids in rooms_by_sums.items():
        sums = dict(zip(names, values, strict=True))
        # A gallery without places 1 to n, as older systems write them, is judged photo by photo.
        if sums["first"] == min(sums["photos"], FIRST_PHOTOS):
            ready[tuple(_is_ready(channel, sums) for channel in channels)] += len(room_ids)
        else:
            odd.extend(room_ids)
    if odd:
        states_of_rooms = find_states_of_rooms(channels, odd).values()
        ready.update(tuple(state.is_ready for state in states) for states in states_of_rooms)
    return ready


def _sums(channels: Sequence[Channel]) -> dict[str, Any]:
    """What the rules ask of one room's photos, as one GROUP BY finds it."""
    kinds = {need["kind"] for channel in channels for need in channel.needs}
    is_first, is_measured = Q(order__range=(1, FIRST_PHOTOS)), Q(width__gt=0, height__gt=0)
    is_heavy = Q(size__gt=min((channel.max_bytes for channel in channels if channel.max_bytes), default=0))
    # Of no kind: databases answer in whole numbers, and Django would call `int` for each.
    plain: Any = {"output_field": Field()}
    return {
        "photos": Count("pk", **plain),
        "first": Count("pk", filter=is_first, **plain),
        "upright": Count("pk", filter=is_first & Q(width__gt=0, width__lt=F("height")), **plain),
        "heaviest": Max("size", filter=is_heavy, **plain),
        "least_long_side": Min(Greatest("width", "height"), filter=is_measured, **plain),
        "least_short_side": Min(Least("width", "height"), filter=is_measured, **plain),
        **{f"kind_{kind}": Count("pk", filter=Q(kind=kind), **plain) for kind in sorted(kinds)},
    }


def _is_ready(channel: Channel, sums: Mapping[str, Any]) -> bool:
    is_measured = sums["least_long_side"] is not None
    return (
        sums["photos"] >= channel.min_photos
        and all(sums[f"kind_{need['kind']}"] >= need["number"] for need in channel.needs)
        and not (is_measured and sums["least_long_side"] < channel.min_width)
        and not (is_measured and sums["least_short_side"] < channel.min_height)
        and not (channel.landscape and sums["upright"])
        and not (channel.max_bytes and (sums["heaviest"] or 0) > channel.max_bytes)
    )
