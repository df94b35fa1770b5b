"""Advice on a photo: that it is dark, blurred, small, or there twice.

Advice forbids nothing, and is not repeated once it is declined. It judges by metrics that were measured
when the photo came in (`pixels.metrics`), so no file is read.
`find_advice` judges photos at hand, `filter_advised` asks the database for rooms; a test holds both together.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rooms.models import Room, RoomImage
from rooms.pixels.metrics import count_differences

LABELS = {
    "small": _("Small"),
    "dark": _("Dark"),
    "blurred": _("Blurred"),
    "duplicate": _("Duplicate"),
}
_DARK = _("This photo is dark. One taken by day, with the lights on, shows the room better.")
_BLURRED = _("This photo looks blurred. Take it again with a steady hand, or wipe the lens.")
_SMALL = _(
    "This photo is small (%(width)s × %(height)s pixels). Booking sites ask for at least "
    "%(longest)s × %(shortest)s."
)
_SAME = _("This is the same photo as photo %(place)s.")
_ALIKE = _("This photo is nearly the same as photo %(place)s.")


@dataclass(frozen=True)
class Advice:
    """One thing to say about a photo: a code that never changes, a word, and a sentence."""

    code: str
    text: str | Promise

    @property
    def label(self) -> Promise:
        return LABELS[self.code]


def find_advice(photos: Sequence[RoomImage]) -> dict[int, list[Advice]]:
    """By id, what there is to say about each of one gallery's present photos, given in order."""
    return {
        photo.pk: [
            advice
            for advice in (*_alone(photo), *_beside(photo, photos[:place]))
            if advice.code not in photo.advice_declined
        ]
        for place, photo in enumerate(photos)
    }


def find_changes(
    before: Mapping[int, Sequence[Advice]], after: Mapping[int, list[Advice]]
) -> dict[int, list[Advice]]:
    """The advice that is new or changed since `before`; an empty list for a photo that has none any more."""
    return {
        photo_id: advice
        for photo_id, advice in after.items()
        if photo_id not in before or list(before[photo_id]) != advice
    }


def _alone(photo: RoomImage) -> Iterable[Advice]:
    """Advice that follows from the photo itself."""
    longest_px, shortest_px = settings.ROOM_PHOTO_ADVISED_MIN_SIDES
    if photo.width and photo.height:
        sides = sorted((photo.width, photo.height))
        if sides[1] < longest_px or sides[0] < shortest_px:
            yield Advice("small", _small_text(photo.width, photo.height))
    if photo.metrics is None:
        return
    if photo.metrics["brightness"] < settings.ROOM_PHOTO_ADVISED_MIN_BRIGHTNESS:
        yield Advice("dark", _DARK)
    elif photo.metrics["sharpness"] < settings.ROOM_PHOTO_ADVISED_MIN_SHARPNESS:
        yield Advice("blurred", _BLURRED)


def _small_text(width_px: int, height_px: int) -> str:
    longest_px, shortest_px = settings.ROOM_PHOTO_ADVISED_MIN_SIDES
    return str(_SMALL) % {
        "width": width_px,
        "height": height_px,
        "longest": longest_px,
        "shortest": shortest_px,
    }


def _beside(photo: RoomImage, earlier: Sequence[RoomImage]) -> Iterable[Advice]:
    """Advice that follows from the photos before it: of two alike, the later one is the duplicate."""
    if photo.metrics is None:
        return
    for place, other in enumerate(earlier, start=1):
        if other.metrics is None:
            continue
        differences = count_differences(photo.metrics["fingerprint"], other.metrics["fingerprint"])
        if differences < settings.ROOM_PHOTO_ADVISED_MIN_DIFFERENCES:
            is_same = (photo.metrics, photo.size) == (other.metrics, other.size)
            yield Advice("duplicate", str(_SAME if is_same else _ALIKE) % {"place": place})
            return


# --- the same, for the database -----------------------------------------------------------


def filter_advised(rooms: QuerySet[Room], code: str = "") -> QuerySet[Room]:
    """The rooms with advice of this `code` on a photo, or with any. Nothing is stored for it."""
    return rooms.filter(is_advised(rooms, code))


def is_advised(rooms: QuerySet[Room], code: str = "") -> Q:
    """The same as a condition on `rooms`; one query at once, to compare fingerprints."""
    photos = _with_declined(RoomImage.objects.order_by().filter(room=OuterRef("pk")))
    found = Q()
    for one in [code] if code else LABELS:
        if one == "duplicate":
            found |= Q(pk__among=_find_rooms_with_duplicates(rooms))
        else:
            found |= Q(Exists(photos.filter(_ALONE[one]() & _not_declined(one))))
    return found


def _is_small() -> Q:
    longest_px, shortest_px = settings.ROOM_PHOTO_ADVISED_MIN_SIDES
    too_short = Q(width__lt=longest_px, height__lt=longest_px)
    return Q(width__gt=0, height__gt=0) & (too_short | Q(width__lt=shortest_px) | Q(height__lt=shortest_px))


def _is_dark() -> Q:
    return Q(metrics__brightness__lt=settings.ROOM_PHOTO_ADVISED_MIN_BRIGHTNESS)


def _is_blurred() -> Q:
    return Q(
        metrics__brightness__gte=settings.ROOM_PHOTO_ADVISED_MIN_BRIGHTNESS,
        metrics__sharpness__lt=settings.ROOM_PHOTO_ADVISED_MIN_SHARPNESS,
    )


_ALONE: Final = {"small": _is_small, "dark": _is_dark, "blurred": _is_blurred}


def _with_declined(photos: QuerySet[RoomImage]) -> QuerySet[RoomImage]:
    """A list inside JSON as text: SQLite cannot ask what such a list contains."""
    return photos.alias(declined=Cast("advice_declined", TextField()))


def _not_declined(code: str) -> Q:
    return ~Q(declined__contains=f'"{code}"')


def _find_rooms_with_duplicates(rooms: QuerySet[Room]) -> list[int]:
    """Fingerprints are compared here: no database counts differing bits as quickly. One query."""
    rows = RoomImage.objects.order_by().filter(room__in=rooms.order_by().values("pk"), metrics__isnull=False)
    columns = rows.annotate(
        fingerprint=KT("metrics__fingerprint"), declined=Cast(F("advice_declined"), TextField())
    ).values_list("room_id", "order", "pk", "fingerprint", "declined")
    galleries: dict[int, list[tuple[bool, int, int, int, bool]]] = defaultdict(list)
    for room_id, order, pk, fingerprint, declined in columns.iterator():
        # In the gallery's order: 0 means "not placed yet" and comes last.
        galleries[room_id].append((order == 0, order, pk, int(fingerprint, 16), '"duplicate"' in declined))
    return [room_id for room_id, photos in galleries.items() if _has_duplicate(photos)]


def _has_duplicate(photos: list[tuple[bool, int, int, int, bool]]) -> bool:
    photos.sort()
    least = settings.ROOM_PHOTO_ADVISED_MIN_DIFFERENCES
    return any(
        (fingerprint ^ other[3]).bit_count() < least
        for place, (*_, fingerprint, is_declined) in enumerate(photos)
        if not is_declined
        for other in photos[:place]
    )
