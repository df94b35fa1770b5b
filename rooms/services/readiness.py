"""Whether a room's photos meet what booking channels ask, and what is still missing. It forbids nothing.

The rules stand here twice: `find_needs` judges photos at hand, `_are_ready` asks the database, for filters
over any number of rooms. One test compares both with the same table. No file is read.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Final

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
    if len(photos) < channel.min_photos:
        lacking = channel.min_photos - len(photos)
        yield Need("too_few", _too_few_text(lacking), number=lacking)
    shown = Counter(photo.kind for photo in photos)
    for need in channel.needs:
        lacking = need["number"] - shown[need["kind"]]
        if lacking > 0:
            yield Need("kind_missing", _kind_text(need["kind"], lacking), need["kind"], lacking)
    for code, breaks, get_text in _PHOTO_RULES:
        places = [place for place, photo in enumerate(photos, start=1) if breaks(channel, photo, place)]
        if places:
            images = tuple(photos[place - 1].pk for place in places)
            yield Need(code, get_text(channel, places), images=images)


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


# --- rules about single photos, and the sentences -------------------------------------------


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


def _is_measured(photo: RoomImage) -> bool:
    return bool(photo.width and photo.height)


def _is_too_small(channel: Channel, photo: RoomImage, place: int) -> bool:
    sides = sorted((photo.width or 0, photo.height or 0))
    return _is_measured(photo) and (sides[1] < channel.min_width or sides[0] < channel.min_height)


def _is_upright(channel: Channel, photo: RoomImage, place: int) -> bool:
    is_wanted = channel.landscape and place <= FIRST_PHOTOS and _is_measured(photo)
    return is_wanted and (photo.width or 0) < (photo.height or 0)


def _is_too_heavy(channel: Channel, photo: RoomImage, place: int) -> bool:
    return bool(channel.max_bytes and (photo.size or 0) > channel.max_bytes)


def _too_few_text(lacking: int) -> str:
    return ngettext("Add %(number)s more photo.", "Add %(number)s more photos.", lacking) % {
        "number": lacking
    }


def _kind_text(kind: str, lacking: int) -> str:
    text = ngettext(
        "Add %(number)s photo %(of_kind)s, or say which photo shows it.",
        "Add %(number)s photos %(of_kind)s, or say which photos show it.",
        lacking,
    )
    return text % {"number": lacking, "of_kind": _OF_KIND[kind]}


def _small_text(channel: Channel, places: Sequence[int]) -> str:
    text = ngettext(
        "Replace photo %(places)s by a larger one: %(width)s × %(height)s pixels at least.",
        "Replace photos %(places)s by larger ones: %(width)s × %(height)s pixels at least.",
        len(places),
    )
    return text % {"places": _list(places), "width": channel.min_width, "height": channel.min_height}


def _upright_text(channel: Channel, places: Sequence[int]) -> str:
    text = ngettext(
        "Move photo %(places)s, which is upright, behind place %(first)s, or take it anew in landscape.",
        "Move photos %(places)s, which are upright, behind place %(first)s, or take them anew in landscape.",
        len(places),
    )
    return text % {"places": _list(places), "first": FIRST_PHOTOS}


def _heavy_text(channel: Channel, places: Sequence[int]) -> str:
    text = ngettext(
        "Replace photo %(places)s by a lighter one: %(size)s at most.",
        "Replace photos %(places)s by lighter ones: %(size)s at most.",
        len(places),
    )
    return text % {"places": _list(places), "size": filesizeformat(channel.max_bytes)}


def _list(places: Sequence[int]) -> str:
    return ", ".join(map(str, places))


type _Breaks = Callable[[Channel, RoomImage, int], bool]
type _GetText = Callable[[Channel, Sequence[int]], str]
_PHOTO_RULES: Final[tuple[tuple[str, _Breaks, _GetText], ...]] = (
    ("too_small", _is_too_small, _small_text),
    ("not_landscape", _is_upright, _upright_text),
    ("too_heavy", _is_too_heavy, _heavy_text),
)
