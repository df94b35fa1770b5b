"""The only door for ids that come from a user.

Whatever a user may not see does not exist for them: a stranger's object and a missing one
raise the same `NotFound`. `get_*` raises, `find_*` lists, and nothing here changes a row.
Who may do what is decided in `models.people`.
"""

import uuid

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q

from rooms.errors import Forbidden, InvalidRequest, NotFound
from rooms.models import Draft, Gallery, Room, RoomImage

READ = ("rooms.view_room", "rooms.change_room", "rooms.add_room")
WRITE_ROOM = ("rooms.change_room",)
WRITE_TEMPORARY = ("rooms.add_room", "rooms.change_room")


def require_any(user: User, permissions: tuple[str, ...]) -> None:
    """Raises `Forbidden` unless `user` is staff and has one of `permissions`."""
    if not (user.is_staff and any(user.has_perm(permission) for permission in permissions)):
        raise Forbidden


def get_room_gallery(user: User, room_id: int) -> Gallery:
    """The gallery of a room that `user` may work on."""
    # With the establishment, whose name a deed keeps.
    rooms = Room.objects.for_user(user).select_related("establishment")
    try:
        return Gallery(room=rooms.get(pk=room_id))
    except Room.DoesNotExist:
        raise NotFound from None


def get_room_photo(user: User, room_id: int, photo_id: int, *, removed: bool = False) -> RoomImage:
    """A photo of a room that `user` may work on: a present one, or with `removed` one that was removed."""
    room = get_room_gallery(user, room_id).room
    return _get_photo(Q(pk=photo_id, room=room), removed)


def get_temporary_photo(user: User, photo_id: int, *, removed: bool = False) -> RoomImage:
    """A photo in an open draft of `user`; superusers meet those of everybody."""
    mine = Q() if user.is_superuser else Q(draft__user=user)
    return _get_photo(Q(mine, pk=photo_id, room=None, draft__is_saved=False), removed)


def find_draft(user: User, draft_id: uuid.UUID | None, session_key: str) -> Draft | None:
    """The open draft with this id, or the session's default one; None before its first photo.

    Raises `NotFound` for another user's draft, to superusers too, and for one whose room was saved.
    """
    if draft_id is None:
        return Draft.objects.open().filter(user=user, session_key=session_key, is_default=True).first()
    draft = Draft.objects.filter(pk=draft_id).first()
    if draft is not None and (draft.user_id != user.pk or draft.is_saved):
        raise NotFound
    return draft


def parse_uuid(text: str | None) -> uuid.UUID | None:
    """A UUID a client sent; None where it sent none. Raises `InvalidRequest` for anything else."""
    if not text:
        return None
    try:
        return uuid.UUID(text)
    except (ValueError, AttributeError, TypeError):
        raise InvalidRequest from None


def get_file_photo(user: User | AnonymousUser, master_name: str) -> RoomImage:
    """The photo with this file, if `user`, who may be anonymous, may see it; else raises `NotFound`.

    Anyone who has the address of a room's photo may; a temporary photo is its uploader's,
    a removed one belongs to those who may work on its room.
    """
    if "\x00" in master_name:  # PostgreSQL cannot even be asked
        raise NotFound
    # The photos of a removed room are nobody's until it is back.
    rows = RoomImage.all_objects.filter(image=master_name, room__removed_at=None)
    photo = rows.filter(room__isnull=False, removed_at=None).first()
    if photo is None:  # only now ask who is there: answers to everyone must not depend on a session
        photo = rows.filter(_private_to(user)).first()
    if photo is None:
        raise NotFound
    return photo


def is_public(photo: RoomImage) -> bool:
    """Whether anyone may see it, so that caches may keep it."""
    return photo.room_id is not None and photo.removed_at is None


def _private_to(user: User | AnonymousUser) -> Q:
    if isinstance(user, AnonymousUser) or not user.is_staff:
        return Q(pk__in=())
    if user.is_superuser:
        return Q()
    return Q(draft__user=user) | Q(room__in=Room.objects.for_user(user))


def _get_photo(which: Q, removed: bool) -> RoomImage:
    photos = RoomImage.all_objects.select_related("room", "draft").filter(
        which, removed_at__isnull=not removed
    )
    photo = photos.first()
    if photo is None:
        raise NotFound
    return photo
