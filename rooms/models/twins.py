"""The same photo in two rooms of an establishment. It is recognised by its fingerprint.

Only equal ones count: rooms of one kind look alike, and so do the photos that were taken in each of them.
"""

from typing import Any

from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Concat

from rooms.models.photo import RoomImage

# As `Room.label`.
_LABEL = Case(
    When(room__number="", then=F("room__name")),
    default=Concat("room__name", Value(" · "), "room__number"),
)


def with_other_room(photos: Any, establishment_id: int | None = None) -> Any:
    """Photos of rooms, each with the label of the first other room that has it as `also_in`, or None.

    `establishment_id` is named where it is one for all. Costs a look into an index for each photo.
    """
    establishment = establishment_id or OuterRef("room__establishment")
    other = label_of_other_room(OuterRef("fingerprint"), OuterRef("room"), establishment)
    return photos.annotate(also_in=other)


def label_of_other_room(fingerprint: Any, room: Any, establishment: Any) -> Subquery:
    """An expression: the first by name of the other rooms that have a present photo of that fingerprint."""
    found = RoomImage.objects.filter(
        ~Q(room=room), fingerprint=fingerprint, room__establishment=establishment, room__removed_at=None
    )
    return Subquery(found.order_by("room__name", "room_id").values(label=_LABEL)[:1])
