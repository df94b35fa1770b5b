"""How a file becomes a photo of a gallery: reserve a place, make the photo, store it, add the row.

No image work happens inside a transaction, and no row is committed before its files are safe.
Order and captions of photos that are there already belong to `gallery`.
"""

import functools
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Final

from django.contrib.auth.models import User
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models.functions import Now

from rooms import images
from rooms.errors import (
    Busy,
    InvalidRequest,
    NotFound,
    StorageUnavailable,
    Text,
)
from rooms.models import Gallery, RoomImage, photo_files
from rooms.models.photo import photo_storage
from rooms.services import history
from rooms.services.advice import guess_kind
from rooms.services.quotas import has_arrived

# What is written about a photo, and goes over to one that replaces it.
TEXTS: Final = ("caption", "alternative_text", "kind")


@dataclass(frozen=True)
class UploadResult:
    """The photo of an upload, and the photos of its gallery `before` and `after` it came.

    `is_new` is False where the same upload had been answered before. Whether another room has them too is
    known of the photo, and of those beside it only where it replaces one.
    """

    photo: RoomImage
    is_new: bool
    before: list[RoomImage]
    after: list[RoomImage]
    notice: Text | None = None


@dataclass(frozen=True)
class _Upload:
    user: User
    gallery: Gallery
    upload_id: uuid.UUID | None
    texts: dict[str, str]
    replaced: RoomImage | None
    has_left: Callable[[], bool]


def add_photo(
    user: User,
    gallery: Gallery,
    content: IO[bytes],
    *,
    upload_id: uuid.UUID | None = None,
    replaced: RoomImage | None = None,
    has_left: Callable[[], bool] = lambda: False,
    **texts: str,
) -> UploadResult:
    """Adds the photo in `content` at the end of `gallery`, whole or not at all.

    `texts` is what is written about it, by the names in `TEXTS`; a `kind` that is not among them is guessed
    from the caption. In the place of `replaced`, where there is
    one, and with what is written about that one; it is then removed and can be restored. Sent again with
    the same `upload_id`, it finds the photo of the first time. One that waited for its turn is not made where
    whoever sent it `has_left` by then.
    Raises any `PhotoError`; after it neither row nor file is left.
    """
    upload = _Upload(user, gallery, upload_id, texts, replaced, has_left)
    try:
        try:
            return _add(upload, content)
        except IntegrityError:
            earlier = _find_earlier(upload)  # the same upload sent twice at once: the other one was quicker
            if earlier is None:
                raise
            return _answer_again(upload, earlier)
    except DatabaseError as error:
        raise StorageUnavailable from error


def _add(upload: _Upload, content: IO[bytes]) -> UploadResult:
    with photo_files.new_file(photo_storage()) as file:
        earlier = _reserve(upload, file)
        if earlier is not None:
            return _answer_again(upload, earlier)
        wait = images.Wait(upload.user.pk, functools.partial(_look_again, upload, file))
        processed = images.process(content, wait=wait)
        file.write(processed)
        return _add_row(upload, file, processed)


@transaction.atomic
def _look_again(upload: _Upload, file: photo_files.NewFile) -> None:
    """Raises where its row could not be added any more, so that nothing is decoded for that."""
    if upload.has_left():
        raise Busy
    upload.gallery.lock()
    if upload.replaced is not None and not upload.gallery.photos().filter(pk=upload.replaced.pk).exists():
        raise NotFound
    if not file.is_in_flight():
        raise StorageUnavailable


def _answer_again(upload: _Upload, earlier: RoomImage) -> UploadResult:
    """Of a photo that came into another one's place, nobody may have heard what it changed."""
    after = list(upload.gallery.photos_for_advice())
    return UploadResult(earlier, is_new=False, before=[] if upload.replaced else after, after=after)


@transaction.atomic
def _reserve(upload: _Upload, file: photo_files.NewFile) -> RoomImage | None:
    """Takes a place in the gallery and the user's quota, or returns the photo of an earlier answer."""
    # On SQLite no other transaction writes until this one ends: a room is locked by then.
    if upload.gallery.draft is not None or connection.features.has_select_for_update:
        upload.gallery.lock()
    if has_arrived(upload.user, upload.gallery, upload.upload_id, upload.replaced):
        return _find_earlier(upload)
    file.reserve(user=upload.user, upload_id=upload.upload_id, **upload.gallery.owner_filter)
    return None


def _find_earlier(upload: _Upload) -> RoomImage | None:
    if upload.upload_id is None:
        return None
    earlier = RoomImage.all_objects.filter(uploaded_by=upload.user, upload_id=upload.upload_id).first()
    if earlier is None:
        return None
    gallery_ids = (
        upload.gallery.room and upload.gallery.room.pk,
        upload.gallery.draft and upload.gallery.draft.pk,
    )
    if (earlier.room_id, earlier.draft_id) != gallery_ids or earlier.removed_at is not None:
        raise InvalidRequest
    return earlier


@transaction.atomic
def _add_row(upload: _Upload, file: photo_files.NewFile, processed: images.ProcessedImage) -> UploadResult:
    """Turns the reservation into the photo, at the end or in the place of the one it replaces."""
    also_in = upload.gallery.lock_for(processed.metrics.fingerprint)
    file.commit()
    # One that comes last changes no advice on those before it.
    beside = upload.gallery.photos_for_advice() if upload.replaced else upload.gallery.photos()
    present = beside.renumber()
    replaced = _take_out(upload.replaced, present) if upload.replaced else None
    texts = {name: upload.texts.get(name) or getattr(replaced, name, "") for name in TEXTS}
    if not texts["kind"] and "kind" not in upload.texts:
        texts["kind"] = guess_kind(texts["caption"])
    row = RoomImage(
        image=file.name,
        **texts,
        order=replaced.order if replaced else len(present) + 1,
        uploaded_by=upload.user,
        upload_id=upload.upload_id,
        **upload.gallery.owner_filter,
    )
    photo_files.fill(row, processed)
    row.also_in = also_in
    RoomImage.all_objects.bulk_create([row])  # one INSERT: its place is known, its file is stored
    if replaced is not None:
        upload.gallery.forget_oldest_removed()
    history.record_upload(upload.user, upload.gallery, row, is_replacement=replaced is not None)
    after = [row if other is replaced else other for other in present] if replaced else [*present, row]
    return UploadResult(row, is_new=True, before=present, after=after, notice=processed.notice)


def _take_out(replaced: RoomImage, present: list[RoomImage]) -> RoomImage:
    """Removes the photo that another one replaces. Raises `NotFound` where it has gone meanwhile."""
    for photo in present:
        if photo.pk == replaced.pk:
            RoomImage.objects.filter(pk=photo.pk).update(removed_at=Now())
            return photo
    raise NotFound
