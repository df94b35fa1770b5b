"""How many rooms are ready for channels: the rules of `readiness`, for all rooms at once.

A third way to ask the same, since the start page waits for it; one test holds it to the same table.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet

from rooms.models import Channel, Room, RoomImage
from rooms.services.readiness import FIRST_PHOTOS, find_needs, find_states_of_rooms


def count_ready(
    rooms: QuerySet[Room], room_count: int, channels: Sequence[Channel]
) -> tuple[int, dict[str, int]]:
    """How many of the `room_count` rooms are ready for all the channels, and by slug for each.

    Two queries at most.
    """
    photos = RoomImage.objects.order_by().filter(room__in=rooms.order_by().values("pk"))
    odd_ids, verdicts = [], [(0, [_is_ready_empty(channel) for channel in channels])]
    sums: Any = photos.values("room").annotate(**_sums(channels))
    for row in sums:
        # A gallery without places 1 to n, as older systems write them, is judged photo by photo.
        if row["places"] == row["photos"] == row["last"] and row["first"] == 1:
            verdicts.append((1, [_is_ready_by_sums(channel, row) for channel in channels]))
        else:
            odd_ids.append(row["room"])
    odd = find_states_of_rooms(channels, odd_ids) if odd_ids else {}
    verdicts += [(1, [state.is_ready for state in states]) for states in odd.values()]
    verdicts[0] = (room_count - len(verdicts) + 1, verdicts[0][1])
    by_channel = {
        channel.slug: sum(number for number, ready in verdicts if ready[index])
        for index, channel in enumerate(channels)
    }
    return sum(number for number, ready in verdicts if all(ready)), by_channel


def _sums(channels: Sequence[Channel]) -> dict[str, Any]:
    """What the rules ask of one room's photos, as one GROUP BY finds it."""
    kinds = {need["kind"] for channel in channels for need in channel.needs}
    upright = Q(order__lte=FIRST_PHOTOS, width__gt=0, width__lt=F("height"))
    return {
        "photos": Count("pk"),
        "places": Count("order", distinct=True),
        "first": Min("order"),
        "last": Max("order"),
        "heaviest": Max("size"),
        "upright": Count("pk", filter=upright),
        **{f"kind_{kind}": Count("pk", filter=Q(kind=kind)) for kind in kinds},
        **{f"small_{channel.pk}": Count("pk", filter=_is_small(channel)) for channel in channels},
    }


def _is_ready_by_sums(channel: Channel, sums: dict[str, Any]) -> bool:
    return (
        sums["photos"] >= channel.min_photos
        and all(sums[f"kind_{need['kind']}"] >= need["number"] for need in channel.needs)
        and not sums[f"small_{channel.pk}"]
        and not (channel.landscape and sums["upright"])
        and not (channel.max_bytes and (sums["heaviest"] or 0) > channel.max_bytes)
    )


def _is_ready_empty(channel: Channel) -> bool:
    return not next(find_needs(channel, []), None)


def _is_small(channel: Channel) -> Q:
    too_short = Q(width__lt=channel.min_width, height__lt=channel.min_width)
    too_narrow = Q(width__lt=channel.min_height) | Q(height__lt=channel.min_height)
    return Q(width__gt=0, height__gt=0) & (too_short | too_narrow)
