"""Drafts becoming rooms: the photos of an add form move to the room that was saved.

Uploading into a draft is `uploads`; arranging its photos is `gallery`.
"""

from typing import Any

from django.db.models import QuerySet

from rooms.models import Draft, Gallery, Room, RoomImage


def lock_for_saving(draft: Draft) -> Draft:
    """The draft as it is now, locked: of a form sent twice the second waits here and finds the room."""
    return Draft.objects.select_for_update(of=("self",)).select_related("room").get(pk=draft.pk)


def attach(draft: Draft, room: Room) -> list[RoomImage]:
    """Makes the draft's photos the room's, in their order, in the caller's transaction.

    Removed ones go along, so that they can still be restored. Returns the room's photos.
    """
    RoomImage.all_objects.filter(draft=draft).update(room=room, draft=None)
    draft.room, draft.is_saved = room, True
    draft.save(update_fields=["room", "is_saved"])
    return Gallery(room=room).photos().settle()


def find_session_photo_ids(user: Any, session_key: str) -> list[int]:
    """Ids of all temporary photos in the open drafts of one session, oldest draft first."""
    photos: QuerySet[RoomImage] = RoomImage.objects.filter(
        room=None, draft__user=user, draft__session_key=session_key, draft__is_saved=False
    )
    return list(photos.order_by("draft__created_at", "draft_id", "order", "pk").values_list("pk", flat=True))
