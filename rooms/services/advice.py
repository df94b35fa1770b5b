"""What is said of one photo: that it is dark, blurred, small, or there twice; and what it shows.

Advice forbids nothing, and is not repeated once it is declined. It judges by metrics that were measured
when the photo came in (`pixels.rendering`), so no file is read. `judging` asks the database the same.

What a photo shows is guessed from the words of its caption, French and English. A guess only fills an empty
kind. A person who wants no kind removes the guess; it comes back only when the caption is changed again.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rooms.models import RoomImage
from rooms.pixels.rendering import count_differences

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
Kind = RoomImage.Kind
# Case, accents and plurals do not count. At one place in a caption the longest phrase wins.
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    Kind.BATHROOM: (
        "salle de bain", "salle d eau", "douche", "baignoire", "lavabo", "vasque", "toilette", "wc", "sdb",
        "seche serviette", "bathroom", "shower", "bathtub", "bath tub", "bath", "washbasin", "sink", "toilet",
        "en suite", "ensuite", "powder room",
    ),
    Kind.BED: (
        "lit", "lit double", "lit simple", "lit jumeau", "lit superpose", "lit bebe", "couchage", "matelas",
        "oreiller", "tete de lit", "canape lit", "bed", "double bed", "twin bed", "bunk bed", "king size",
        "queen size", "four poster", "mattress", "pillow", "headboard", "sofa bed", "cot",
    ),
    Kind.VIEW: ("vue", "panorama", "view", "outlook", "overlooking"),
    Kind.BALCONY: (
        "balcon", "terrasse", "loggia", "veranda", "patio", "balcony", "balconie", "terrace", "deck",
    ),
    # No "four" by itself: it is a number as often as an oven.
    Kind.KITCHEN: (
        "cuisine", "kitchenette", "coin cuisine", "plaque de cuisson", "plan de travail", "micro onde",
        "refrigerateur", "frigo", "lave vaisselle", "evier", "kitchen", "oven", "microwave", "stove", "hob",
        "fridge", "dishwasher",
    ),
    Kind.LIVING: (
        "salon", "sejour", "piece a vivre", "piece commune", "canape", "coin salon", "salle a manger",
        "living room", "lounge", "sitting room", "sitting area", "sofa", "couch", "dining room",
    ),
    Kind.AMENITY: (
        "bureau", "bouilloire", "cafetiere", "machine a cafe", "television", "televiseur", "tele", "tv",
        "climatisation", "wifi",
        "wi fi", "coffre fort", "minibar", "penderie", "armoire", "dressing", "seche cheveux",
        "fer a repasser", "cheminee", "poele", "desk", "kettle", "coffee machine", "coffee maker", "safe",
        "air conditioning", "wardrobe", "hair dryer", "hairdryer", "iron", "fireplace", "heater",
    ),
    Kind.OUTSIDE: (
        "facade", "entree", "exterieur", "jardin", "piscine", "parking", "cour", "batiment", "parc",
        "portail", "facade", "entrance", "exterior", "outside", "garden", "pool", "swimming pool",
        "courtyard", "building", "car park", "driveway", "front door",
    ),
    Kind.ROOM: (
        "chambre", "vue d ensemble", "vue generale", "ensemble de la chambre", "dortoir", "suite", "studio",
        "bedroom", "room", "whole room", "overview", "dormitory", "dorm",
    ),
}  # fmt: skip
# Words in which a kind's own word means nothing, or another thing.
NOT_MEANT: Final = (
    "room service", "chambre d hote", "linge de lit", "linge de bain", "lit de riviere", "bed and breakfast",
    "bed breakfast", "petit dejeuner en chambre", "breakfast in bed", "tout de suite", "salon de jardin",
    "deck chair",
)  # fmt: skip


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


def guess_kind(caption: str) -> str:
    """The kind that the caption names first, or "" where it names none.

    "Vue du balcon" shows the view, "balcon avec vue" the balcony.
    """
    words = _simplify(caption)
    for phrase in NOT_MEANT:
        words = words.replace(f" {phrase} ", " ")
    found = _PATTERN.search(words)
    return _KINDS[found.group(1)] if found else ""


def _simplify(text: str) -> str:
    """Lower-case words without accents, plural endings and punctuation, a blank before and after each."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    plain = "".join([letter for letter in letters if not unicodedata.combining(letter)])
    words = [_singular(word) for word in re.findall(r"[a-z0-9]+", plain)]
    return f" {' '.join(words)} "


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] in "sx" and word[-2] != "s" else word


# What the caption is compared with has passed the same simplification as the caption itself.
_KINDS: Final = {
    _simplify(phrase).strip(): str(kind) for kind, phrases in WORDS.items() for phrase in phrases
}
_LONGEST_FIRST: Final = sorted(_KINDS, key=len, reverse=True)
_PATTERN: Final = re.compile(rf" ({'|'.join(_LONGEST_FIRST)})(?= )")
