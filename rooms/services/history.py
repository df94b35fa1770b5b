"""The trail: who did what to which photo of a room, as entries of the room's History page.

Entries are written in Django's own words for changes and translated when they are shown. They are
written by whoever changes a gallery, in the same transaction. Drafts have no page and no history: what
was made of one is told when its room is saved. What programs do, without a user, is not told.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.contrib.admin.models import CHANGE, LogEntry
from django.utils.translation import gettext_noop

from rooms.models import Establishment, Gallery, Room, RoomImage

type Change = dict[str, dict[str, Any]]

_PHOTO: Final = gettext_noop("photo")
_PHOTOS: Final = gettext_noop("photos")
_RESTORED: Final = gettext_noop("restored photo")
_FIELDS: Final = {
    "caption": gettext_noop("the caption"),
    "alternative_text": gettext_noop("the alternative text"),
    "kind": gettext_noop("what it shows"),
}
_PLACE: Final = gettext_noop("the place")
_ROOM: Final = gettext_noop("the room")
_ORDER: Final = gettext_noop("the order of the photos")
_REPLACEMENT: Final = gettext_noop("replacement photo")
_ORIENTATION: Final = gettext_noop("the orientation")
_MOVED_ROOM: Final = gettext_noop("room")
_ESTABLISHMENT: Final = gettext_noop("the establishment")


def record_upload(user: Any, gallery: Gallery, photo: RoomImage, *, is_replacement: bool = False) -> None:
    """One INSERT, as each of these; none for a draft's photo or without a user."""
    name = _REPLACEMENT if is_replacement else _PHOTO
    _record(user, gallery, {"added": {"name": name, "object": _label(photo)}})


def record_turn(user: Any, gallery: Gallery, photo: RoomImage) -> None:
    _record_change(user, gallery, photo, _ORIENTATION)


def record_update(user: Any, gallery: Gallery, photo: RoomImage, changed: Iterable[str]) -> None:
    """One entry for all that was changed at once; declined advice is not told."""
    fields = [_FIELDS[name] for name in changed if name in _FIELDS]
    if fields:
        _record_change(user, gallery, photo, *fields)


def record_removal(user: Any, gallery: Gallery, photo: RoomImage) -> None:
    _record(user, gallery, {"deleted": {"name": _PHOTO, "object": _label(photo)}})


def record_restoring(user: Any, gallery: Gallery, photo: RoomImage) -> None:
    _record(user, gallery, {"added": {"name": _RESTORED, "object": _label(photo)}})


def record_order(user: Any, gallery: Gallery, before: Sequence[int], photos: Sequence[RoomImage]) -> None:
    """Of one photo that moved, both places; nothing where `photos` stand as their ids did `before`."""
    after = [photo.pk for photo in photos]
    if after == list(before):
        return
    moved = _find_moved(list(before), after)
    if moved is None:
        _record(user, gallery, {"changed": {"fields": [_ORDER]}})
        return
    photo = photos[after.index(moved)]
    way = f"{before.index(moved) + 1} → {_label(photo)}"
    _record(user, gallery, {"changed": {"name": _PHOTO, "object": way, "fields": [_PLACE]}})


def record_room_moved(user: Any, room: Room, before: Establishment) -> None:
    """In the histories of both establishments; neither names the other, which may be a stranger's."""
    change = {"changed": {"name": _MOVED_ROOM, "object": str(room), "fields": [_ESTABLISHMENT]}}
    LogEntry.objects.log_actions(user.pk, [before, room.establishment], CHANGE, [change])


def record_photos_moved(user: Any, here: Gallery, there: Gallery, count: int) -> None:
    """One entry in each of the two rooms, with how many photos went where."""
    for gallery, way in ((here, f"{count} → {there.room}"), (there, f"{count} ← {here.room}")):
        _record(user, gallery, {"changed": {"name": _PHOTOS, "object": way, "fields": [_ROOM]}})


def describe_first_photos(count: int) -> list[Change]:
    """What the entry of a new room says about the photos it came with."""
    return [{"added": {"name": _PHOTOS, "object": str(count)}}] if count else []


def _record_change(user: Any, gallery: Gallery, photo: RoomImage, *fields: str) -> None:
    _record(user, gallery, {"changed": {"name": _PHOTO, "object": _label(photo), "fields": list(fields)}})


def _record(user: Any, gallery: Gallery, change: Change) -> None:
    if user is not None and gallery.room is not None:
        LogEntry.objects.log_actions(user.pk, [gallery.room], CHANGE, [change])


def _label(photo: RoomImage) -> str:
    """Its place and its caption: what people know it by."""
    return f"{photo.order} · {photo.caption}" if photo.caption else str(photo.order)


def _find_moved(before: list[int], after: list[int]) -> int | None:
    """The one photo without which nothing changed; of two neighbours, the one that came forward."""
    differing = [place for place, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    for photo_id in (after[differing[0]], before[differing[0]]):
        if [pk for pk in before if pk != photo_id] == [pk for pk in after if pk != photo_id]:
            return photo_id
    return None
