"""Advice on a photo: that it is dark, blurred, small, or there twice.

Advice forbids nothing, and is not repeated once it is declined. It judges by metrics that were measured
when the photo came in (`pixels.metrics`), so no file is read. `advised_rooms` asks the database the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rooms.models import RoomImage
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
_ELSEWHERE = _("The same photo is in %(room)s too. Guests choose a room by what is different.")


@dataclass(frozen=True)
class Advice:
    """One thing to say about a photo: a code that never changes, a word, and a sentence."""

    code: str
    text: str | Promise

    @property
    def label(self) -> Promise:
        return LABELS[self.code]


def find_advice(photos: Sequence[RoomImage], only: RoomImage | None = None) -> dict[int, list[Advice]]:
    """By id, what there is to say about each of one gallery's present photos, given in order.

    With `only` about that one of them.

    That a photo is in another room too is known of those that `Gallery.photos_for_advice` found.
    """
    return {
        photo.pk: [
            advice
            for advice in (*_alone(photo), *_beside(photo, photos[:place]))
            if advice.code not in photo.advice_declined
        ]
        for place, photo in enumerate(photos)
        if only is None or photo.pk == only.pk
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
    """Advice that follows from other photos.

    Of two alike in its gallery the later one is the duplicate; of two in different rooms each one is.
    """
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
    if photo.also_in:
        yield Advice("duplicate", str(_ELSEWHERE) % {"room": photo.also_in})
