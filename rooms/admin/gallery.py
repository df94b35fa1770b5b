"""The gallery inside a room's page: an inline whose cards are the photos in the database, and its script.

The script changes photos one by one and at once; the form brings what was changed without it. The page
names the script's first module, which is the import's too, and all others: else a browser finds them level
by level, and waits for each level.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from adminsortable2.admin import CustomInlineFormSet, SortableInlineAdminMixin
from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.forms.widgets import MediaAsset
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline

from rooms import limits
from rooms.forms import PhotoForm, match_cards
from rooms.models import Draft, Gallery, Room, RoomImage
from rooms.pixels import formats
from rooms.services import gallery as galleries
from rooms.services.advice import LABELS, find_advice
from rooms.services.readiness import ChannelState, find_channels, find_slots, find_states

FOLDER: Final = "admin/rooms"
FIRST: Final = "gallery"
# All that the first one imports, those nearest to it first.
MODULES: Final = (
    "state", "api", "grid", "card", "words", "messages", "uploads", "ordering", "captions", "removing",
    "readiness", "editing", "selection", "moving", "viewer", "leaving", "choosing", "sending", "shrink",
    "shrink_photo",
)  # fmt: skip

# The same of the page that brings in whole folders: its first one, and the others.
IMPORT_FIRST: Final = "importing"
IMPORT_MODULES: Final = (
    "import_plan", "import_sending", "messages", "sources", "words", "matching", "api", "sending", "shrink",
    "choosing", "shrink_photo",
)  # fmt: skip
PARALLEL_UPLOADS = 3
STYLES = ("gallery", "beside", "card", "texts", "viewer")
_SPENT = _(
    "The same form, in another tab perhaps, has made the room “%(room)s”, and the photos are there. "
    "To make another room of what is filled in here, add its photos and save again."
)
_SPENT_AND_DELETED = _(
    "The same form, in another tab perhaps, has made a room that was removed since. "
    "To make another room of what is filled in here, save again."
)


class ModulePreload(MediaAsset):
    """Fetches a module that an `import` will ask for."""

    element_template = '<link rel="modulepreload" href="{path}"{attributes}>'


def gallery_scripts() -> tuple[MediaAsset, ...]:
    """What the head of a room's page says."""
    return _named(FIRST, MODULES)


def import_scripts() -> tuple[MediaAsset, ...]:
    """What the head of an establishment's page says."""
    return _named(IMPORT_FIRST, IMPORT_MODULES)


def _named(first: str, others: tuple[str, ...]) -> tuple[MediaAsset, ...]:
    preloads = [ModulePreload(f"{FOLDER}/{name}.js") for name in others]
    return (forms.Script(f"{FOLDER}/{first}.js", type="module"), *preloads)


@dataclass(frozen=True)
class GalleryContext:
    """What the gallery's template needs to know besides the photos; `config` is for the script, as JSON."""

    room_id: int | None
    draft: str
    count: int
    limit: int
    max_megabytes: float
    restorable_days: int
    editable: bool
    abandoned: tuple[Draft, ...]
    removed: tuple[RoomImage, ...]
    channels: tuple[ChannelState, ...]
    slots: tuple[tuple[str, Any], ...]
    kinds: tuple[tuple[str, Any], ...]
    other_rooms: tuple[Room, ...]
    config: dict[str, Any]


@dataclass(frozen=True)
class Opened:
    """What a page was opened on, and by whom; no gallery for an add form before its first photo."""

    user: User
    editable: bool = True
    gallery: Gallery | None = None
    # Of an add form: the draft for its photos, those its user may take up instead, and one used up before.
    draft_id: str = ""
    abandoned: tuple[Draft, ...] = ()
    spent_draft: Draft | None = None


