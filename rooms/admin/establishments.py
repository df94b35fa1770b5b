"""The pages of establishments, with the list of those who manage one beside its owner.

Managers are invited when the page is saved, and again when somebody asks for it.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.forms import PaginationInlineFormSet

from rooms.admin.removal import RemovalMixin
from rooms.admin.scope import PERSON_FIELDS, ScopedAdmin
from rooms.admin.transfer import DownloadMixin, ImportMixin
from rooms.backends import signed_in_user
from rooms.errors import RateLimited
from rooms.models import Establishment, Manager, Owner, people
from rooms.models.people import MANAGERS_AT_MOST, normalise_address
from rooms.services import invitations

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
            messages.info(
                request, gettext("%(address)s was invited a moment ago.") % {"address": manager.email}
            )
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
        messages.success(request, gettext("An invitation was sent to %(address)s.") % to)
    elif people.sees_everything(user):
        told = gettext("Hand this invitation over to %(address)s:") % to
        messages.warning(request, format_html("{} <code>{}</code>", told, link))
    elif settings.EMAIL_URL:
        messages.error(
            request, gettext("No mail to %(address)s went out. Send the invitation again later.") % to
        )
        return
    else:
        told = gettext(
            "No mail goes out here. Ask the platform’s team to hand the invitation over to %(address)s."
        )
        messages.info(request, told % to)
    invitations.mark_invited(manager)


def describe_state(manager: Manager) -> str | SafeString:
    """Whether the invitation went out, and was taken up; with the button that sends it again."""
    if manager._state.adding:
        return "–"
    if manager.accepted_at:
        return gettext("accepted on %(date)s") % {
            "date": date_format(manager.accepted_at, "SHORT_DATE_FORMAT")
        }
    said, offered = gettext("not invited yet"), gettext("Invite")
    if manager.invited_at:
        said = gettext("invited on %(date)s") % {"date": date_format(manager.invited_at, "SHORT_DATE_FORMAT")}
        offered = gettext("Invite again")
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


class ManagerForm(forms.ModelForm):
    class Meta:
        model = Manager
        fields = ("email",)

    def clean_email(self) -> str:
        return normalise_address(self.cleaned_data["email"])


class ManagerFormSet(PaginationInlineFormSet):
    def __init__(self, *, data: Mapping[str, Any] | None = None, prefix: str, **kwargs: Any) -> None:
        """A form that says nothing about managers changes none."""
        if data is not None and f"{prefix}-TOTAL_FORMS" not in data:
            data = {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
        super().__init__(data=data, prefix=prefix, **kwargs)

    def save_new(self, form: ManagerForm, commit: bool = True) -> Manager:
        """Adds what `Manager.clean` let pass; a form sent twice at once finds what the other one added."""
        form.instance, _is_new = Manager.objects.get_or_create(
            establishment=self.instance, email=form.cleaned_data["email"]
        )
        return form.instance


class ManagerInline(TabularInline):
    """Adds and removes; an address is not edited, since its account would stay the old one.

    Who meets it at all is decided by `EstablishmentAdmin.get_inlines`.
    """

    model = Manager
    form = ManagerForm
    formset = ManagerFormSet
    extra = 0
    max_num = MANAGERS_AT_MOST
    show_title = False  # it would be the address again
    template_before = "admin/rooms/establishment/managers_note.html"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Whose an address is, if anybody's, is for those who meet all users anyway."""
        is_told = people.may_choose_owner(signed_in_user(request))
        return ("email", "state", "account") if is_told else ("email", "state")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("state", "account")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Manager]:
        return super().get_queryset(request).select_related("user")

    @display(description=_("account"), empty_value="–")
    def account(self, manager: Manager) -> str | None:
        return manager.user.get_username() if manager.user else None

    @display(description=_("state"))
    def state(self, manager: Manager) -> str:
        return describe_state(manager)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_add_permission = has_delete_permission = has_view_permission

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Establishment)
class EstablishmentAdmin(RemovalMixin, InvitationsMixin, DownloadMixin, ImportMixin, ScopedAdmin):
    actions = ("delete_selected",)
    list_filter = ("city",)
    search_fields = ("name", "city")
    list_select_related = ("owner",)
    ordering = ("name", "pk")  # repeated here: counting rooms drops the model's own

    def get_queryset(self, request: HttpRequest) -> QuerySet[Establishment]:
        return (
            super()
            .get_queryset(request)
            .annotate(room_count=Count("rooms", filter=Q(rooms__removed_at=None)))
        )

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Only who meets other users' names may look for them."""
        if not people.may_choose_owner(signed_in_user(request)):
            return self.search_fields
        return (*self.search_fields, *(f"owner__{field}" for field in PERSON_FIELDS))

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        if people.may_choose_owner(signed_in_user(request)):
            return ("name", "city", "owner_account", "room_count")
        return ("name", "city", "room_count")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only platform staff say who owns an establishment; others meet no user's name."""
        names = (
            ("name", "city", "owner")
            if people.may_choose_owner(signed_in_user(request))
            else ("name", "city")
        )
        return names if obj is None else (*names, "room_count")

    def get_inlines(self, request: HttpRequest, obj: Any) -> tuple[type[TabularInline], ...]:
        return (ManagerInline,) if people.may_choose_managers(signed_in_user(request), obj) else ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("room_count",) if obj is not None else ()

    @display(description=_("rooms"), ordering="room_count")
    def room_count(self, establishment: Any) -> SafeString:
        """A link to them."""
        rooms = reverse("admin:rooms_room_changelist")
        return format_html(
            '<a class="room-link" href="{}?establishment__id__exact={}">{}</a>',
            *(rooms, establishment.pk, establishment.room_count),
        )

    @display(description=_("owner"), ordering="owner")
    def owner_account(self, establishment: Establishment) -> str:
        owner = establishment.owner
        return str(owner) if owner.is_active else f"{owner} ({Owner.State.DEACTIVATED.label})"
