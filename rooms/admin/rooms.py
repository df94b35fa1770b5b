"""The pages of rooms: the list with covers, and the form with the gallery."""

import uuid
from decimal import Decimal
from typing import Any

from adminsortable2.admin import SortableAdminBase
from django import forms
from django.contrib import admin, messages
from django.core.cache import cache
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from rooms import access, limits, monitoring, storage
from rooms.admin.abandoned import AbandonedDraftsMixin
from rooms.admin.filters import GalleryFilter
from rooms.admin.gallery import GalleryInline
from rooms.admin.scope import PERSON_FIELDS, ScopedAdmin
from rooms.admin.scripts import gallery_scripts
from rooms.errors import Forbidden, NotFound, PhotoError
from rooms.forms import read_edits
from rooms.models import Draft, Gallery, Room, roles
from rooms.models.photo import photo_storage
from rooms.services import drafts, history
from rooms.services import gallery as galleries
from rooms.services.rooms import find_destinations, save_room
from rooms.session import mirror_temporary_photos

PURGE_EVERY_S = 600
# A fifth of all script Django's form pages load, to make web addresses of names.
FOR_PREPOPULATED_FIELDS = ("/urlify.js", "/prepopulate.js", "/xregexp.js", "/xregexp.min.js")


def purge_now_and_then(user: Any) -> None:
    """Clears away the user's forgotten drafts when they come by, at most every ten minutes a process."""
    if cache.add(f"purged-drafts-{user.pk}", True, PURGE_EVERY_S):
        drafts.purge_idle(user)


