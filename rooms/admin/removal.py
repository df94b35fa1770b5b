"""What goes and may come back: removed rooms and establishments, and drafts that nobody came back to.

Deleting a room or an establishment removes it. There is a list of removed ones, with the way back, for
whoever could remove it, as long as it can be restored. An abandoned draft is discarded from the add form,
which offers it; a form without script is led back to the add page, with a message.
"""

import uuid
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import DateTimeField, ExpressionWrapper, F, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from unfold.decorators import action

from rooms import access
from rooms.api.shape import problem, success
from rooms.backends import mirror_temporary_photos, signed_in_user
from rooms.errors import NotFound, PhotoError
from rooms.models import Draft, Establishment, Room
from rooms.models.rows import restorable_time
from rooms.services import lifecycle

SHOWN_AT_MOST: Final = 200
# The add page has an empty form of this id, for buttons that must not send the room's own form.
FORM_ID = "abandoned-draft"


class RemovalMixin:
    """For the admin of a model whose rows are removed and restored; `remove` says how."""

    delete_confirmation_template = "admin/rooms/removal/confirm.html"
    list_after_template = "admin/rooms/removal/link.html"

    def get_urls(self) -> list[Any]:
        pages: Any = super()
        view = self.admin_site.admin_view(require_POST(self.restore))  # type: ignore[attr-defined]
        return [path("restore/", view, name=self._route("restore")), *pages.get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.method == "GET" and request.GET.get("removed") == "yes":
            return self.show_removed(request)
        pages: Any = super()
        may_restore = {"may_restore": self.has_delete_permission(request)}  # type: ignore[attr-defined]
        answer: HttpResponse = pages.changelist_view(request, (extra_context or {}) | may_restore)
        return answer

    # --- removing ---

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        days = {"restorable_days": settings.ROOM_PHOTO_RESTORABLE_DAYS, "chosen": None}
        pages: Any = super()
        answer: HttpResponse = pages.delete_view(request, object_id, (extra_context or {}) | days)
        return answer

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, ...]:
        """Nothing is destroyed: what Django would count and name stays."""
        return [str(one) for one in objs], {}, set(), []

    def log_deletions(self, request: HttpRequest, queryset: Any) -> list[Any]:
        """The service tells the history, in its own transaction."""
        return []

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        _remove(type(obj)._default_manager.filter(pk=obj.pk), request)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        if IS_POPUP_VAR in request.POST:
            pages: Any = super()
            answer: HttpResponse = pages.response_delete(request, obj_display, obj_id)
            return answer
        self._tell_removed(request, _("“%(name)s” is removed.") % {"name": obj_display})
        return HttpResponseRedirect(reverse(f"admin:{self._route('changelist')}"))

    @action(description=gettext_lazy("Remove the chosen ones"), permissions=["delete"])
    def delete_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Under Django's own name, whose place it takes."""
        if request.POST.get("post"):
            count = _remove(queryset, request)
            said = ngettext("%(count)s is removed.", "%(count)s are removed.", count) % {"count": count}
            self._tell_removed(request, said)
            return None
        context = self._context(request) | {"title": _("Remove the chosen ones"), "chosen": queryset}
        return TemplateResponse(request, "admin/rooms/removal/confirm.html", context)

    def _tell_removed(self, request: HttpRequest, said: str) -> None:
        messages.success(request, format_html("{} {}", said, self._way_back()))

    def _way_back(self) -> SafeString:
        days = settings.ROOM_PHOTO_RESTORABLE_DAYS
        text = ngettext("It can be restored for %(days)s day:", "It can be restored for %(days)s days:", days)
        address = f"{reverse(f'admin:{self._route("changelist")}')}?removed=yes"
        return format_html('{} <a href="{}">{}</a>', text % {"days": days}, address, _("what was removed"))

    # --- coming back ---

    def show_removed(self, request: HttpRequest) -> HttpResponse:
        """The newest first; with the search of the list, as only so many are shown."""
        query = request.GET.get(SEARCH_VAR, "")
        rows, _is_joined = self.get_search_results(request, self._find_removed(request), query)  # type: ignore[attr-defined]
        until = ExpressionWrapper(F("removed_at") + restorable_time(), output_field=DateTimeField())
        context = (
            self._context(request)
            | {
                "opts": None,  # else the page's head says what the list's own says
                "title": _("Removed: %(things)s") % {"things": self.opts.verbose_name_plural},  # type: ignore[attr-defined]
                "removed": list(
                    rows.annotate(restorable_until=until).order_by("-removed_at", "-pk")[:SHOWN_AT_MOST]
                ),
                "total": rows.count(),
                "search_var": SEARCH_VAR,
                # What the list's own search form reads.
                "cl": {
                    "query": query,
                    "search_fields": self.get_search_fields(request),  # type: ignore[attr-defined]
                    "filter_params": {"removed": ["yes"]},
                },
                "restore_url": reverse(f"admin:{self._route('restore')}"),
            }
        )
        return TemplateResponse(request, "admin/rooms/removal/removed.html", context)

    def restore(self, request: HttpRequest) -> HttpResponse:
        """Brings back those whose ids come as `id`; 404 where none of them is there for this user."""
        ids = [text for text in request.POST.getlist("id") if text.isascii() and text.isdigit()]
        found = list(self._find_removed(request).filter(pk__in=[int(text[:18]) for text in ids]))
        if not found:
            raise Http404
        for thing in found:
            self._restore(request, thing)
        return HttpResponseRedirect(reverse(f"admin:{self._route('changelist')}"))

    def _find_removed(self, request: HttpRequest) -> QuerySet[Any]:
        if not self.has_delete_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        rows: Any = self.model.all_objects.restorable().for_user(signed_in_user(request))  # type: ignore[attr-defined]
        return rows.select_related("establishment") if self.model is Room else rows  # type: ignore[attr-defined]

    def _restore(self, request: HttpRequest, thing: Any) -> None:
        user = signed_in_user(request)
        bring_back: Any = (
            lifecycle.restore_room if isinstance(thing, Room) else lifecycle.restore_establishment
        )
        try:
            restored = bring_back(thing, user=user)
        except NotFound:
            messages.error(request, _("“%(name)s” cannot be restored any more.") % {"name": thing})
            return
        page = reverse(f"admin:{self._route('change')}", args=(restored.pk,))
        link = format_html('<a href="{}">{}</a>', page, restored)
        messages.success(request, format_html(_("“{room}” is back, as it was."), room=link))
        if getattr(thing, "number", "") != getattr(restored, "number", ""):
            said = _("Its number %(number)s was given to another room meanwhile: it has no number now.")
            messages.warning(request, said % {"number": thing.number})

    def _context(self, request: HttpRequest) -> dict[str, Any]:
        admin: Any = self
        return {
            **admin.admin_site.each_context(request),
            "opts": admin.opts,
            "media": admin.media,
            "restorable_days": settings.ROOM_PHOTO_RESTORABLE_DAYS,
            "plural": capfirst(admin.opts.verbose_name_plural),
        }

    def _route(self, page: str) -> str:
        opts: Any = self.opts  # type: ignore[attr-defined]
        return f"{opts.app_label}_{opts.model_name}_{page}"


