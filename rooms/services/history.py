"""The history of a room: who did what to which photo.

Entries use Django's own words for changes, and are translated when they are shown. The service that changes
a gallery writes them in the same transaction. Drafts have no history: the entry of a new room counts its
first photos. Changes without a user are not recorded.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from django.contrib.admin.models import CHANGE
from django.contrib.admin.utils import display_for_field
from django.contrib.auth.models import User
from django.db.models import BooleanField, Model
from django.utils.text import Truncator
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import override as language

from rooms.models import Activity, Establishment, Gallery, Room, RoomImage

Deed = Activity.Deed

type Change = dict[str, dict[str, Any]]

# Of a long text, the beginning is enough to recognise it.
SHOWN_MAX_CHARS: Final = 300
NOTHING: Final = "–"

_PHOTO: Final = gettext_noop("photo")
_PHOTOS: Final = gettext_noop("photos")
_RESTORED: Final = gettext_noop("restored photo")
_THING_RESTORED: Final = {
    Room: gettext_noop("restored room"),
    Establishment: gettext_noop("restored establishment"),
}
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


def record_upload(
    user: User | None, gallery: Gallery, photo: RoomImage, *, is_replacement: bool = False
) -> None:
    """One INSERT, as in all `record_` functions; none for a draft's photo or without a user."""
    name = _REPLACEMENT if is_replacement else _PHOTO
    deed = Deed.REPLACE if is_replacement else Deed.UPLOAD
    _record(user, gallery, {"added": {"name": name, "object": _label(photo)}}, deed, photo)


def record_rotation(user: User | None, gallery: Gallery, photo: RoomImage) -> None:
    _record_change(user, gallery, photo, _ORIENTATION, deed=Deed.ROTATE)


def record_update(user: User | None, gallery: Gallery, photo: RoomImage, before: Mapping[str, Any]) -> None:
    """One entry for all changes at once, with the values `before`; declined advice is not recorded."""
    changed = [name for name in before if name in _FIELDS]
    if changed:
        values = [_compare(photo, name, before[name], _FIELDS[name]) for name in changed]
        _record_change(user, gallery, photo, *(_FIELDS[name] for name in changed), values=values)


def record_removal(user: User | None, gallery: Gallery, photo: RoomImage) -> None:
    _record(user, gallery, {"deleted": {"name": _PHOTO, "object": _label(photo)}}, Deed.REMOVE, photo)


def record_restoring(user: User | None, gallery: Gallery, photo: RoomImage) -> None:
    change = {"added": {"name": _RESTORED, "object": _label(photo)}}
    _record(user, gallery, change, Deed.RESTORE, photo)


def describe_restored(thing: Room | Establishment) -> Change:
    """What the entry of a room or an establishment that came back says."""
    return {"added": {"name": _THING_RESTORED[type(thing)], "object": str(thing)}}


def record_order(
    user: User | None, gallery: Gallery, before: Sequence[int], photos: Sequence[RoomImage]
) -> None:
    """Of one photo that moved, both places; nothing where `photos` stand as their ids did `before`."""
    after = [photo.pk for photo in photos]
    if after == list(before):
        return
    moved = _find_moved(list(before), after)
    if moved is None:
        _record(user, gallery, {"changed": {"fields": [_ORDER]}}, Deed.REORDER)
        return
    photo = photos[after.index(moved)]
    way = f"{before.index(moved) + 1} → {_label(photo)}"
    change = {"changed": {"name": _PHOTO, "object": way, "fields": [_PLACE]}}
    _record(user, gallery, change, Deed.REORDER, photo)


def record_room_moved(user: User, room: Room, before: Establishment) -> None:
    """In the histories of both establishments; neither names the other, which may be a stranger's."""
    change = {"changed": {"name": _MOVED_ROOM, "object": str(room), "fields": [_ESTABLISHMENT]}}
    Activity.objects.record(user, [before, room.establishment], CHANGE, [change], deed=Deed.MOVE)


def record_photos_moved(user: User | None, here: Gallery, there: Gallery, count: int) -> None:
    """One entry in each of the two rooms, with how many photos went where."""
    for gallery, way in ((here, f"{count} → {there.room}"), (there, f"{count} ← {here.room}")):
        change = {"changed": {"name": _PHOTOS, "object": way, "fields": [_ROOM]}}
        _record(user, gallery, change, Deed.MOVE)


def record_photos_copied(user: User | None, here: Gallery, there: Gallery, count: int) -> None:
    """In the room that got them, with where they come from."""
    _record(user, there, {"added": {"name": _PHOTOS, "object": f"{count} ← {here.room}"}}, Deed.UPLOAD)


@dataclass(frozen=True)
class Value:
    """The values of a field before and after. `is_word`: one of our words, not one a person typed."""

    field: str
    before: str
    after: str
    is_word: bool = False


def describe_changes(before: Model, after: Model, names: Iterable[str]) -> Change:
    """What an entry says about the fields `names` of a row: Django's sentence, with the values beside it.

    Of another row only that it is another: its name may be a stranger's, whose history is read here too.
    """
    fields = {name: after._meta.get_field(name) for name in names}
    with language(None):  # kept untranslated, as Django's own
        labels = {name: str(getattr(field, "verbose_name", name)) for name, field in fields.items()}
    values = [
        _compare(after, name, getattr(before, name), labels[name])
        for name, field in fields.items()
        if not field.is_relation
    ]
    return {"changed": {"fields": list(labels.values()), "values": values}}


def find_values(entry: Activity) -> list[Value]:
    """The values in an entry, in the reader's language; none for an entry in free words."""
    try:
        parts = json.loads(entry.change_message)
    except json.JSONDecodeError:
        return []
    return [_translate(Value(**value)) for part in parts for value in _values_in(part)]


def in_words(value: Any, field: Any) -> str:
    """A field's value as people read it, in the active language."""
    if isinstance(field, BooleanField):
        return gettext("Yes") if value else gettext("No")
    return str(display_for_field(value, field, NOTHING))


def describe_first_photos(count: int) -> list[Change]:
    """What the entry of a new room says about the photos it came with."""
    return [{"added": {"name": _PHOTOS, "object": str(count)}}] if count else []


def _record_change(
    user: User | None,
    gallery: Gallery,
    photo: RoomImage,
    *fields: str,
    values: Sequence[Mapping[str, Any]] = (),
    deed: str = Deed.DESCRIBE,
) -> None:
    change = {"name": _PHOTO, "object": _label(photo), "fields": list(fields), "values": list(values)}
    _record(user, gallery, {"changed": change}, deed, photo)


def _compare(row: Model, name: str, before: Any, label: str) -> dict[str, Any]:
    field: Any = row._meta.get_field(name)
    with language(None):
        texts = [in_words(value, field) for value in (before, getattr(row, name))]
    old, new = (Truncator(text).chars(SHOWN_MAX_CHARS) for text in texts)
    return asdict(Value(label, old, new, is_word=isinstance(field, BooleanField) or bool(field.choices)))


def _translate(value: Value) -> Value:
    if not value.is_word:
        return replace(value, field=gettext(value.field))
    return Value(gettext(value.field), gettext(value.before), gettext(value.after))


def _values_in(part: Change) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = part.get("changed", {}).get("values", [])
    return found


def _record(
    user: User | None, gallery: Gallery, change: Change, deed: str, photo: RoomImage | None = None
) -> None:
    if user is not None and gallery.room is not None:
        Activity.objects.record(user, [gallery.room], CHANGE, [change], deed=deed, photo=photo)


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
