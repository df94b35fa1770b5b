"""The export: the files of rooms one by one, in the layout that an import reads.

Nothing is changed, no transaction is held, and one photo at a time is in memory. A photo whose file is
missing is reported, and the export goes on. `writing` makes a ZIP or a folder of the files.
"""

import io
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from rooms import images, limits
from rooms.errors import NotFound, PhotoError, StorageUnavailable
from rooms.models import Channel, Room, RoomImage
from rooms.models.photo import photo_storage
from rooms.pixels import formats
from rooms.services.readiness import find_needs
from rooms.services.transfer import layout
from rooms.services.transfer.layout import (
    REPORT_NAME,
    TABLE_NAME,
    natural_order,
    photo_name,
    safe_name,
    unique_name,
)
from rooms.storage import BucketUnavailable

EXTENSIONS: Final = {"JPEG": ".jpg", "PNG": ".png", "GIF": ".gif", "WEBP": ".webp"}
# What an export cures by itself.
_CURED: Final = "too_heavy"
# What is too heavy is made smaller by steps: each leaves two thirds of the pixels.
STEP: Final = 0.8
LEAST_SIDE_PX: Final = 320
# How often a picture is coded anew that has to wait for uploads.
TRIES: Final = 30
_FILE_MISSING: Final = _(
    "The file of this photo is missing, or is no picture: remove the photo, and add it anew."
)
_FILE_UNREAD: Final = _("The file of this photo could not be read just now. Download it again later.")


@dataclass(frozen=True)
class Exported:
    """A file of an export: its path, with `/`, its bytes, and when it was made."""

    path: str
    content: bytes
    made_at: datetime


def find_channel(slug: str) -> Channel:
    """An active channel. Raises `NotFound`."""
    channel = Channel.objects.filter(slug=slug, active=True).first()
    if channel is None:
        raise NotFound
    return channel


