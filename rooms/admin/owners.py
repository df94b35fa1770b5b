"""The pages on which platform staff add owners, and let them in or not."""

from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminTextInputWidget

from rooms.admin.scope import PERSON_FIELDS, GuardedAdmin
from rooms.models import Establishment, Owner
from rooms.models.owner import AddressTaken
from rooms.models.people import deactivate, has_account, make_password_path, normalise_address
from rooms.services import invitations

SUGGESTED_AT_MOST: Final = 500


class EstablishmentWidget(UnfoldAdminTextInputWidget):
    """A field to type in, which suggests the establishments that are there by their numbers."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        key = f"{name}-suggestions"
        field = super().render(name, value, {**(attrs or {}), "list": key}, renderer)
        found = Establishment.objects.select_related("owner").order_by("name", "pk")[:SUGGESTED_AT_MOST]
        options = ((one.pk, f"{one} ({one.owner.get_full_name() or one.owner})") for one in found)
        listed = format_html_join("", '<option value="{}">{}</option>', options)
        return format_html('{}<datalist id="{}">{}</datalist>', field, key, listed)


class OwnerForm(forms.ModelForm):
    name = forms.CharField(label=_("name"), max_length=150, widget=UnfoldAdminTextInputWidget)
    email = forms.EmailField(label=_("e-mail address"), widget=UnfoldAdminEmailInputWidget)

    class Meta:
        model = Owner
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = capfirst(str(field.label))
        if self.instance.pk:
            self.initial.update(name=str(self.instance), email=self.instance.email)

    def clean_email(self) -> str:
        email = normalise_address(self.cleaned_data["email"])
        if has_account(email, but=self.instance.pk or 0):
            raise forms.ValidationError(_("There is an account with this address already."))
        return email


class NewOwnerForm(OwnerForm):
    establishment = forms.CharField(
        label=_("establishment"),
        max_length=120,
        required=False,
        widget=EstablishmentWidget,
        help_text=_("The name of a new one, or the number of one that is there: it becomes this owner’s."),
    )

    def clean_establishment(self) -> Establishment | None:
        """A name that is there already is refused: nobody loses an establishment to a name typed twice."""
        text = self.cleaned_data["establishment"]
        if not text:
            return None
        is_number = text.isascii() and text.isdigit() and len(text) < 19
        if is_number and (found := Establishment.objects.filter(pk=int(text)).first()):
            return found
        if found := Establishment.objects.filter(name__iexact=text).first():
            raise forms.ValidationError(
                _(
                    "There is an establishment of this name. "
                    "To give it to this owner, type its number: %(number)s."
                ),
                params={"number": found.pk},
            )
        return Establishment(name=text)

    def save(self, commit: bool = True) -> Owner:
        return Owner.objects.invite(*(self.cleaned_data[name] for name in ("name", "email", "establishment")))


@admin.register(Owner)
class OwnerAdmin(GuardedAdmin):
    form = OwnerForm
    list_display = ("name", "email", "owned", "state", "last_login")
    search_fields = (*PERSON_FIELDS, "establishments__name")
    actions = ("send_link", "deactivate", "reactivate")
    actions_submit_line = ("send_link_here", "deactivate_here", "reactivate_here")
    list_filter = ("is_active",)
    change_form_before_template = "admin/rooms/owner/keeps.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Owner]:
        return (
            super().get_queryset(request).for_user(request.user).prefetch_related("establishments").distinct()
        )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return OwnerForm if obj else NewOwnerForm

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("name", "email") if obj else ("name", "email", "establishment")

    def get_actions_submit_line(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """What can be done with this one now."""
        owner = self.get_queryset(request).filter(pk=object_id).first() if object_id else None
        if owner is None:
            return []
        fitting = ("send_link_here", "deactivate_here") if owner.is_active else ("reactivate_here",)
        shown = super().get_actions_submit_line(request, object_id)
        return [one for one in shown if one.action_name.removeprefix("rooms_owner_") in fitting]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Owners are deactivated: what they own would go with them."""
        return False

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        return form.instance

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            obj.first_name, obj.last_name = form.cleaned_data["name"], ""
            obj.email = form.cleaned_data["email"]
            obj.save(update_fields=["first_name", "last_name", "email"])
            # Unfold's own `save_model` would write `is_active` too, which others may have changed meanwhile.
            for button in self.get_actions_submit_line(request, obj.pk):
                if button.action_name in request.POST:
                    button.method(request, obj)
            return
        obj.__dict__.update(form.save().__dict__)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing hangs on an owner's form: `invite` has made it all."""

    def changeform_view(self, request: HttpRequest, object_id: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Two who add the same address at once: the second finds it taken, and the form says so again.

        A link goes out once all is saved: nobody waits for a mail server with a lock.
        """
        try:
            response = super().changeform_view(request, object_id, *args, **kwargs)
        except AddressTaken:
            return super().changeform_view(request, object_id, *args, **kwargs)
        if request.method == "POST" and response.status_code == 302:
            self._send_after(request, object_id)
        return response

    def _send_after(self, request: HttpRequest, object_id: str | None) -> None:
        owners = self.get_queryset(request).filter(is_active=True)
        if object_id is None:
            owners = owners.filter(email=normalise_address(request.POST.get("email")))
        elif "rooms_owner_send_link_here" in request.POST and object_id.isdigit():
            owners = owners.filter(pk=object_id)
        else:
            return
        for owner in owners:
            self.hand_over(request, owner)

    def hand_over(self, request: HttpRequest, owner: Owner) -> None:
        """Mails the link to choose a password; shows it where no mail is set up, or none went out."""
        link = request.build_absolute_uri(make_password_path(owner))
        if settings.EMAIL_URL and invitations.mail_owner(owner, link):
            told = _("A link to choose a password was sent to %(address)s.") % {"address": owner.email}
            messages.success(request, told)
            return
        failed = _("The mail server took no mail.") if settings.EMAIL_URL else ""
        told = _("Hand this link to choose a password over to %(name)s:") % {"name": owner}
        messages.warning(request, format_html("{} {} <code>{}</code>", failed, told, link))

    @action(description=_("Send the link to choose a password"), permissions=["change"])
    def send_link(self, request: HttpRequest, queryset: QuerySet[Owner]) -> None:
        for owner in queryset.filter(is_active=True)[:20]:
            self.hand_over(request, owner)

    @action(description=_("Deactivate: they cannot sign in any more"), permissions=["change"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[Owner]) -> None:
        for owner in queryset.filter(is_active=True):
            self.deactivate_here(request, owner)

    @action(description=_("Reactivate: they can sign in again"), permissions=["change"])
    def reactivate(self, request: HttpRequest, queryset: QuerySet[Owner]) -> None:
        for owner in queryset.filter(is_active=False):
            self.reactivate_here(request, owner)

    @action(description=_("Send the link"), permissions=["change"])
    def send_link_here(self, request: HttpRequest, owner: Owner) -> None:
        """A button of the form: `changeform_view` does it when the form is saved."""

    @action(description=_("Deactivate"), permissions=["change"])
    def deactivate_here(self, request: HttpRequest, owner: Owner) -> None:
        deactivate(owner)
        self.log_change(request, owner, [{"changed": {"fields": ["is_active"]}}])
        messages.success(request, _("%(name)s cannot sign in any more.") % {"name": owner})

    @action(description=_("Reactivate"), permissions=["change"])
    def reactivate_here(self, request: HttpRequest, owner: Owner) -> None:
        owner.reactivate()
        self.log_change(request, owner, [{"changed": {"fields": ["is_active"]}}])
        messages.success(request, _("%(name)s can sign in again.") % {"name": owner})

    @display(description=_("name"), ordering="first_name")
    def name(self, owner: Owner) -> str:
        return str(owner)

    @display(description=_("establishments"))
    def owned(self, owner: Owner) -> str:
        return ", ".join(one.name for one in owner.establishments.all()) or "–"

    @display(description=_("state"), ordering="is_active")
    def state(self, owner: Owner) -> str:
        return str(owner.state.label)
