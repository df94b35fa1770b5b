"""A photo of a room, and what one row can do by itself. Photos of a gallery are numbered here too.

What changes more than one photo on a user's behalf is in `services.gallery`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import Storage
from django.db import models, transaction
from django.db.models.functions import Length, Now, NullIf
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from rooms import images, storage
from rooms.limits import CAPTION_MAX_CHARS, VERSION_SIDES_PX
from rooms.models import photo_files
from rooms.models.photo_files import PhotoField
from rooms.models.room import Draft, Room
from rooms.models.rows import Measured, PresentManager, RemembersStored, Stored


class RoomImageQuerySet(models.QuerySet["RoomImage"]):
    def removed(self) -> Self:
        return self.exclude(removed_at=None)

    def renumber(self, arranged: Sequence[int] = ()) -> list["RoomImage"]:
        """Numbers the photos of one gallery 1..n and returns them; `arranged` ids come first, in that order.

        The caller holds the gallery's lock and hands over just its present photos.
        """
        photos: list[RoomImage] = list(self)
        if arranged:
            rank = {photo_id: place for place, photo_id in enumerate(arranged)}
            photos.sort(key=lambda photo: rank.get(photo.pk, len(rank)))
        changed: list[RoomImage] = []
        for place, photo in enumerate(photos, start=1):
            if photo.order != place:
                photo.order = place
                changed.append(photo)
        if changed:
            RoomImage.all_objects.bulk_update(changed, ["order"])
        return photos


class RoomImage(Measured, RemembersStored):
    class Kind(models.TextChoices):
        ROOM = "room", _("Whole room")
        BED = "bed", _("Bed")
        BATHROOM = "bathroom", _("Bathroom")
        VIEW = "view", _("View from the room")
        BALCONY = "balcony", _("Balcony or terrace")
        KITCHEN = "kitchen", _("Kitchen")
        LIVING = "living", _("Living room")
        AMENITY = "amenity", _("Comfort")
        OUTSIDE = "outside", _("Outside")
        OTHER = "other", _("Something else")

    room = models.ForeignKey(
        Room,
        verbose_name=_("room"),
        related_name="images",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        db_index=False,  # the index on room and order serves it
    )
    image = PhotoField(_("photo"), upload_to="photos", max_length=255, db_index=True)
    caption = models.CharField(_("caption"), max_length=CAPTION_MAX_CHARS, blank=True, default="")
    order = models.PositiveIntegerField(_("order"), default=0)
    # Everything below has a default in the database too: an older system fills only the columns above.
    draft = models.ForeignKey(
        Draft, related_name="images", null=True, blank=True, default=None, on_delete=models.CASCADE
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        related_name="+",
        null=True,
        blank=True,
        default=None,
        on_delete=models.SET_NULL,
    )
    upload_id = models.UUIDField(null=True, blank=True, default=None, editable=False)
    width = models.PositiveIntegerField(_("width in pixels"), null=True, blank=True, default=None)
    height = models.PositiveIntegerField(_("height in pixels"), null=True, blank=True, default=None)
    size = models.PositiveBigIntegerField(_("size in bytes"), null=True, blank=True, default=None)
    # Of the smaller versions together. None for an older photo, until the cleanup measures it.
    versions_bytes = models.PositiveBigIntegerField(null=True, blank=True, default=None, editable=False)
    # For people who do not see the photo; where it is empty, the caption serves.
    alternative_text = models.CharField(
        _("alternative text"), max_length=CAPTION_MAX_CHARS, blank=True, default="", db_default=""
    )
    # Empty: not known yet.
    kind = models.CharField(
        _("what it shows"), max_length=20, choices=Kind, blank=True, default="", db_default=""
    )
    # Codes of what `services.advice` has to say about it, and its owner does not want to hear again.
    advice_declined = models.JSONField(
        blank=True, default=list, db_default=models.Value([], models.JSONField()), editable=False
    )
    removed_at = models.DateTimeField(null=True, blank=True, default=None, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = PresentManager.from_queryset(RoomImageQuerySet)()
    all_objects = RoomImageQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        # Else `check` asks the database, and makes SQLite's file where there is none yet.
        required_db_features = ("supports_json_field",)
        # 0 means "not placed yet" and comes last.
        ordering = (NullIf("order", models.Value(0)).asc(nulls_last=True), "pk")
        indexes = (
            models.Index(fields=("room", "order"), name="photo_in_order"),
            models.Index(fields=("created_at",), name="photo_came"),
            models.Index(
                fields=("created_at",),
                condition=models.Q(room=None, draft=None),
                name="photo_unattached",
            ),
            models.Index(
                fields=("removed_at",), condition=models.Q(removed_at__isnull=False), name="photo_removed"
            ),
            models.Index(
                fields=("fingerprint",), condition=models.Q(removed_at=None), name="photo_fingerprint"
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("uploaded_by", "upload_id"),
                condition=models.Q(upload_id__isnull=False),
                name="one_photo_an_upload",
            ),
            # Older systems' rows may share a file. A name as long as ours is one of ours.
            models.UniqueConstraint(
                fields=("image",),
                condition=models.Q(Exact(Length("image"), storage.NAME_CHARS), image__startswith="photos/"),
                name="one_photo_a_file",
            ),
            models.CheckConstraint(
                condition=models.Q(room=None) | models.Q(draft=None), name="photo_in_one_gallery"
            ),
        )

    def __str__(self) -> str:
        return self.caption or str(_("Photo %(order)s")) % {"order": self.order}

    def save(self, *, force_insert: Any = False, update_fields: Any = None, **kwargs: Any) -> None:
        """Stores a new file through the gate, then the row, then renumbers its gallery.

        A copy of a row (without its key) gets a copy of the file. Of a row read in part, or with
        `update_fields`, what is not written stays as it is.
        Raises a `PhotoError` and keeps nothing where the file does not pass.
        """
        is_new = bool(force_insert) or self._state.adding or self.pk is None
        if is_new:
            self._stored = Stored()
            self._take_own_file()
        else:
            # A row that a cleanup deleted meanwhile must not come back without its files.
            kwargs.setdefault("force_update", True)
        if self.__dict__.get("room_id") is not None:
            self.draft = None  # becoming a room's photo is leaving the draft
        update_fields = self._with_followers(update_fields)
        columns = self._columns_among(update_fields)
        before = self._get_stored()
        if "image" in columns:
            self._store_new_file()
            self._tell_cleanup(before)
        after = replace(before, **self._values(columns))
        with transaction.atomic():
            galleries = self._locked_galleries(after) if is_new or after.is_moved(before) else []
            super().save(force_insert=force_insert, update_fields=update_fields, **kwargs)
            if before.image != after.image:
                # django-cleanup removes the old file after the commit; should that fail, it is on the list
                photo_files.hand_over(before.image, after.image)
            self._renumber(galleries)
        self._remember(columns | {"order"} if galleries else columns)

    @property
    def file_name(self) -> str:
        """The master's name in the storage; empty for a row without a file."""
        return self.image.name or ""

    @property
    def alternative(self) -> str:
        """What stands for the photo where it is not seen: a text, else what it shows, and where."""
        if self.alternative_text or self.caption or not self.kind:
            return self.alternative_text or str(self)
        shown = str(self.get_kind_display())
        # A room that would have to be fetched for it is left out: a page shows many photos.
        room = self.room if type(self).room.is_cached(self) else None
        return f"{shown}, {room}" if room else shown

    @property
    def image_url(self) -> str:
        return self.image.storage.url(self.file_name)

    @property
    def thumbnail_url(self) -> str:
        """The smallest version's address; a photo of an older system has none, and is its own thumbnail."""
        return storage.version_url(self.image.storage, self.file_name, VERSION_SIDES_PX[0])

    @property
    def srcset(self) -> str:
        """The smaller versions by width for `srcset`; empty where it has none or its size is not known."""
        name, url = self.file_name, self.image.storage.url
        if not (self.width and self.height and storage.is_ours(name)):
            return ""
        longest = max(self.width, self.height)
        shrink = self.width / longest
        sides = [side for side in VERSION_SIDES_PX if side <= longest]
        names = [storage.version_name(name, side) for side in sides]
        widths = [max(1, round(side * shrink)) for side in sides]
        return ", ".join([f"{url(name)} {width}w" for name, width in zip(names, widths, strict=True)])

    def measure(self) -> None:
        """Fills in width, height and size of a row that an older system wrote, and keeps them.

        A missing or unreadable file leaves them empty.
        """
        if self.width and self.height and self.size:
            return
        try:
            with self.image.storage.open(self.file_name) as file:
                measured = images.measure(file)
                self.size = file.size
        except (OSError, SuspiciousFileOperation):  # gone, or a path that leads out of the storage
            return
        self.width, self.height = measured or (None, None)
        fields = {"width": self.width, "height": self.height, "size": self.size}
        type(self).all_objects.filter(pk=self.pk).update(**fields)

    def _with_followers(self, update_fields: Iterable[str] | None) -> set[str] | None:
        """With what must be written beside a file, and beside a room."""
        if update_fields is None:
            return None
        names = set(update_fields)
        if "image" in names and not self._is_file_stored():
            names.update(photo_files.FIGURES)
        if names & {"room", "room_id"} and self.room_id is not None:
            names.add("draft")
        return names

    def _take_own_file(self) -> None:
        """A copied row gets a copy of its file, and is no more the upload that its original is."""
        if "image" not in self.__dict__ or not self._is_file_stored():
            return
        name = self.file_name
        if storage.is_ours(name) and type(self).all_objects.filter(image=name).exists():
            # A new object: a shallow copy of the row shares the old one with its original.
            self.image = photo_files.copy(photo_storage(), name)
            self.upload_id = None

    def _store_new_file(self) -> None:
        # Before the transaction: its entry among the pending files must outlive a rollback.
        if not self._is_file_stored():
            self.image.save(self.file_name, self.image.file, save=False)

    def _is_file_stored(self) -> bool:
        file: Any = self.image
        return not file or file._committed

    def _locked_galleries(self, after: Stored | None = None) -> list[RoomImageQuerySet]:
        """The photos of the gallery it is in and of the one it was in, locked against other changes."""
        here = after.gallery if after else (self.room_id, self.draft_id)
        galleries = {here, self._stored.gallery if self._stored else here}
        # Drafts before rooms, as when a draft is saved: two changes never wait for each other.
        ordered = sorted(galleries - {(None, None)}, key=lambda gallery: (gallery[0] or 0, str(gallery[1])))
        return [self._locked_gallery(*gallery) for gallery in ordered]

    def _locked_gallery(self, room_id: Any, draft_id: Any) -> RoomImageQuerySet:
        if room_id is not None:
            Room.all_objects.filter(pk=room_id).lock()
            return type(self).objects.filter(room_id=room_id)
        Draft.objects.filter(pk=draft_id).lock()
        return type(self).objects.filter(draft_id=draft_id)

    def _renumber(self, galleries: Iterable[RoomImageQuerySet]) -> None:
        for gallery in galleries:
            for photo in gallery.renumber():
                if photo.pk == self.pk:
                    self.order = photo.order


def photo_storage() -> Storage:
    """The storage that holds the photos: a local folder or a bucket."""
    return RoomImage._meta.get_field("image").storage
