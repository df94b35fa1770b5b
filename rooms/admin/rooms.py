"""The form of a room: its fields, its gallery, a new one's draft, and what is said after saving.

The messages are also for people who have no establishment yet.
"""

import hashlib
import json
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from adminsortable2.admin import SortableAdminBase
from django import VERSION, forms
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from rooms import access
from rooms.admin.gallery import GalleryInline, Opened, gallery_scripts
from rooms.admin.removal import AbandonedDraftsMixin, RemovalMixin
from rooms.admin.room_list import ManyRoomsMixin, RoomList
from rooms.admin.transfer import ChosenRoomsMixin
from rooms.backends import mirror_temporary_photos, signed_in_user
from rooms.errors import Forbidden, NotFound, PhotoError
from rooms.models import Establishment, Gallery, Room
from rooms.services import history, lifecycle
from rooms.services.lifecycle import add_room, find_destinations, save_room

PURGE_EVERY_S = 600
# A fifth of all script Django's form pages load, to make web addresses of names.
FOR_PREPOPULATED_FIELDS = (
    "admin/js/urlify.js",
    "admin/js/prepopulate.js",
    "admin/js/vendor/xregexp/xregexp.js",
    "admin/js/vendor/xregexp/xregexp.min.js",
)
SORTABLES_LIST_SCRIPT = "adminsortable2/js/actions-{}.{}.js".format(*VERSION)


class AnsweringAdmin(RoomList):
    """The answers of the rooms' ModelAdmin, in place of Django's words for any object."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", {}).get("cl")
        if shown is not None and shown.result_count == 0:
            tell_how_to_begin(request)
        return response

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """With the establishment, where there is but one to choose."""
        initial = super().get_changeform_initial_data(request)
        choices = Establishment.objects.for_user(signed_in_user(request)).values_list("pk", flat=True)[:2]
        if len(choices) == 1:
            initial.setdefault("establishment", choices[0])
        elif not choices:
            tell_how_to_begin(request)
        return initial

    def response_add(self, request: HttpRequest, obj: Room, post_url_continue: Any = None) -> HttpResponse:
        if IS_POPUP_VAR in request.POST:
            return super().response_add(request, obj, post_url_continue)
        return self._answer_saved(request, obj, self.response_post_save_add)

    def response_change(self, request: HttpRequest, obj: Room) -> HttpResponse:
        if IS_POPUP_VAR in request.POST:
            return super().response_change(request, obj)
        return self._answer_saved(request, obj, self.response_post_save_change)

    def _answer_saved(
        self, request: HttpRequest, room: Room, leave: Callable[[HttpRequest, Room], HttpResponse]
    ) -> HttpResponse:
        page = reverse("admin:rooms_room_change", args=(room.pk,))
        count = room.images.count()
        self.message_user(request, _describe_saved(room, count, page), messages.SUCCESS)
        if room.published and count == 0:
            self.message_user(
                request, gettext("It is published without a photo: add some soon."), messages.WARNING
            )
        if "_continue" not in request.POST and "_addanother" not in request.POST:
            return leave(request, room)
        goal = page if "_continue" in request.POST else reverse("admin:rooms_room_add")
        kept = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return HttpResponseRedirect(add_preserved_filters(kept, goal))


def tell_how_to_begin(request: HttpRequest) -> None:
    """To somebody without an establishment: what is missing, and the way on. To others, nothing."""
    if Establishment.objects.for_user(signed_in_user(request)).exists():
        return
    if request.user.has_perm("rooms.add_establishment"):
        text = gettext("There is no establishment yet, and rooms belong to one.")
        add = reverse("admin:rooms_establishment_add")
        messages.info(request, format_html('{} <a href="{}">{}</a>', text, add, gettext("Add one")))
    else:
        messages.info(
            request,
            gettext("You have no establishment yet. Ask the platform’s team to add it, then add your rooms."),
        )


def _describe_saved(room: Room, count: int, page: str) -> SafeString:
    words = (
        ngettext("“{room}” is saved, with its photo.", "“{room}” is saved, with its {count} photos.", count)
        if count
        else gettext("“{room}” is saved, without photos yet.")
    )
    return format_html(words, room=format_html('<a href="{}">{}</a>', page, room), count=count)


def purge_idle_drafts(user: User) -> None:
    """Deletes the user's idle drafts, at most every ten minutes a process."""
    if cache.add(f"purged-drafts-{user.pk}", True, PURGE_EVERY_S):
        lifecycle.purge_idle(user)


class AlreadySaved(Exception):
    """An add form came again, word for word: its room was made, and may be gone since."""

    def __init__(self, room: Room | None) -> None:
        self.room = room


