"""Whether a room's photos meet what booking channels ask, and what is still missing. It forbids nothing.

The rules stand here twice: `find_needs` judges photos at hand, `_are_ready` asks the database, for filters
over any number of rooms. One test compares both with the same table. No file is read.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db.models import Count, F, OuterRef, Q, QuerySet, Value
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from rooms.models import Channel, Room, RoomImage

# The photos that guests see first: where landscape is wanted, it is wanted of these.
FIRST_PHOTOS: Final = 5
MAX_SLOTS: Final = 5


@dataclass(frozen=True)
class Need:
    """One rule that does not hold: a code that never changes, and a sentence that says what to do.

    `kind` is set for `kind_missing`, with the `number` of photos that lack; `images` holds the ids of the
    photos that break a rule about single photos.
    """

    code: str
    text: str
    kind: str = ""
    number: int = 0
    images: tuple[int, ...] = ()


@dataclass(frozen=True)
class ChannelState:
    """A channel, and what a gallery still needs for it; ready where that is nothing."""

    channel: Channel
    needs: tuple[Need, ...]

    @property
    def is_ready(self) -> bool:
        return not self.needs


def find_channels() -> list[Channel]:
    """The active ones, by name."""
    return list(Channel.objects.filter(active=True))


def find_states(channels: Iterable[Channel], photos: Sequence[RoomImage]) -> list[ChannelState]:
    """What each channel says about one gallery's present `photos`, which are given in order."""
    return [ChannelState(channel, tuple(find_needs(channel, photos))) for channel in channels]


def find_states_of_rooms(
    channels: Sequence[Channel], room_ids: Iterable[int]
) -> dict[int, list[ChannelState]]:
    """By room id, what each channel says about its gallery. One query, however many rooms."""
    columns = ("pk", "room_id", "kind", "width", "height", "size")
    photos: dict[int, list[RoomImage]] = {room_id: [] for room_id in room_ids}
    for photo in RoomImage.objects.filter(room__in=list(photos)).only(*columns):
        if photo.room_id is not None:
            photos[photo.room_id].append(photo)
    return {room_id: find_states(channels, found) for room_id, found in photos.items()}


def find_needs(channel: Channel, photos: Sequence[RoomImage]) -> Iterator[Need]:
    """The rules of `channel` that do not hold for one gallery's present `photos`, given in order.

    A photo whose measures are not known, from an older system, breaks no rule.
    """
    for fault in _find_faults(channel, photos):
        images = tuple(photos[place - 1].pk for place in fault.places)
        yield Need(fault.code, _TEXTS[fault.code](channel, fault), fault.kind, fault.number, images)


def count_needs(channel: Channel, photos: Sequence[RoomImage]) -> int:
    """How many `find_needs` finds; for a list of rooms, which has no use for the sentences."""
    return sum(1 for _fault in _find_faults(channel, photos))


def find_slots(channels: Iterable[Channel], photos: Sequence[RoomImage]) -> list[str]:
    """The kinds that an active channel misses in a gallery, those first that most of them ask for.

    At most `MAX_SLOTS`, and never more than there are free places.
    """
    asked = Counter(
        need.kind
        for state in find_states(channels, photos)
        for need in state.needs
        if need.code == "kind_missing"
    )
    kinds = RoomImage.Kind.values
    wanted = sorted(asked, key=lambda kind: (-asked[kind], kinds.index(kind)))
    free = settings.ROOM_PHOTO_MAX_COUNT - len(photos)
    return wanted[: max(0, min(MAX_SLOTS, free))]


# --- the rules, for photos at hand ----------------------------------------------------------


class _Fault(NamedTuple):
    """As `Need`, but with places in place of ids, and without a sentence."""

    code: str
    kind: str = ""
    number: int = 0
    places: Sequence[int] = ()


def _find_faults(channel: Channel, photos: Sequence[RoomImage]) -> Iterator[_Fault]:
    if len(photos) < channel.min_photos:
        yield _Fault("too_few", number=channel.min_photos - len(photos))
    shown = [photo.kind for photo in photos]
    for need in channel.needs:
        lacking = need["number"] - shown.count(need["kind"])
        if lacking > 0:
            yield _Fault("kind_missing", need["kind"], lacking)
    for code, find_places in _PHOTO_RULES:
        if places := find_places(channel, photos):
            yield _Fault(code, places=places)


def _find_small(channel: Channel, photos: Sequence[RoomImage]) -> list[int]:
    width, height = channel.min_width, channel.min_height
    return [
        place
        for place, (one, other) in enumerate([(photo.width, photo.height) for photo in photos], start=1)
        if one and other and (max(one, other) < width or min(one, other) < height)
    ]


def _find_upright(channel: Channel, photos: Sequence[RoomImage]) -> list[int]:
    if not channel.landscape:
        return []
    first = enumerate(photos[:FIRST_PHOTOS], start=1)
    return [place for place, photo in first if photo.width and photo.width < (photo.height or 0)]


def _find_heavy(channel: Channel, photos: Sequence[RoomImage]) -> list[int]:
    if not channel.max_bytes:
        return []
    sizes = [photo.size or 0 for photo in photos]
    return [place for place, size in enumerate(sizes, start=1) if size > channel.max_bytes]


_PHOTO_RULES: Final = (
    ("too_small", _find_small),
    ("not_landscape", _find_upright),
    ("too_heavy", _find_heavy),
)


# --- the same rules, for the database -------------------------------------------------------


def filter_ready(rooms: QuerySet[Room], channels: Iterable[Channel]) -> QuerySet[Room]:
    """The rooms that are ready for each of the channels."""
    return rooms.filter(_are_ready(rooms, list(channels)))


