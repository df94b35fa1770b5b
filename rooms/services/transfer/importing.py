"""The import of a folder or a ZIP of photos: each goes to the room that its folder names, through the gate.

Run again, it adds what is missing: a photo is recognised by its room and its content.
"""

import hashlib
import io
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.contrib.admin.models import ADDITION
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rooms import images
from rooms.errors import InvalidRequest, LimitReached, NotFound, PhotoError
from rooms.models import Activity, Establishment, Gallery, Room, RoomImage
from rooms.services import gallery as galleries
from rooms.services import uploads
from rooms.services.transfer import layout
from rooms.services.transfer.layout import RoomFinder, make_key
from rooms.services.transfer.planning import Folder, ImportReport, Plan
from rooms.services.transfer.sources import Source, SourceFile

type Progress = Callable[[int, int], None]

_NO_NAME = _("A room's name has between 1 and %(limit)s characters, and none that cannot be read.")
_TEXT_LEFT_OUT: Final = _(
    "“%(field)s” cannot be kept as it stands in photos.csv; the photo came in without it."
)


def make_upload_id(room: Room, content: bytes, occurrence: int) -> uuid.UUID:
    """What identifies a photo: its room, its content, and its number among equal ones.

    The page that imports makes the same one.
    """
    identity = f"{room.pk}/{hashlib.sha256(content).hexdigest()}/{occurrence}"
    return uuid.UUID(bytes=hashlib.sha256(identity.encode()).digest()[:16], version=5)


def run_import(
    source: Source,
    establishment: Establishment,
    *,
    create_rooms: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda done, total: None,
) -> ImportReport:
    """Adds the photos of `source`, behind those that are there, in the name of the establishment's owner.

    A `dry_run` judges all of them the same way, and stores nothing. `progress` hears how many of how many
    files are done. Nothing is raised for a file that is refused: the report says so.
    """
    report = ImportReport(dry_run=dry_run)
    plan = Plan(source, establishment, report, create_rooms=create_rooms)
    importing = _Import(establishment, report)
    total, done = sum(len(folder.files) for folder in plan.folders), 0
    for folder in plan.folders:
        taker = importing.open_room(folder)
        for file in folder.files:
            progress(done, total)
            done += 1
            if taker is not None:
                importing.bring(taker, file, plan.find_row(file))
    progress(total, total)
    return report


@dataclass
class _Taker:
    """A room that takes in photos: how many are there, and how often each content was seen."""

    room: Room
    present: int
    seen: Counter[bytes] = field(default_factory=Counter)


class _Import:
    def __init__(self, establishment: Establishment, report: ImportReport) -> None:
        self._establishment, self._report = establishment, report
        # Those of its owner too: photos move to other rooms. And those that somebody removed.
        theirs = Q(room__establishment=establishment) | Q(uploaded_by=establishment.owner_id)
        photos = RoomImage.all_objects.filter(theirs, upload_id__isnull=False)
        self._known = set(photos.order_by().values_list("upload_id", flat=True))

    def open_room(self, folder: Folder) -> _Taker | None:
        """None where the folder bears no name for a room. A trial run makes none."""
        room = folder.room
        try:
            if room is None:
                name, is_trial = clean_room_name(folder.name), self._report.dry_run
                room = Room(name=name) if is_trial else self._add_room(name)
        except PhotoError as error:
            self._report.rooms -= 1
            self._report.skipped += len(folder.files)
            self._report.note(folder.name, error)
            return None
        gallery = Gallery(room=room)
        return _Taker(room, gallery.photos().count() + gallery.count_in_flight() if room.pk else 0)

    def _add_room(self, name: str) -> Room:
        return add_named_room(self._establishment, name, user=self._establishment.owner)[0]

    def bring(self, taker: _Taker, file: SourceFile, row: layout.Row | None) -> None:
        """Adds one file, counts it as skipped, or notes why not."""
        try:
            images.refuse_size(file.size)
            content = file.read(settings.ROOM_PHOTO_MAX_BYTES)
            upload_id = _next_upload_id(taker, content)
            texts, left_out = _texts_of(row)
            if upload_id in self._known or not self._add(taker, content, upload_id, texts):
                self._report.skipped += 1
                return
            self._report.photos += 1
            for name in left_out:
                self._report.note(file.path, InvalidRequest(_TEXT_LEFT_OUT, field=name), is_refusal=False)
        except PhotoError as error:
            self._report.note(file.path, error)
            _let_go(error)

    def _add(self, taker: _Taker, content: bytes, upload_id: uuid.UUID | None, texts: dict[str, Any]) -> bool:
        """Whether it was not there already. Raises what the gate raises."""
        if not self._report.dry_run:
            gallery, owner = Gallery(room=taker.room), self._establishment.owner
            return uploads.add_photo(owner, gallery, io.BytesIO(content), upload_id=upload_id, **texts).is_new
        if taker.present >= settings.ROOM_PHOTO_MAX_COUNT:
            raise LimitReached(limit=settings.ROOM_PHOTO_MAX_COUNT)
        images.process(io.BytesIO(content))
        taker.present += 1
        return True


def _next_upload_id(taker: _Taker, content: bytes) -> uuid.UUID | None:
    """None for a room that a trial run does not make."""
    digest = hashlib.sha256(content).digest()
    taker.seen[digest] += 1
    return make_upload_id(taker.room, content, taker.seen[digest]) if taker.room.pk else None


def _texts_of(row: layout.Row | None) -> tuple[dict[str, Any], list[str]]:
    """What the table says about a file, and the names of what cannot be kept of that."""
    given = row.texts if row else {}
    texts: dict[str, Any] = {}
    left_out: list[str] = []
    for name, text in given.items():
        try:
            texts |= galleries.clean({name: text.strip()})
        except PhotoError:
            left_out.append(name)
    if "kind" in given:
        texts.setdefault("kind", "")  # what the table says of it, good or not, is no room for a guess
    return texts, left_out


def _let_go(error: BaseException) -> None:
    """Of the photo that its frames hold: a `ValidationError` is in a list of its own, and stays a while."""
    cause: BaseException | None = error
    while cause is not None:
        cause.__traceback__ = None
        cause = cause.__cause__ or cause.__context__


# --- a new room for a folder that fits none ---


def clean_room_name(name: str) -> str:
    """As it is kept. Raises `InvalidRequest` for one that cannot be."""
    trimmed, limit = name.strip(), Room._meta.get_field("name").max_length
    if not make_key(trimmed) or len(trimmed) > (limit or 0) or not trimmed.isprintable():
        raise InvalidRequest(_NO_NAME, limit=limit)
    return trimmed


@transaction.atomic
def add_named_room(establishment: Establishment, name: str, *, user: User) -> tuple[Room, bool]:
    """A room of this name, not published, and whether it is new: asked for again it is the one from before.

    `user` is named in its history. Raises `InvalidRequest` for a name that no room can have, or that fits
    several; `NotFound` where the establishment is gone.
    """
    name = clean_room_name(name)
    if not Establishment.objects.filter(pk=establishment.pk).lock():
        raise NotFound
    found = RoomFinder(Room.objects.filter(establishment=establishment)).find(name)
    if len(found) > 1:
        raise InvalidRequest
    if found:
        return found[0], False
    room = Room.objects.create(establishment=establishment, name=name)
    Activity.objects.record(user, [room], ADDITION, [{"added": {}}])
    return room, True
