"""The way of a file into a gallery: reserve a place, make the photo, store it, then add the row.

No image work happens inside a transaction, and no row is committed before its files are safe.
Order and captions of photos that are there already belong to `gallery`.
"""

import functools
import uuid
from dataclasses import asdict, dataclass
from typing import IO, Any, Final, cast

from django.contrib.auth import get_user_model
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Aggregate, Count, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Now

from rooms import images, limits, storage
from rooms.errors import (
    InvalidRequest,
    LimitReached,
    NotFound,
    PhotoError,
    QuotaExceeded,
    StorageUnavailable,
    Text,
)
from rooms.models import Gallery, PendingFile, RoomImage
from rooms.models.photo import photo_storage
from rooms.services import history

# What is written about a photo, and goes over to one that replaces it.
TEXTS: Final = ("caption", "alternative_text", "kind")


@dataclass(frozen=True)
class Received:
    """The photo of an upload, and the photos of its gallery `before` and `after` it came.

    `is_new` is False where the same upload had been answered before.
    """

    photo: RoomImage
    is_new: bool
    before: list[RoomImage]
    after: list[RoomImage]
    notice: Text | None = None


@dataclass(frozen=True)
class _Upload:
    user: Any
    gallery: Gallery
    upload_id: uuid.UUID | None
    texts: dict[str, str]
    replaced: RoomImage | None
    name: str


def receive(
    user: Any,
    gallery: Gallery,
    content: IO[bytes],
    *,
    upload_id: uuid.UUID | None = None,
    replaced: RoomImage | None = None,
    **texts: str,
) -> Received:
    """Adds the photo in `content` at the end of `gallery`, whole or not at all.

    `texts` is what is written about it, by the names in `TEXTS`. In the place of `replaced`, where there is
    one, and with what is written about that one; it is then removed and can be restored. Sent again with
    the same `upload_id`, it finds the photo of the first time.
    Raises any `PhotoError`; after it neither row nor file is left.
    """
    upload = _Upload(user, gallery, upload_id, texts, replaced, storage.new_master_name())
    try:
        earlier = _reserve(upload)
        if earlier is not None:
            return _receive_again(upload, earlier)
        return _fulfil(upload, content)
    except DatabaseError as error:
        raise StorageUnavailable from error


def _fulfil(upload: _Upload, content: IO[bytes]) -> Received:
    try:
        wait = images.Wait(upload.user.pk, functools.partial(_look_again, upload))
        photo = images.admit(content, wait=wait)
        storage.store(photo_storage(), storage.files_of(upload.name, photo.master, photo.versions))
        return _add_row(upload, photo)
    except IntegrityError:
        give_up(upload.name)
        earlier = _find_earlier(upload)  # the same upload sent twice at once: the other one was quicker
        if earlier is None:
            raise
        return _receive_again(upload, earlier)
    except BaseException:
        give_up(upload.name)
        raise


@transaction.atomic
def _look_again(upload: _Upload) -> None:
    """Raises where its row could not be added any more, so that nothing is decoded for that."""
    upload.gallery.lock()
    if upload.replaced is not None and not upload.gallery.photos().filter(pk=upload.replaced.pk).exists():
        raise NotFound
    if not PendingFile.objects.in_flight().filter(name=upload.name).exists():
        raise StorageUnavailable


def _receive_again(upload: _Upload, earlier: RoomImage) -> Received:
    """Of a photo that came into another one's place, nobody may have heard what it changed."""
    after = list(upload.gallery.photos())
    return Received(earlier, is_new=False, before=[] if upload.replaced else after, after=after)


@transaction.atomic
def _reserve(upload: _Upload) -> RoomImage | None:
    """Takes a place in the gallery and the user's quota, or returns the photo of an earlier answer."""
    upload.gallery.lock()
    holdings = _holdings(upload)
    if holdings["earlier"]:
        return _find_earlier(upload)
    if upload.replaced is not None and not holdings["replaced"]:
        raise NotFound  # before its successor is decoded
    staying = holdings["present"] - (upload.replaced is not None)
    if staying + holdings["arriving"] >= limits.photo_max_count():
        raise LimitReached(limit=limits.photo_max_count())
    if upload.gallery.draft is not None:
        _refuse_over_quota(upload, holdings)
    PendingFile.objects.create(
        name=upload.name,
        kind=PendingFile.Kind.UPLOAD,
        user=upload.user,
        upload_id=upload.upload_id,
        **upload.gallery.holder,
    )
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