@admin.register(Room)
class RoomAdmin(AbandonedDraftsMixin, SortableAdminBase, ScopedAdmin):
    list_display = ("cover", "title", "establishment", "kind", "photos", "price", "published")
    list_display_links = ("cover", "title")
    list_filter = (
        ("establishment", admin.RelatedOnlyFieldListFilter),
        GalleryFilter,
        "published",
        "kind",
    )
    list_select_related = ("establishment",)
    search_fields = ("name", "number", "establishment__name", "establishment__city")
    inlines = (GalleryInline,)
    change_form_template = "admin/rooms/room/change_form.html"
    fieldsets = (
        (None, {"fields": ("establishment", "name", ("number", "kind"))}),
        (
            _("Description, comfort and price"),
            {"fields": ("published", "description", ("capacity", "beds"), ("surface_m2", "price_night"))},
        ),
    )

    @property
    def media(self) -> forms.Media:
        """The gallery's own, without what no field here needs.

        And Unfold's list script back in the place where sortable2 put a copy of Django's.
        """
        media = super().media
        js = [
            "admin/js/actions.js" if "adminsortable2/js/actions-" in str(path) else path
            for path in media._js
            if not str(path).endswith(FOR_PREPOPULATED_FIELDS)
        ]
        return forms.Media(css=media._css, js=js) + forms.Media(
            css={"all": tuple(f"admin/rooms/{name}.css" for name in ("photo_card", "gallery"))},
            js=gallery_scripts(),
        )

    # --- the list ---

    def get_queryset(self, request: HttpRequest) -> QuerySet[Room]:
        return monitoring.with_gallery_figures(super().get_queryset(request))

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Only who meets other users' names may look for them."""
        if not roles.may_choose_owner(request.user):
            return self.search_fields
        return (*self.search_fields, *(f"establishment__owner__{field}" for field in PERSON_FIELDS))

    @display(description=_("cover"))
    def cover(self, room: Any) -> SafeString:
        if not room.cover_name:
            return format_html(
                '<span class="room-cover room-cover--none" role="img" aria-label="{}"></span>', _("No photo")
            )
        return format_html(
            '<img class="room-cover" src="{}" alt="{}" width="96" height="64" '
            'loading="lazy" decoding="async">',
            storage.version_url(photo_storage(), room.cover_name, limits.VERSION_SIDES_PX[0]),
            self.title(room),
        )

    @display(description=_("room"), ordering="name")
    def title(self, room: Room) -> str:
        return f"{room.name} · {room.number}" if room.number else room.name

    @display(description=_("photos"), ordering="photo_count")
    def photos(self, room: Any) -> str:
        return f"{room.photo_count} / {limits.photo_max_count()}"

    @display(description=_("price a night"), ordering="price_night", empty_value="–")
    def price(self, room: Room) -> str | None:
        if room.price_night is None:
            return None
        decimals = 0 if room.price_night == room.price_night.to_integral_value() else 2
        price = number_format(Decimal(room.price_night), decimals, use_l10n=True, force_grouping=True)
        return f"{price}\N{NO-BREAK SPACE}€"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        purge_now_and_then(request.user)
        return super().changelist_view(request, extra_context)

    # --- the form ---

    def _changeform_view(
        self, request: HttpRequest, object_id: str | None, form_url: str, extra_context: dict[str, Any] | None
    ) -> HttpResponse:
        """Before Django handles the room's form: find its gallery, and merge what the form says about it."""
        request.gallery, request.draft_id, request.abandoned = None, "", ()  # type: ignore[attr-defined]
        try:
            saved = self._open_draft(request) if object_id is None else self._open_room(request, object_id)
        except NotFound:
            raise Http404 from None
        except PhotoError as error:
            raise BadRequest(error.sentence()) from None
        return saved or super()._changeform_view(request, object_id, form_url, extra_context)

    def _open_room(self, request: Any, object_id: str) -> None:
        room = self.get_object(request, object_id)
        if room is None:
            return  # Django says so, in its own way
        request.gallery = Gallery(room=room)
        if request.method == "POST" and self.has_change_permission(request, room):
            self._merge(request)

    def _open_draft(self, request: Any) -> HttpResponse | None:
        """Finds the draft the form works on; a form sent twice is led to the room it made the first time."""
        if not self.has_add_permission(request):
            return None  # Django refuses
        session_key = request.session.session_key or ""
        if request.method != "POST":
            draft, request.draft_id = self._shown_draft(request, session_key)
            purge_now_and_then(request.user)
            if draft is None:
                request.abandoned = tuple(drafts.find_abandoned(request.user))
        else:
            draft = access.get_form_draft(
                request.user, access.parse_uuid(request.POST.get("draft")), session_key
            )
            request.draft_id = str(draft.pk) if draft else str(uuid.uuid4())
        if draft is None:
            return None
        if request.method == "POST":
            draft = drafts.lock_for_saving(draft)
            if draft.is_saved:
                return self._already_saved(request, draft)
        request.gallery = Gallery(draft=draft)
        if request.method == "POST":
            self._merge(request)
        return None

    def _shown_draft(self, request: Any, session_key: str) -> tuple[Draft | None, str]:
        """A reloaded page names its draft in its address; any other opening starts a new one."""
        try:
            draft_id = access.parse_uuid(request.GET.get("draft")) or uuid.uuid4()
            return access.find_draft(request.user, draft_id, session_key), str(draft_id)
        except PhotoError:  # saved meanwhile, somebody else's, or no draft at all
            return None, str(uuid.uuid4())

    def _already_saved(self, request: HttpRequest, draft: Draft) -> HttpResponse:
        self.message_user(request, _("This room had been saved already: here it is."), messages.INFO)
        if draft.room_id is None:
            return HttpResponseRedirect(reverse("admin:rooms_room_changelist"))
        return HttpResponseRedirect(reverse("admin:rooms_room_change", args=(draft.room_id,)))

    def _merge(self, request: Any) -> None:
        try:
            galleries.merge(request.gallery, read_edits(request.POST, "images"), user=request.user)
        except PhotoError as error:
            self.message_user(request, error.sentence(), messages.ERROR)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Offers and takes the establishments that the room may move to."""
        form = super().get_form(request, obj, change, **kwargs)
        field = form.base_fields.get("establishment")
        if obj is not None and field is not None:
            field.queryset = find_destinations(request.user, obj)
            field.error_messages["invalid_choice"] = _(
                "Only who owns both establishments can move a room from one to the other."
            )
        return form

    def save_model(self, request: HttpRequest, obj: Room, form: Any, change: bool) -> None:
        if not change:
            super().save_model(request, obj, form, change)
            return
        try:
            save_room(obj, user=request.user)
        except Forbidden as error:  # the form was checked before somebody else moved the room
            raise PermissionDenied(error.sentence()) from None
        except NotFound:  # and so is this
            raise Http404 from None

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "description" and field:
            field.widget.attrs["rows"] = 4
        return field

    def get_formset_kwargs(self, request: Any, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        is_new = obj.pk is None
        may_edit = self.has_add_permission(request) if is_new else self.has_change_permission(request, obj)
        return super().get_formset_kwargs(request, obj, inline, prefix) | {
            "gallery": request.gallery,
            "draft_id": request.draft_id if is_new else "",
            "editable": may_edit,
            "abandoned": request.abandoned,
        }

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change and request.gallery is not None:
            request.photo_count = len(drafts.attach(request.gallery.draft, form.instance))
            transaction.on_commit(lambda: mirror_temporary_photos(request.session, request.user))

    def construct_change_message(self, request: Any, form: Any, formsets: Any, add: bool = False) -> Any:
        """For the history: what Django says, and how many photos a new room came with."""
        message = super().construct_change_message(request, form, formsets, add)
        return message + history.describe_first_photos(getattr(request, "photo_count", 0))
