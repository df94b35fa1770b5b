"""What lists of rooms show of each gallery: cover, number of photos, and what they still need."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from rooms.models import Channel, RoomImage
from rooms.models.gallery import find_shared
from rooms.services.advice import find_advice
from rooms.services.readiness import count_needs

# What cover, advice and readiness ask of a photo.
_COLUMNS: Final = (
    *("pk", "room_id", "image", "caption", "alternative_text", "order", "kind", "width", "height", "size"),
    *("metrics", "advice_declined"),
)
_SAME: Final = ("room__establishment", "fingerprint")


@dataclass(frozen=True)
class ChannelNeeds:
    """A channel, and how many of its rules a gallery breaks: a list does not say which."""

    channel: Channel
    count: int

    @property
    def is_ready(self) -> bool:
        return not self.count


@dataclass(frozen=True)
class Overview:
    """One gallery; `cover` is its first photo, None without one, and numbers are of photos."""

    cover: RoomImage | None
    photo_count: int
    advised_count: int
    without_caption_count: int
    channels: Sequence[ChannelNeeds]

    @property
    def is_ready(self) -> bool:
        """For all channels that were asked for."""
        return all(one.is_ready for one in self.channels)


def find_overviews(room_ids: Iterable[int], channels: Sequence[Channel]) -> dict[int, Overview]:
    """By room id, what there is to show of its gallery. Two queries, however many rooms.

    Named tuples stand for the photos: of a page's thousand only the covers are shown, and to make objects of
    the others takes longer than all the rest.
    """
    photos: dict[int, list[Any]] = {room_id: [] for room_id in room_ids}
    # In which other room a photo is, a list does not say.
    present: Any = RoomImage.objects.filter(room__in=list(photos))
    present = present.annotate(also_in=Value(False)).values_list(*_COLUMNS, *_SAME, "also_in", named=True)
    rows = list(present)
    shared = find_shared(list({photo.fingerprint for photo in rows if photo.fingerprint}))
    for photo in rows:
        is_shared = (photo.room__establishment, photo.fingerprint) in shared
        photos[photo.room_id].append(photo._replace(also_in=True) if is_shared else photo)
    return {room_id: _look_at(found, channels) for room_id, found in photos.items()}


def count_of_photos() -> Any:
    """The number of a room's photos, as an expression on the room: some index look-ups each."""
    photos = RoomImage.objects.order_by().filter(room=OuterRef("pk"))
    return Coalesce(Subquery(photos.values("room").annotate(count=Count("pk")).values("count")), 0)


def _look_at(photos: Sequence[Any], channels: Sequence[Channel]) -> Overview:
    return Overview(
        cover=_make_cover(photos[0]) if photos else None,
        photo_count=len(photos),
        advised_count=sum(map(bool, find_advice(photos).values())),
        without_caption_count=sum(not photo.caption for photo in photos),
        channels=[ChannelNeeds(channel, count_needs(channel, photos)) for channel in channels],
    )


def _make_cover(photo: Any) -> RoomImage:
    return RoomImage(**{name: getattr(photo, name) for name in _COLUMNS})
