"""What a photo shows, guessed from the words of its caption, French and English.

A guess only fills an empty kind. A person who wants no kind removes the guess; it comes back only when the
caption is changed again.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from rooms.models import RoomImage

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
