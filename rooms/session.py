"""The user of a request, and the session's list of temporary photos, which is a copy of the database's."""

import logging
from typing import Final, cast

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import DatabaseError, transaction
from django.db.models import Exists
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from rooms.backends import get_with_permissions
from rooms.services.lifecycle import find_session_photo_ids

log = logging.getLogger(__name__)
SESSION_PHOTOS: Final = "room_temp_images"


def mirror_temporary_photos(session: SessionBase, user: User) -> None:
    """Writes the ids of the session's temporary photos under `room_temp_images`.

    Parallel requests of one session each carry their own copy of it. So this reads the
    stored session anew and writes it under a lock: the last request has seen every photo.
    Where the database fails it changes nothing: what the list is about has happened, and must
    not be answered as if it had not. The next change writes the whole list again.
    """
    if not session.session_key:
        return
    try:
        photo_ids = _write_anew(session, session.session_key, user)
    except DatabaseError:
        log.exception("the session's list of temporary photos could not be written")
        return
    was_modified = session.modified
    session[SESSION_PHOTOS] = photo_ids  # should this request save the session for another reason
    session.modified = was_modified


def signed_in_user(request: HttpRequest) -> User:
    """The user of `request`, in a view that nobody meets without signing in."""
    return cast(User, request.user)


def find_present_user(request: HttpRequest) -> User | None:
    """The signed-in user of `request` as they are by now, and what they may do, in one query.

    None where they were deactivated meanwhile, their session ended or their password changed.
    """
    sessions = Session.objects.filter(pk=request.session.session_key, expire_date__gt=timezone.now())
    user_id = request.session.get(SESSION_KEY, 0)
    user = get_with_permissions(User.objects.filter(Exists(sessions), pk=user_id, is_active=True))
    if user is None:
        return None
    known_hash = request.session.get(HASH_SESSION_KEY, "")
    return user if constant_time_compare(known_hash, user.get_session_auth_hash()) else None


@transaction.atomic
def _write_anew(session: SessionBase, session_key: str, user: User) -> list[int]:
    sessions = Session.objects.select_for_update()
    stored = sessions.filter(pk=session_key, expire_date__gt=timezone.now()).first()
    photo_ids = find_session_photo_ids(user, session_key)
    if stored is not None:  # else the session ended meanwhile
        content = stored.get_decoded()
        if content.get(SESSION_PHOTOS, []) != photo_ids:
            stored.session_data = session.encode(content | {SESSION_PHOTOS: photo_ids})
            stored.save(update_fields=["session_data"])
    return photo_ids
