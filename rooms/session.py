"""The session's list of temporary photos: a view of the database, never the truth itself."""

from typing import Any, Final

from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from rooms.services.drafts import find_session_photo_ids

SESSION_PHOTOS: Final = "room_temp_images"


def mirror_temporary_photos(session: SessionBase, user: Any) -> None:
    """Writes the ids of the session's temporary photos under `room_temp_images`.

    Parallel requests of one session each carry their own copy of it. So this reads the
    stored session anew and writes it under a lock: whoever comes last has seen every photo.
    """
    if not session.session_key:
        return
    with transaction.atomic():
        get_user_model().objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk").first()
        photo_ids = find_session_photo_ids(user, session.session_key)
        stored = type(session)(session.session_key)
        is_stale = stored.get(SESSION_PHOTOS, []) != photo_ids
        if is_stale and stored.session_key:  # None where the session ended meanwhile
            stored[SESSION_PHOTOS] = photo_ids
            stored.save()
    was_modified = session.modified
    session[SESSION_PHOTOS] = photo_ids  # should this request save the session for another reason
    session.modified = was_modified
