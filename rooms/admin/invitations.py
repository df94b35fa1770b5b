"""Inviting the managers of an establishment: when its page is saved, and again when somebody asks for it."""

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rooms.errors import RateLimited
from rooms.models import Establishment, Manager, people
from rooms.services import invitations
from rooms.session import signed_in_user

# The page has an empty form of this id, for buttons that must not send the establishment's own form.
FORM_ID: Final = "invite-again"
# Nobody's mailbox is filled by a button.
AGAIN_AFTER: Final = timedelta(minutes=10)


class InvitationsMixin:
    """For the admin of establishments. The answer is the same whether an address has an account or not."""

    change_form_outer_after_template = "admin/rooms/establishment/below.html"

    def get_urls(self) -> list[Any]:
        pages: Any = super()
        view = self.admin_site.admin_view(require_POST(self.invite_again))  # type: ignore[attr-defined]
        name = "rooms_establishment_invite_again"
        return [path("<int:object_id>/invite-again/", view, name=name), *pages.get_urls()]

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Once all is saved: nobody waits for a mail server with a lock."""
        pages: Any = super()
        response: HttpResponse = pages.changeform_view(request, object_id, *args, **kwargs)
        if request.method == "POST" and response.status_code == 302:
            for manager in _find_new(request, object_id):
                invite(request, manager)
        return response

    def invite_again(self, request: HttpRequest, object_id: int) -> HttpResponse:
        user, wanted = signed_in_user(request), request.POST.get("manager-id", "")
        establishment = Establishment.objects.for_user(user).filter(pk=object_id).first()
        if establishment is None or not people.may_choose_managers(user, establishment):
            raise Http404
        is_id = wanted.isascii() and wanted.isdigit() and len(wanted) < 19
        manager = establishment.managers.filter(pk=int(wanted)).first() if is_id else None
        if manager is None:
            raise Http404
        if manager.invited_at and timezone.now() - manager.invited_at < AGAIN_AFTER:
            messages.info(request, _("%(address)s was invited a moment ago.") % {"address": manager.email})
        else:
            invite(request, manager)
        return HttpResponseRedirect(reverse("admin:rooms_establishment_change", args=(object_id,)))


def invite(request: HttpRequest, manager: Manager) -> None:
    """By mail. Where none goes out, platform staff meet the link, and others are told whom to ask.

    After too many mails it says so: the manager is on the list, with the button that invites.
    """
    link, to = request.build_absolute_uri(invitations.make_manager_path(manager)), {"address": manager.email}
    user = signed_in_user(request)
    try:
        is_sent = bool(settings.EMAIL_URL) and invitations.mail_manager(manager, link, user=user)
    except RateLimited as error:
        messages.error(request, error.sentence())
        return
    if is_sent:
        messages.success(request, _("An invitation was sent to %(address)s.") % to)
    elif people.sees_everything(user):
        told = _("Hand this invitation over to %(address)s:") % to
        messages.warning(request, format_html("{} <code>{}</code>", told, link))
    elif settings.EMAIL_URL:
        messages.error(request, _("No mail to %(address)s went out. Send the invitation again later.") % to)
        return
    else:
        told = _("No mail goes out here. Ask the platform’s team to hand the invitation over to %(address)s.")
        messages.info(request, told % to)
    invitations.mark_invited(manager)


def describe_state(manager: Manager) -> str | SafeString:
    """Whether the invitation went out, and was taken up; with the button that sends it again."""
    if manager._state.adding:
        return "–"
    if manager.accepted_at:
        return _("accepted on %(date)s") % {"date": date_format(manager.accepted_at, "SHORT_DATE_FORMAT")}
    said, offered = _("not invited yet"), _("Invite")
    if manager.invited_at:
        said = _("invited on %(date)s") % {"date": date_format(manager.invited_at, "SHORT_DATE_FORMAT")}
        offered = _("Invite again")
    button = '{} <button type="submit" class="room-link" form="{}" name="manager-id" value="{}">{}</button>'
    return format_html(button, said, FORM_ID, manager.pk, offered)


def _find_new(request: HttpRequest, object_id: str | None) -> list[Manager]:
    """Those of the establishment that was saved who know nothing of it yet.

    None where its managers are not the user's business: who was refused is led away by a 302 too.
    """
    user = signed_in_user(request)
    asked = {"name": request.POST.get("name", "").strip()} if object_id is None else {"pk": object_id}
    try:
        saved = Establishment.objects.for_user(user).filter(**asked).order_by("-pk").first()
    except ValueError:  # an id that is no number
        return []
    if saved is None or not people.may_choose_managers(user, saved):
        return []
    return list(saved.managers.filter(invited_at=None).select_related("establishment"))
