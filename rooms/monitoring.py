"""Read-only figures about galleries, for lists and for platform staff. Nothing here changes a row."""

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from rooms.models import Room, RoomImage


def with_gallery_figures(rooms: QuerySet[Room]) -> QuerySet[Room]:
    """Adds `photo_count` and `cover_name` (the first photo's file, None without one) to each room.

    Two index look-ups a room in the same query, however many photos there are.
    """
    photos = RoomImage.objects.filter(room=OuterRef("pk"))
    count = photos.order_by().values("room").annotate(count=Count("pk")).values("count")
    return rooms.annotate(
        photo_count=Coalesce(Subquery(count), 0),
        cover_name=Subquery(photos.values("image")[:1]),
    )