def _holdings(upload: _Upload) -> dict[str, int]:
    """What there is and what is on its way, in the gallery and in all drafts of its user, in one query.

    An upload of the same `upload_id` is this very photo: on its way it is not counted, and `earlier`
    says that it has arrived before.
    """
    arriving = PendingFile.objects.in_flight()
    earlier = RoomImage.all_objects.none()
    if upload.upload_id is not None:
        arriving = arriving.exclude(user=upload.user, upload_id=upload.upload_id)
        earlier = RoomImage.all_objects.filter(uploaded_by=upload.user, upload_id=upload.upload_id)
    # Removed ones too: until the cleanup comes they take up as much as others.
    in_drafts = RoomImage.all_objects.filter(draft__user=upload.user, draft__is_saved=False)
    holder = next(iter(upload.gallery.holder))
    numbers = {
        "earlier": _total(earlier, "uploaded_by", Count("pk")),
        "present": _total(upload.gallery.photos(), holder, Count("pk")),
        "arriving": _total(arriving.filter(**upload.gallery.holder), holder, Count("pk")),
    }
    if upload.replaced is not None:
        replaced = upload.gallery.photos().filter(pk=upload.replaced.pk)
        numbers["replaced"] = _total(replaced, holder, Count("pk"))
    if upload.gallery.draft is not None:
        numbers |= {
            "unattached": _total(in_drafts, "draft__user", Count("pk")),
            "unattached_bytes": _total(in_drafts, "draft__user", Sum("size")),
            "user_arriving": _total(arriving.filter(user=upload.user, room=None), "user", Count("pk")),
        }
    users = get_user_model().objects.filter(pk=upload.user.pk)
    return cast(dict[str, int], users.values(**numbers).get())


def _total(rows: QuerySet[Any], key: str, number: Aggregate) -> Coalesce:
    """The number over `rows`, all of which have the same `key`, as a part of another query."""
    return Coalesce(Subquery(rows.order_by().values(key).annotate(total=number).values("total")), 0)


def _refuse_over_quota(upload: _Upload, holdings: dict[str, int]) -> None:
    if holdings["unattached"] + holdings["user_arriving"] >= limits.unattached_max_count() // 2:
        # Uploads into two drafts of one user at once would each see the other's place as free.
        users = get_user_model().objects.select_for_update(no_key=True).filter(pk=upload.user.pk)
        users.values_list("pk").first()
        holdings = _holdings(upload)
    if (
        holdings["unattached"] + holdings["user_arriving"] >= limits.unattached_max_count()
        or holdings["unattached_bytes"] >= limits.unattached_max_bytes()
    ):
        raise QuotaExceeded(limit=limits.unattached_max_count())


@transaction.atomic
def _add_row(upload: _Upload, photo: images.Photo) -> Received:
    """Turns the reservation into the photo, at the end or in the place of the one it replaces."""
    upload.gallery.lock()
    is_reserved, _count = PendingFile.objects.uploads().filter(name=upload.name).delete()
    if not is_reserved:  # a cleanup took the files of an upload it had to think dead
        raise StorageUnavailable
    present = upload.gallery.photos().renumber()
    replaced = _take_out(upload.replaced, present) if upload.replaced else None
    row = RoomImage(
        image=upload.name,
        **{name: upload.texts.get(name) or getattr(replaced, name, "") for name in TEXTS},
        order=replaced.order if replaced else len(present) + 1,
        uploaded_by=upload.user,
        upload_id=upload.upload_id,
        width=photo.width_px,
        height=photo.height_px,
        size=len(photo.master),
        metrics=asdict(photo.metrics),
        **upload.gallery.holder,
    )
    RoomImage.all_objects.bulk_create([row])  # one INSERT: its place is known, its file is stored
    if replaced is not None:
        upload.gallery.forget_oldest_removed()
    history.record_upload(upload.user, upload.gallery, row, is_replacement=replaced is not None)
    after = [row if other is replaced else other for other in present] if replaced else [*present, row]
    return Received(row, is_new=True, before=present, after=after, notice=photo.notice)


def _take_out(replaced: RoomImage, present: list[RoomImage]) -> RoomImage:
    """Removes the photo that another one replaces. Raises `NotFound` where it has gone meanwhile."""
    for photo in present:
        if photo.pk == replaced.pk:
            RoomImage.objects.filter(pk=photo.pk).update(removed_at=Now())
            return photo
    raise NotFound


def give_up(name: str) -> None:
    """Removes what was written and the reservation; what cannot be removed stays listed for the cleanup."""
    is_clean = storage.remove_quietly(photo_storage(), storage.names_of(name))
    entries = PendingFile.objects.filter(name=name)
    try:
        if is_clean:
            entries.delete()
        else:
            entries.to_delete()
    except (DatabaseError, PhotoError):
        return  # the database is away: the entry's lease ends by itself
