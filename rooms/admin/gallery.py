"""The gallery inside a room's page: an inline whose cards are the photos as the database has them.

The page's script changes photos one by one and at once; the form never carries a whole
gallery that could overwrite what changed meanwhile.
"""

from dataclasses import dataclass
from typing import Any

from adminsortable2.admin import CustomInlineFormSet, SortableInlineAdminMixin
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from unfold.admin import StackedInline

from rooms import limits
from rooms.admin.gallery_texts import gallery_texts
from rooms.forms import PhotoForm
from rooms.models import Draft, Gallery, RoomImage
from rooms.pixels import formats
from rooms.services.advice import find_advice
from rooms.services.gallery import find_photos, find_removed

PARALLEL_UPLOADS = 3
# Those of the parts beside the cards and the drop zone.
STYLES = ("editing", "notices", "removed", "selection", "viewer")


@dataclass(frozen=True)
class Panel:
    """What the gallery's template and script need to know besides the photos."""

    room_id: int | None
    draft: str
    count: int
    editable: bool
    abandoned: tuple[Draft, ...] = ()
    removed: tuple[RoomImage, ...] = ()

    @property
    def limit(self) -> int:
        return limits.photo_max_count()

    @property
    def restorable_days(self) -> int:
        return limits.restorable_days()

    @property
    def max_megabytes(self) -> float:
        return limits.photo_max_bytes() / 2**20

    @property
    def config(self) -> dict[str, Any]:
        """For the script, as JSON."""
        return {
            "limit": self.limit,
            "maxBytes": limits.photo_max_bytes(),
            "maxPixels": limits.photo_max_pixels(),
            "maxSide": limits.photo_max_side_px(),
            # Handed over because hashed names are written into imports, and a worker is not imported.
            "shrinkWorker": static("admin/rooms/shrink_worker.js"),
            "types": list(formats.CONTENT_TYPES.values()),
            "extensions": [".jpg", ".jpeg", ".png", ".gif", ".webp"],
            "parallel": PARALLEL_UPLOADS,
            "captionMaxLength": limits.CAPTION_MAX_CHARS,
            "draft": self.draft or None,
            "editable": self.editable,
            "urls": self._temporary_urls() if self.room_id is None else self._room_urls(self.room_id),
            "texts": gallery_texts(),
        }

    @staticmethod
    def _temporary_urls() -> dict[str, str]:
        return {
            "upload": reverse("rooms:upload_temporary"),
            "list": reverse("rooms:list_temporary"),
            "reorder": reverse("rooms:reorder_temporary"),
            "update": reverse("rooms:update_temporary", args=(0,)),
            "remove": reverse("rooms:delete_temporary", args=(0,)),
            "restore": reverse("rooms:restore_temporary", args=(0,)),
            "rotate": reverse("rooms:rotate_temporary", args=(0,)),
            "replace": reverse("rooms:replace_temporary", args=(0,)),
        }

    @staticmethod
    def _room_urls(room_id: int) -> dict[str, str]:
        return {
            "upload": reverse("rooms:upload", args=(room_id,)),
            "list": reverse("rooms:list", args=(room_id,)),
            "reorder": reverse("rooms:reorder", args=(room_id,)),
            "update": reverse("rooms:update", args=(room_id, 0)),
            "remove": reverse("rooms:delete", args=(room_id, 0)),
            "restore": reverse("rooms:restore", args=(room_id, 0)),
            "rotate": reverse("rooms:rotate", args=(room_id, 0)),
            "replace": reverse("rooms:replace", args=(room_id, 0)),
        }


class GalleryFormSet(CustomInlineFormSet):
    """Shows the photos of a gallery. It is never bound: `RoomAdmin` has merged what a form posts before."""

    def __init__(
        self,
        *,
        gallery: Gallery | None = None,
        draft_id: str = "",
        editable: bool = True,
        abandoned: tuple[Draft, ...] = (),
        **kwargs: Any,
    ) -> None:
        self.gallery, self.draft_id, self.editable = gallery, draft_id, editable
        self.abandoned = abandoned
        super().__init__(**{**kwargs, "data": None, "files": None})
        self.new_objects: list[RoomImage] = []
        self.changed_objects: list[RoomImage] = []
        self.deleted_objects: list[RoomImage] = []

    def get_queryset(self) -> list[RoomImage]:
        if not hasattr(self, "_photos"):
            self._photos = find_photos(self.gallery) if self.gallery else []
            self._advice = find_advice(self._photos)
        return self._photos

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.advice = self._advice.get(form.instance.pk, ())

    def is_valid(self) -> bool:
        return True

    def save(self, commit: bool = True) -> list[RoomImage]:
        return []

    @property
    def panel(self) -> Panel:
        return Panel(
            room_id=self.instance.pk,
            draft=self.draft_id,
            count=len(self.get_queryset()),
            editable=self.editable,
            abandoned=self.abandoned,
            removed=tuple(find_removed(self.gallery)) if self.gallery and self.editable else (),
        )


class GalleryInline(SortableInlineAdminMixin, StackedInline):
    model = RoomImage
    form = PhotoForm
    formset = GalleryFormSet
    template = "admin/rooms/room/gallery.html"
    fields = ("caption",)
    ordering = ("order",)
    extra = 0

    class Media:
        css = {"all": tuple(f"admin/rooms/{name}.css" for name in STYLES)}

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # photos are added by the drop zone, not by empty forms
