"""Whether there is a place for one more photo, in its gallery and in its user's quota of unattached photos.

Uploads on their way count as if they had arrived.
"""

import uuid
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models import BigIntegerField, QuerySet, Subquery

from rooms import limits
from rooms.errors import LimitReached, NotFound, QuotaExceeded
from rooms.models import Gallery, PendingFile, RoomImage

_COUNT: Final = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
_SUM_OF_SIZES: Final = "(SELECT COALESCE(SUM(size), 0) FROM (%(subquery)s) AS added_up)"


def has_arrived(
    user: User, gallery: Gallery, upload_id: uuid.UUID | None, replaced: RoomImage | None
) -> bool:
    """Whether this very upload has arrived before; if not, there is a place for it. The gallery is locked.

    Raises `LimitReached` or `QuotaExceeded`, and `NotFound` where the gallery or `replaced` has gone.
    """
    usage = _usage(user, gallery, upload_id, replaced)
    if usage["earlier"]:
        return True
    if replaced is not None and not usage["replaced"]:
        raise NotFound  # before its successor is decoded
    staying = usage["present"] - (replaced is not None)
    if staying + usage["arriving"] >= settings.ROOM_PHOTO_MAX_COUNT:
        raise LimitReached(limit=settings.ROOM_PHOTO_MAX_COUNT)
    if gallery.draft is not None:
        if usage["unattached"] + usage["user_arriving"] >= settings.ROOM_PHOTO_MAX_UNATTACHED // 2:
            # Uploads into two drafts of one user at once would each see the other's place as free.
            users = get_user_model().objects.select_for_update(no_key=True).filter(pk=user.pk)
            users.values_list("pk").first()
            usage = _usage(user, gallery, upload_id, replaced)
        _refuse_over_quota(usage)
    return False


def _refuse_over_quota(usage: dict[str, int]) -> None:
    is_full = usage["unattached"] + usage["user_arriving"] >= settings.ROOM_PHOTO_MAX_UNATTACHED
    if is_full or usage["unattached_bytes"] >= limits.unattached_max_bytes():
        raise QuotaExceeded(limit=settings.ROOM_PHOTO_MAX_UNATTACHED)


def _usage(
    user: User, gallery: Gallery, upload_id: uuid.UUID | None, replaced: RoomImage | None
) -> dict[str, int]:
    """What there is and what is on its way, in the gallery and in all drafts of its user, in one query.

    An upload of the same `upload_id` is this very photo: on its way it is not counted, and `earlier`
    says that it has arrived before.
    """
    arriving = PendingFile.objects.in_flight()
    earlier = RoomImage.all_objects.none()
    if upload_id is not None:
        arriving = arriving.exclude(user=user, upload_id=upload_id)
        earlier = RoomImage.all_objects.filter(uploaded_by=user, upload_id=upload_id)
    # Removed ones too: until the cleanup comes they take up as much as others.
    in_drafts = RoomImage.all_objects.filter(draft__user=user, draft__is_saved=False)
    numbers = {
        "earlier": _number(earlier),
        "present": _number(gallery.photos()),
        "arriving": _number(arriving.filter(**gallery.owner_filter)),
    }
    if replaced is not None:
        numbers["replaced"] = _number(gallery.photos().filter(pk=replaced.pk))
    if gallery.draft is not None:
        numbers |= {
            "unattached": _number(in_drafts),
            "unattached_bytes": _number(in_drafts, _SUM_OF_SIZES, "size"),
            "user_arriving": _number(arriving.filter(user=user, room=None)),
        }
    usage: dict[str, int] | None = gallery.row().values(**numbers).first()
    if usage is None:
        raise NotFound
    return usage


def _number(rows: QuerySet[Any], template: str = _COUNT, column: str = "pk") -> Subquery:
    """A number over all rows, as a part of another query."""
    return Subquery(rows.order_by().values(column), BigIntegerField(), template=template)