def filter_not_ready(rooms: QuerySet[Room], channels: Iterable[Channel]) -> QuerySet[Room]:
    """The rooms that are not ready for at least one of the channels."""
    return rooms.filter(~_are_ready(rooms, list(channels)))


def _are_ready(rooms: QuerySet[Room], channels: Sequence[Channel]) -> Q:
    """The condition on `rooms` to be ready for all channels.

    By whole sets, each found in one pass over the photos: PostgreSQL can hash those, where a look into each
    room costs it seconds. What all channels together ask of a number is the most that one of them asks.
    """
    photos = RoomImage.objects.filter(room__in=rooms.order_by().values("pk")).order_by()
    total = max((channel.min_photos for channel in channels), default=0)
    numbers: Counter[str] = Counter()
    for channel in channels:
        numbers |= Counter({need["kind"]: need["number"] for need in channel.needs})
    # Never empty: an empty condition would also be its own opposite.
    conditions = [Q(Value(True))]
    if total or numbers:
        conditions.append(Q(pk__in=_rooms_with(photos, total, numbers)))
    faults = [fault for channel in channels for fault in _faults(channel)]
    if any(channel.landscape for channel in channels):
        faults.append(_UPRIGHT_AMONG_FIRST)
    if faults:
        conditions.append(~Q(pk__in=photos.filter(reduce(or_, faults)).values("room")))
    return Q(*conditions)


def _rooms_with(photos: QuerySet[RoomImage], total: int, numbers: Mapping[str, int]) -> QuerySet[Any, Any]:
    """The ids of the rooms that have as many photos, and as many of each kind."""
    least = {"total": total} | {f"number_of_{kind}": number for kind, number in numbers.items()}
    counts = {f"number_of_{kind}": Count("pk", filter=Q(kind=kind)) for kind in numbers}
    counted = photos.values("room").annotate(total=Count("pk"), **counts)
    return counted.filter(**{f"{name}__gte": number for name, number in least.items()}).values("room")


# In this order: PostgreSQL looks for the place of upright photos only, which are few.
_UPRIGHT_AMONG_FIRST: Final = Q(width__gt=0, width__lt=F("height")) & Q(
    pk__in=RoomImage.objects.filter(room=OuterRef("room")).values("pk")[:FIRST_PHOTOS]
)


def _faults(channel: Channel) -> Iterator[Q]:
    """The conditions on a photo to break one of the channel's rules that know no place."""
    if channel.min_width or channel.min_height:
        too_short = Q(width__lt=channel.min_width, height__lt=channel.min_width)
        too_narrow = Q(width__lt=channel.min_height) | Q(height__lt=channel.min_height)
        yield Q(width__gt=0, height__gt=0) & (too_short | too_narrow)
    if channel.max_bytes:
        yield Q(size__gt=channel.max_bytes)


# --- the sentences --------------------------------------------------------------------------


# Each with its article: languages differ in it.
_OF_KIND: Final[Mapping[str, Promise]] = {
    RoomImage.Kind.ROOM: _("of the whole room"),
    RoomImage.Kind.BED: _("of the bed"),
    RoomImage.Kind.BATHROOM: _("of the bathroom"),
    RoomImage.Kind.VIEW: _("of the view"),
    RoomImage.Kind.BALCONY: _("of the balcony or terrace"),
    RoomImage.Kind.KITCHEN: _("of the kitchen"),
    RoomImage.Kind.LIVING: _("of the living room"),
    RoomImage.Kind.AMENITY: _("of an amenity"),
    RoomImage.Kind.OUTSIDE: _("of the outside"),
    RoomImage.Kind.OTHER: _("of something else"),
}


def _few_text(channel: Channel, fault: _Fault) -> str:
    text = ngettext("Add %(number)s more photo.", "Add %(number)s more photos.", fault.number)
    return text % {"number": fault.number}


def _kind_text(channel: Channel, fault: _Fault) -> str:
    text = ngettext(
        "Add %(number)s photo %(of_kind)s, or say which photo shows it.",
        "Add %(number)s photos %(of_kind)s, or say which photos show it.",
        fault.number,
    )
    return text % {"number": fault.number, "of_kind": _OF_KIND[fault.kind]}


def _small_text(channel: Channel, fault: _Fault) -> str:
    text = ngettext(
        "Replace photo %(places)s by a larger one: %(width)s × %(height)s pixels at least.",
        "Replace photos %(places)s by larger ones: %(width)s × %(height)s pixels at least.",
        len(fault.places),
    )
    return text % {"places": _list(fault), "width": channel.min_width, "height": channel.min_height}


def _upright_text(channel: Channel, fault: _Fault) -> str:
    text = ngettext(
        "Move photo %(places)s, which is upright, behind place %(first)s, or take it anew in landscape.",
        "Move photos %(places)s, which are upright, behind place %(first)s, or take them anew in landscape.",
        len(fault.places),
    )
    return text % {"places": _list(fault), "first": FIRST_PHOTOS}


def _heavy_text(channel: Channel, fault: _Fault) -> str:
    text = ngettext(
        "Replace photo %(places)s by a lighter one: %(size)s at most.",
        "Replace photos %(places)s by lighter ones: %(size)s at most.",
        len(fault.places),
    )
    return text % {"places": _list(fault), "size": filesizeformat(channel.max_bytes)}


def _list(fault: _Fault) -> str:
    return ", ".join(map(str, fault.places))


_TEXTS: Final[Mapping[str, Callable[[Channel, _Fault], str]]] = {
    "too_few": _few_text,
    "kind_missing": _kind_text,
    "too_small": _small_text,
    "not_landscape": _upright_text,
    "too_heavy": _heavy_text,
}