def _remove(rows: QuerySet[Any], request: HttpRequest) -> int:
    model: type[Model] = rows.model
    remove: Any = lifecycle.remove_establishments if model is Establishment else lifecycle.remove_rooms
    count: int = remove(rows, user=signed_in_user(request))
    return count


class AbandonedDraftsMixin:
    """For the admin of rooms: the addresses behind "Discard" and its "Undo"."""

    def get_urls(self) -> list[Any]:
        pages: Any = super()
        view = self.admin_site.admin_view  # type: ignore[attr-defined]
        return [
            path(
                "discard-draft/<uuid:draft_id>/",
                view(require_POST(self.discard_draft)),
                name="rooms_room_discard_draft",
            ),
            path(
                "restore-draft/<uuid:draft_id>/",
                view(require_POST(self.restore_draft)),
                name="rooms_room_restore_draft",
            ),
            *pages.get_urls(),
        ]

    def discard_draft(self, request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
        draft = self._get_draft(request, draft_id)
        count = lifecycle.discard(draft)
        mirror_temporary_photos(request.session, signed_in_user(request))
        if _wants_json(request):
            return success(count=count)
        if count:
            messages.success(request, _way_back(draft, count))
        return HttpResponseRedirect(reverse("admin:rooms_room_add"))

    def restore_draft(self, request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
        draft = self._get_draft(request, draft_id)
        try:
            count = lifecycle.restore_discarded(draft)
        except PhotoError as error:
            if _wants_json(request):
                return problem(error)
            messages.error(request, error.sentence())
            return HttpResponseRedirect(reverse("admin:rooms_room_add"))
        mirror_temporary_photos(request.session, signed_in_user(request))
        if _wants_json(request):
            return success(count=count)
        text = ngettext("%(count)s photo is back.", "%(count)s photos are back.", count)
        messages.success(request, text % {"count": count})
        return HttpResponseRedirect(reverse("admin:rooms_room_add"))

    def _get_draft(self, request: HttpRequest, draft_id: uuid.UUID) -> Draft:
        if not self.has_add_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        try:
            draft = access.find_draft(signed_in_user(request), draft_id, "")
        except NotFound:
            draft = None
        if draft is None:
            raise Http404
        return draft


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _way_back(draft: Draft, count: int) -> SafeString:
    text = ngettext(
        "%(count)s photo of the unfinished room was removed.",
        "%(count)s photos of the unfinished room were removed.",
        count,
    )
    return format_html(
        '{} <button type="submit" class="gallery-text-button" form="{}" formaction="{}" '
        'data-action="undo">{}</button>',
        text % {"count": count},
        FORM_ID,
        reverse("admin:rooms_room_restore_draft", args=(draft.pk,)),
        _("Undo"),
    )