class Export:
    """The photos of `rooms`, as they are or as `channel` takes them, in the language that is active now.

    With `by_establishment` there is a folder an establishment above the rooms'. `whose` is asked to wait for
    its turn where pictures are coded anew. While `files` are taken, `rooms_count`, `photo_count` and `errors`
    (as in JSON: `{"file", "code", "error"}`) report the progress.
    """

    def __init__(
        self,
        rooms: QuerySet[Room],
        *,
        channel: Channel | None = None,
        by_establishment: bool = False,
        whose: Any = None,
    ) -> None:
        self._rooms, self._channel, self._by_establishment = rooms, channel, by_establishment
        self._wait = images.Wait(whose)
        self._language = get_language() or "en"
        self._rows: list[tuple[object, ...]] = []
        self._missed: list[str] = []
        self.room_count, self.photo_count = 0, 0
        self.errors: list[dict[str, str]] = []

    def files(self) -> Iterator[Exported]:
        """Each photo, then the table, and a report where there is something to say. Can be taken once."""
        for folder, room in self._in_folders():
            photos = list(RoomImage.objects.filter(room_id=room.pk))
            self._report_on(room, photos)
            count = self.photo_count
            yield from self._photos_of(folder, room, photos)
            self.room_count += self.photo_count > count
        yield Exported(TABLE_NAME, layout.write_table(self._rows), timezone.now())
        if self._channel or self.errors:
            yield Exported(REPORT_NAME, self._report().encode(), timezone.now())

    def _in_folders(self) -> list[tuple[str, Room]]:
        """Each room with the path of its folder, in the order of the folders."""
        rooms = list(self._rooms.select_related("establishment").order_by("pk"))
        top: set[str] = {TABLE_NAME, REPORT_NAME}
        above: dict[int, tuple[str, set[str]]] = {}
        found = []
        for room in sorted(
            rooms, key=lambda room: (room.establishment_id, natural_order(room.number or room.name))
        ):
            if not self._by_establishment:
                found.append((unique_name(safe_name(room.number or room.name), top), room))
                continue
            if room.establishment_id not in above:
                above[room.establishment_id] = (unique_name(safe_name(room.establishment.name), top), set())
            folder, taken = above[room.establishment_id]
            found.append((f"{folder}/{unique_name(safe_name(room.number or room.name), taken)}", room))
        return found

    def _photos_of(self, folder: str, room: Room, photos: Iterable[RoomImage]) -> Iterator[Exported]:
        for place, photo in enumerate(photos, start=1):
            with override(self._language):
                shown = photo.get_kind_display() if photo.kind else ""
            try:
                content = self._content_of(photo)
            except PhotoError as error:
                self._note(f"{folder}/{photo_name(place, photo.caption, shown, '.jpg')}", error)
                continue
            extension = EXTENSIONS[formats.sniff(content[: formats.HEAD_BYTES]) or "JPEG"]
            path = f"{folder}/{photo_name(place, photo.caption, shown, extension)}"
            width, height = images.measure(io.BytesIO(content)) or ("", "")
            codes = layout.KIND_CODES.get(photo.kind, ("", ""))
            texts = (photo.caption, photo.alternative_text, photo.kind)
            self._rows.append((room.number or room.name, path, place, *texts, width, height, *codes))
            self.photo_count += 1
            yield Exported(path, content, photo.created_at)

    def _content_of(self, photo: RoomImage) -> bytes:
        """The master's bytes, as the channel takes them. Raises a `PhotoError`."""
        try:
            with photo_storage().open(photo.file_name) as file:
                content: bytes = file.read()
        except BucketUnavailable as error:
            raise StorageUnavailable(_FILE_UNREAD) from error
        except (OSError, ValueError, SuspiciousFileOperation) as error:
            raise NotFound(_FILE_MISSING) from error
        if formats.sniff(content[: formats.HEAD_BYTES]) is None:
            raise NotFound(_FILE_MISSING)
        return _fit(content, self._channel, self._wait) if self._channel else content

    # --- the report ---

    def _note(self, path: str, error: PhotoError) -> None:
        with override(self._language):
            self.errors.append({"file": path, "code": error.code, "error": error.sentence()})

    def _report_on(self, room: Room, photos: list[RoomImage]) -> None:
        if self._channel is None:
            return
        with override(self._language):
            needs = [need.text for need in find_needs(self._channel, photos) if need.code != _CURED]
            name = room.label
            if self._by_establishment:
                name = f"{room.establishment.name} · {name}"
            self._missed += [name, *(f"- {need}" for need in needs or [gettext("Ready.")]), ""]

    def _report(self) -> str:
        with override(self._language):
            lines = []
            if self._channel:
                title = gettext("What each room still misses for %(channel)s")
                lines += [title % {"channel": self._channel.name}, "", *self._missed]
            if self.errors:
                lines += [gettext("Photos that are not here"), ""]
                lines += [f"- {error['file']}: {error['error']}" for error in self.errors]
        return "\r\n".join(lines).rstrip() + "\r\n"


# --- a photo as a channel takes it ---


def _fit(content: bytes, channel: Channel, wait: images.Wait) -> bytes:
    """`content` as it is where it fits `channel`; else coded anew as a JPEG, smaller until it does.

    Raises as `images.normalise` does.
    """
    size = images.measure(io.BytesIO(content))
    longest_px = max(size) if size else limits.MAX_SIDE_PX
    side_px = min(channel.recommended_side or longest_px, longest_px)
    is_jpeg = formats.sniff(content[: formats.HEAD_BYTES]) == "JPEG"
    if is_jpeg and side_px == longest_px and not _is_too_heavy(content, channel):
        return content
    fitted = _coded(content, side_px, wait)
    while _is_too_heavy(fitted, channel) and side_px > LEAST_SIDE_PX:
        side_px = max(LEAST_SIDE_PX, int(side_px * STEP))
        fitted = _coded(content, side_px, wait)
    return fitted


def _is_too_heavy(content: bytes, channel: Channel) -> bool:
    return bool(channel.max_bytes) and len(content) > channel.max_bytes


def _coded(content: bytes, side_px: int, wait: images.Wait) -> bytes:
    """Uploads come first: where too many of them wait, it comes again."""
    for left in reversed(range(TRIES)):
        try:
            return images.normalise(
                io.BytesIO(content),
                max_side_px=side_px,
                max_pixels=settings.ROOM_PHOTO_MAX_PIXELS,
                version_sides_px=limits.VERSION_SIDES_PX[:1],  # its metrics are measured on a small one
                wait=wait,
            ).master
        except StorageUnavailable as error:
            if not left:
                raise
            time.sleep(error.retry_after_s or 1)
    raise StorageUnavailable
