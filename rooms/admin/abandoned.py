"""Discarding an abandoned draft, which the add form offers, and bringing it back.

A form without script is led back to the add page, with a message; the page's script is answered in JSON.
"""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from rooms import access
from rooms.api.shape import problem, success
from rooms.backends import mirror_temporary_photos, signed_in_user
from rooms.errors import NotFound, PhotoError
from rooms.models import Draft
from rooms.services import lifecycle

# The add page has an empty form of this id, for buttons that must not send the room's own form.
FORM_ID = "abandoned-draft"


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
