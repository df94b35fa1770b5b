"""Which rooms have advice on a photo, and how many are ready for channels, of any number of rooms.

The rules are those of `advice` and `readiness`, asked of the database here; tests hold them together.
Duplicates are looked for in Python: no database counts differing bits as quickly.
"""

import functools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, starmap
from operator import xor
from typing import Any, Final

from django.conf import settings
from django.db import connections
from django.db.models import Aggregate, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast, Greatest, Least

from rooms.models import Channel, Room, RoomImage
from rooms.models.gallery import photos_of_rooms
from rooms.pixels.rendering import FINGERPRINT_BITS
from rooms.services.advice import LABELS
from rooms.services.readiness import FIRST_PHOTOS, find_needs, find_states_of_rooms

# A list inside JSON as text: SQLite cannot ask what such a list contains.
_DECLINED: Final = Cast("advice_declined", TextField())
_DUPLICATE: Final = '"duplicate"'

type Row = tuple[int, str | None]


def filter_advised(rooms: QuerySet[Room], code: str = "") -> QuerySet[Room]:
    """The rooms with advice of this `code` on a photo, or with any. Nothing is stored for it.

    For duplicates three queries at most, however many rooms.
    """
    found = Q()
    for one in [code] if code else LABELS:
        if one == "duplicate":
            found |= Q(pk__among=sorted(find_rooms_with_duplicates(_find_fingerprints(rooms))))
        else:
            photos = RoomImage.objects.order_by().filter(room=OuterRef("pk"))
            found |= Q(Exists(with_declined(photos).filter(_advised_alone(one))))
    return rooms.filter(found)


def count_advised_alone() -> Count:
    """An aggregate of photos `with_declined`: those with advice that follows from the photo itself."""
    advised = Q()
    for code in _ALONE:
        advised |= _advised_alone(code)
    return Count("pk", filter=advised)


def with_declined(photos: Any) -> Any:
    return photos.alias(declined=_DECLINED)


def find_rooms_with_duplicates(rows: Iterable[Row]) -> set[int]:
    """The rooms with a photo that is a duplicate. Two queries at most, about those that may be one.

    `rows` has each room of the establishments in question, with its `JoinedFingerprints`.
    """
    least = settings.ROOM_PHOTO_ADVISED_MIN_DIFFERENCES
    galleries = {room_id: _compare(text, least) for room_id, text in rows if text}
    suspected: list[int] = []
    seen: set[str] = set()
    repeated: set[str] = set()
    for room_id, (fingerprints, has_two_alike) in galleries.items():
        if has_two_alike:
            suspected.append(room_id)
        if not seen.isdisjoint(fingerprints):
            repeated.update(seen.intersection(fingerprints))
        seen.update(fingerprints)
    return (_find_alike(suspected) if suspected else set()) | (
        _find_repeated(list(repeated)) & galleries.keys() if repeated else set()
    )