@admin.register(Room)
class RoomAdmin(RemovalMixin, AbandonedDraftsMixin, ChosenRoomsMixin, SortableAdminBase, AnsweringAdmin):
    actions = (*ManyRoomsMixin.actions, "delete_selected")
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
            "admin/js/actions.js" if path == SORTABLES_LIST_SCRIPT else path
            for path in media._js
            if path not in FOR_PREPOPULATED_FIELDS
        ]
        # It takes scripts too.
        return forms.Media(css=media._css, js=js) + forms.Media(js=list(gallery_scripts()))  # type: ignore[arg-type]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        purge_idle_drafts(signed_in_user(request))
        return super().changelist_view(request, extra_context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """As Django, with the answers to what ids in the form may be about."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except AlreadySaved as saved:
            return self._lead_to_saved(request, saved.room)
        except NotFound:
            raise Http404 from None
        except Forbidden as error:
            raise PermissionDenied(error.sentence()) from None
        except PhotoError as error:
            raise BadRequest(error.sentence()) from None

    def _lead_to_saved(self, request: HttpRequest, room: Room | None) -> HttpResponse:
        self.message_user(request, _("This room had been saved already: here it is."), messages.INFO)
        if room is None:
            return HttpResponseRedirect(reverse("admin:rooms_room_changelist"))
        return HttpResponseRedirect(reverse("admin:rooms_room_change", args=(room.pk,)))

    # --- the gallery beside the fields ---

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """With the gallery the page is about; a page that posts holds its lock from here on."""
        if obj.pk is None:
            opened = self._open_draft(request)
        else:
            may_edit = self.has_change_permission(request, obj)
            opened = Opened(signed_in_user(request), editable=may_edit, gallery=Gallery(room=obj))
        if request.method == "POST" and opened.gallery is not None:
            opened.gallery.lock()
        return super().get_formset_kwargs(request, obj, inline, prefix) | {"opened": opened}

    def _open_draft(self, request: HttpRequest) -> Opened:
        session_key = request.session.session_key or ""
        if request.method == "POST":
            return self._open_posted_draft(request, session_key)
        purge_idle_drafts(signed_in_user(request))
        draft, draft_id = None, uuid.uuid4()
        # A reloaded page names its draft in its address: unless it was saved meanwhile, or is a stranger's.
        with suppress(PhotoError):
            named = access.parse_uuid(request.GET.get("draft")) or draft_id
            draft = access.find_draft(signed_in_user(request), named, session_key)
            draft_id = named
        return Opened(
            signed_in_user(request),
            gallery=Gallery(draft=draft) if draft else None,
            draft_id=str(draft_id),
            abandoned=() if draft else tuple(lifecycle.find_abandoned(signed_in_user(request))),
        )

    def _open_posted_draft(self, request: HttpRequest, session_key: str) -> Opened:
        """The draft of the form that comes in, locked; raises `AlreadySaved` for a form that came before.

        Another form under the same draft, as from a duplicated tab, gets a draft of its own.
        """
        named = access.parse_uuid(request.POST.get("draft"))
        draft = lifecycle.take_up_for_form(signed_in_user(request), named, session_key)
        if draft is not None:
            draft = lifecycle.lock_for_saving(draft)
            if not draft.is_saved:
                return Opened(signed_in_user(request), gallery=Gallery(draft=draft), draft_id=str(draft.pk))
            if draft.saved_form == self._digest(request):
                raise AlreadySaved(draft.present_room)
        return Opened(signed_in_user(request), draft_id=str(uuid.uuid4()), spent_draft=draft)

    def _digest(self, request: HttpRequest) -> str:
        """Of all that an add form says about the room itself."""
        names = flatten_fieldsets(self.get_fieldsets(request))
        values = [(name, request.POST.getlist(name)) for name in names]
        return hashlib.sha256(json.dumps(values).encode()).hexdigest()

    def get_inline_formsets(
        self, request: HttpRequest, formsets: Any, inline_instances: Any, obj: Any = None, **kwargs: Any
    ) -> Any:
        """Where the room's fields come back with errors, what was done to photos is kept all the same."""
        shown = [formset.keep_and_show() for formset in formsets]
        return super().get_inline_formsets(request, shown, inline_instances, obj, **kwargs)

    # --- saving ---

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Offers and takes the establishments that the room may move to."""
        form = super().get_form(request, obj, change, **kwargs)
        field = form.base_fields.get("establishment")
        if obj is not None and field is not None:
            field.queryset = find_destinations(signed_in_user(request), obj)
            field.error_messages["invalid_choice"] = _(
                "Only who owns both establishments can move a room from one to the other."
            )
        return form

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "description" and field:
            field.widget.attrs["rows"] = 4
        return field

    def save_model(self, request: HttpRequest, obj: Room, form: Any, change: bool) -> None:
        if change:
            save_room(obj, user=signed_in_user(request), changed=form.changed_data)
        else:
            add_room(obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for formset in formsets:
            if not change and formset.gallery is not None:
                lifecycle.attach(formset.gallery.draft, form.instance, saved_form=self._digest(request))
                transaction.on_commit(
                    lambda: mirror_temporary_photos(request.session, signed_in_user(request))
                )

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """For the history: what Django says, and how many photos a new room came with."""
        message = super().construct_change_message(request, form, formsets, add)
        return message + history.describe_first_photos(form.instance.images.count() if add else 0)