class GalleryFormSet(CustomInlineFormSet):
    """The photos of a gallery as they are now, each with what a posted page says about it.

    Where a page is posted, the caller holds the gallery's lock.
    """

    def __init__(self, *, opened: Opened, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        self.opened, self.gallery = opened, opened.gallery
        self.photos = galleries.find_photos(self.gallery) if self.gallery else []
        self.advice = find_advice(self.photos)
        self._shown_with = kwargs
        super().__init__(
            data=None if data is None else match_cards(data, kwargs["prefix"], self.photos), **kwargs
        )
        # The services write the history: Django has nothing left to record.
        self.new_objects: list[RoomImage] = []
        self.changed_objects: list[tuple[RoomImage, list[str]]] = []
        self.deleted_objects: list[RoomImage] = []

    def get_queryset(self) -> list[RoomImage]:
        return self.photos

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.advice = self.advice.get(form.instance.pk, ())

    def clean(self) -> None:
        """Whose draft became another room's comes back, filled in: its photos are there."""
        super().clean()
        if self.opened.spent_draft is not None:
            room = self.opened.spent_draft.present_room
            raise ValidationError(_SPENT % {"room": room} if room else _SPENT_AND_DELETED)

    def save(self, commit: bool = True) -> list[RoomImage]:
        """Applies what was changed in the page: captions, order and removals."""
        if self.gallery is not None and self.has_changed():
            present = {photo.pk: photo for photo in self.gallery.photos()}
            for form in self.forms:
                if "caption" in form.changed_data:
                    caption = form.cleaned_data["caption"]
                    galleries.update(present[form.instance.pk], user=self.opened.user, caption=caption)
            if any("order" in form.changed_data for form in self.forms):
                galleries.reorder(self.gallery, self._arranged(), user=self.opened.user)
            for form in self.deleted_forms:
                galleries.remove(present[form.instance.pk], user=self.opened.user)
        return []

    def keep_and_show(self) -> "GalleryFormSet":
        """For a page that is shown again: what it says is applied, and the photos are shown as they are then.

        Only a form with an error is shown as it came.
        """
        if not (self.is_bound and self.is_valid()):
            return self
        self.save()
        return type(self)(opened=self.opened, **self._shown_with)

    def _arranged(self) -> list[int]:
        """Ids in the order that the page asks for; a photo without a place there keeps its own."""
        places = {
            form.instance.pk: form.cleaned_data.get("order") or form.initial["order"] for form in self.forms
        }
        return sorted(places, key=lambda photo_id: places[photo_id])

    @cached_property
    def panel(self) -> GalleryContext:
        channels, kinds = find_channels(), RoomImage.Kind
        return GalleryContext(
            room_id=self.instance.pk,
            draft=self.opened.draft_id,
            count=len(self.photos),
            limit=settings.ROOM_PHOTO_MAX_COUNT,
            max_megabytes=settings.ROOM_PHOTO_MAX_BYTES / 2**20,
            restorable_days=settings.ROOM_PHOTO_RESTORABLE_DAYS,
            editable=self.opened.editable,
            abandoned=self.opened.abandoned,
            removed=tuple(galleries.find_removed(self.gallery))
            if self.gallery and self.opened.editable
            else (),
            channels=tuple(find_states(channels, self.photos)),
            slots=tuple((kind, kinds(kind).label) for kind in find_slots(channels, self.photos)),
            kinds=tuple(kinds.choices),
            other_rooms=self._find_other_rooms(),
            config=self._config(),
        )

    def _find_other_rooms(self) -> tuple[Room, ...]:
        """Where photos may be moved or copied to: whoever may change this room may change those too."""
        if self.instance.pk is None or not self.opened.editable:
            return ()
        same_establishment = Room.objects.filter(establishment_id=self.instance.establishment_id)
        return tuple(same_establishment.exclude(pk=self.instance.pk).order_by("name", "number", "pk"))

    def _config(self) -> dict[str, Any]:
        return upload_rules() | {
            "draft": self.opened.draft_id or None,
            "editable": self.opened.editable,
            "room": self.instance.pk,
            "urls": {
                **(_temporary_urls() if self.instance.pk is None else _room_urls(self.instance.pk)),
                "report": reverse("rooms:report_failure"),
            },
            "adviceLabels": {code: str(label) for code, label in LABELS.items()},
            "kindLabels": {kind: str(label) for kind, label in RoomImage.Kind.choices},
            "roomName": str(self.instance) if self.instance.pk else "",
        }


def upload_rules() -> dict[str, Any]:
    """What a script that sends photos has to know, wherever they go."""
    return {
        "limit": settings.ROOM_PHOTO_MAX_COUNT,
        "maxBytes": settings.ROOM_PHOTO_MAX_BYTES,
        "maxPixels": settings.ROOM_PHOTO_MAX_PIXELS,
        "maxSide": settings.ROOM_PHOTO_MAX_SIDE,
        # Handed over because hashed names are written into imports, and a worker is not imported.
        "shrinkWorker": static("admin/rooms/shrink_worker.js"),
        "types": list(formats.CONTENT_TYPES.values()),
        "extensions": [".jpg", ".jpeg", ".png", ".gif", ".webp"],
        "parallel": PARALLEL_UPLOADS,
        "captionMaxLength": limits.CAPTION_MAX_CHARS,
    }


def _temporary_urls() -> dict[str, str]:
    return {
        "upload": reverse("rooms:upload_temporary"),
        "list": reverse("rooms:list_temporary"),
        "readiness": reverse("rooms:readiness_temporary"),
        "reorder": reverse("rooms:reorder_temporary"),
        "update": reverse("rooms:update_temporary", args=(0,)),
        "remove": reverse("rooms:delete_temporary", args=(0,)),
        "restore": reverse("rooms:restore_temporary", args=(0,)),
        "rotate": reverse("rooms:rotate_temporary", args=(0,)),
        "replace": reverse("rooms:replace_temporary", args=(0,)),
    }


def _room_urls(room_id: int) -> dict[str, str]:
    return {
        "upload": reverse("rooms:upload", args=(room_id,)),
        "list": reverse("rooms:list", args=(room_id,)),
        "readiness": reverse("rooms:readiness", args=(room_id,)),
        "reorder": reverse("rooms:reorder", args=(room_id,)),
        "update": reverse("rooms:update", args=(room_id, 0)),
        "remove": reverse("rooms:delete", args=(room_id, 0)),
        "restore": reverse("rooms:restore", args=(room_id, 0)),
        "rotate": reverse("rooms:rotate", args=(room_id, 0)),
        "replace": reverse("rooms:replace", args=(room_id, 0)),
        "move": reverse("rooms:move", args=(room_id,)),
        "copy": reverse("rooms:copy", args=(room_id,)),
    }


class GalleryInline(SortableInlineAdminMixin, StackedInline):
    """Who may work on a room may work on its photos: the room's page decides what is offered."""

    model = RoomImage
    form = PhotoForm
    formset = GalleryFormSet
    template = "admin/rooms/room/gallery.html"
    fields = ("caption",)
    ordering = ("order",)
    extra = 0

    class Media:
        css = {"all": [f"admin/rooms/{name}.css" for name in STYLES]}

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # photos are added by the drop zone, not by empty forms

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_change_permission = has_delete_permission = has_view_permission