class JoinedFingerprints(Aggregate):
    """Those of a room, with commas: a row a room comes many times as fast as a row a photo."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def __init__(self, **extra: Any) -> None:
        super().__init__("fingerprint", **extra)

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        template = "STRING_AGG(%(expressions)s, ',')"
        return self.as_sql(compiler, connection, template=template)


# --- advice that follows from the photo itself ---------------------------------------------


def _advised_alone(code: str) -> Q:
    return _ALONE[code]() & ~Q(declined__contains=f'"{code}"')


def _is_small() -> Q:
    longest_px, shortest_px = settings.ROOM_PHOTO_ADVISED_MIN_SIDES
    too_short = Q(width__lt=longest_px, height__lt=longest_px)
    return Q(width__gt=0, height__gt=0) & (too_short | Q(width__lt=shortest_px) | Q(height__lt=shortest_px))


def _is_dark() -> Q:
    return Q(brightness__lt=settings.ROOM_PHOTO_ADVISED_MIN_BRIGHTNESS)


def _is_blurred() -> Q:
    return Q(
        brightness__gte=settings.ROOM_PHOTO_ADVISED_MIN_BRIGHTNESS,
        sharpness__lt=settings.ROOM_PHOTO_ADVISED_MIN_SHARPNESS,
    )


_ALONE: Final = {"small": _is_small, "dark": _is_dark, "blurred": _is_blurred}


# --- duplicates ---------------------------------------------------------------------------


def _find_fingerprints(rooms: QuerySet[Room]) -> Any:
    """Of all rooms of their establishments: the other one may be among those that `rooms` leaves out."""
    photos = RoomImage.objects.order_by().filter(fingerprint__isnull=False)
    nearby = Room.objects.order_by().filter(establishment__in=rooms.order_by().values("establishment"))
    joined = photos.filter(room__in=nearby.values("pk")).values("room").annotate(text=JoinedFingerprints())
    return joined.values_list("room", "text")


@functools.lru_cache(maxsize=20_000)
def _compare(joined: str, least: int) -> tuple[list[str], bool]:
    """One gallery's fingerprints, and whether two of them are alike. Kept, as most galleries are what they
    were: a large library has half a million pairs. For the same reason without a step in Python for each.
    """
    fingerprints = joined.split(",")
    pairs = combinations([int(fingerprint, 16) for fingerprint in fingerprints], 2)
    differences = map(int.bit_count, starmap(xor, pairs))
    return fingerprints, min(differences, default=FINGERPRINT_BITS) < least


def _find_alike(room_ids: Sequence[int]) -> set[int]:
    """Those in which a photo is like an earlier one."""
    least = settings.ROOM_PHOTO_ADVISED_MIN_DIFFERENCES
    photos = RoomImage.objects.filter(room__pk__among=room_ids, fingerprint__isnull=False)
    earlier: dict[int, list[int]] = defaultdict(list)
    found = set()
    for room_id, fingerprint, declined in photos.values_list("room", "fingerprint", _DECLINED):
        bits = int(fingerprint, 16)
        differences = ((bits ^ other).bit_count() for other in earlier[room_id])
        if min(differences, default=FINGERPRINT_BITS) < least and _DUPLICATE not in declined:
            found.add(room_id)
        earlier[room_id].append(bits)
    return found


def _find_repeated(fingerprints: Sequence[str]) -> set[int]:
    """The rooms with a photo that another room of their establishment has too."""
    photos = photos_of_rooms(fingerprints)
    rows = photos.values_list("room", "room__establishment", "fingerprint", _DECLINED)
    rooms: dict[tuple[int, str], dict[int, bool]] = defaultdict(dict)
    for room_id, establishment_id, fingerprint, declined in rows:
        same = rooms[establishment_id, fingerprint]
        same[room_id] = same.get(room_id, False) or _DUPLICATE not in declined
    return {
        room_id for same in rooms.values() if len(same) > 1 for room_id, is_told in same.items() if is_told
    }


# --- how many rooms are ready, and have advice: one pass over all photos ---------------------

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
    """Of `room_count` rooms, which are all of their establishments. Four queries at most."""
    photos = with_declined(RoomImage.objects.order_by().filter(room__in=rooms.order_by().values("pk")))
    wanted = _sums(channels)
    first = {"fingerprints": JoinedFingerprints(), "advised": count_advised_alone()}
    rows = _read_plainly(
        photos.values("room").annotate(**first, **wanted).values_list("room", *first, *wanted)
    )
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


def _read_plainly(rows: QuerySet[Any]) -> list[tuple[Any, ...]]:
    """As the database has them. Django would convert each number of each room, to the same number."""
    with connections[rows.db].cursor() as cursor:
        cursor.execute(*rows.query.sql_with_params())
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


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
    return {
        "photos": Count("pk"),
        "first": Count("pk", filter=is_first),
        "upright": Count("pk", filter=is_first & Q(width__gt=0, width__lt=F("height"))),
        "heaviest": Max("size", filter=is_heavy),
        "least_long_side": Min(Greatest("width", "height"), filter=is_measured),
        "least_short_side": Min(Least("width", "height"), filter=is_measured),
        **{f"kind_{kind}": Count("pk", filter=Q(kind=kind)) for kind in sorted(kinds)},
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
