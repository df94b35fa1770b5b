"""The pages on which people choose a password: a forgotten one, or that of an invitation."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm
from django.contrib.auth.models import User
from django.db import connection
from django.forms import CharField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from unfold.widgets import BASE_INPUT_CLASSES

from rooms.models import Manager
from rooms.models.owner import AddressTaken
from rooms.models.people import has_account
from rooms.services import invitations, quotas

# Looks the account up and mails after the answer: how long it takes tells nobody whether there is one.
_sender: Final = ThreadPoolExecutor(1, thread_name_prefix="mail")


class ForgottenForm(PasswordResetForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Your e-mail address")
        _dress(self)

    def get_users(self, email: str) -> Iterator[User]:
        """Also those who were invited and chose no password yet; nobody whose mailbox has enough links."""
        found = User.objects.filter(email__iexact=email, is_active=True, is_staff=True)
        return (user for user in found.iterator() if quotas.is_link_due(user))


class ChoosePasswordForm(SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self)


class AcceptForm(ChoosePasswordForm):
    name = CharField(label=_("Your name"), max_length=150)
    field_order = ("name", "new_password1", "new_password2")


class Dressed:
    """What every page of the site is given."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return {**admin.site.each_context(self.request), **context}  # type: ignore[attr-defined]


class Forgotten(Dressed, views.PasswordResetView):
    title = _("Password forgotten")
    form_class = ForgottenForm
    subject_template_name = "admin/rooms/mail/password_subject.txt"
    email_template_name = "admin/rooms/mail/password.txt"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(can_mail=bool(settings.EMAIL_URL), **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        if not settings.EMAIL_URL:
            return self.render_to_response(self.get_context_data(form=form))
        _sender.submit(
            _send,
            form,
            translation.get_language(),
            domain_override=self.request.get_host(),
            use_https=self.request.is_secure(),
            subject_template_name=self.subject_template_name,
            email_template_name=self.email_template_name,
        )
        return redirect(self.get_success_url())


class Sent(Dressed, views.PasswordResetDoneView):
    title = _("Look into your mailbox")


class Choose(Dressed, views.PasswordResetConfirmView):
    form_class = ChoosePasswordForm
    title = _("Choose your password")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context if self.validlink else context | {"title": _("This link no longer works")}


class Chosen(Dressed, views.PasswordResetCompleteView):
    title = _("Your password")


class Accept(Dressed, FormView):
    """A manager takes up the work: with the account they have, or with one that they make here."""

    form_class = AcceptForm
    template_name = "registration/invitation.html"

    @cached_property
    def manager(self) -> Manager | None:
        return invitations.find_invited(self.kwargs["token"])

    @property
    def has_account(self) -> bool:
        return self.manager is not None and has_account(self.manager.email)

    def get_form_kwargs(self) -> dict[str, Any]:
        address = self.manager.email if self.manager else ""
        return {**super().get_form_kwargs(), "user": User(username=address, email=address)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine: dict[str, Any] = {"manager": self.manager, "has_account": self.has_account}
        if self.manager is None:
            mine["why_not"] = invitations.explain(self.kwargs["token"])
        return super().get_context_data(title=_("Your invitation"), **mine, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.manager is None:
            return self.get(request, *args, **kwargs)
        if self.has_account:
            return self._sign_in(self.manager)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        manager, values = self.manager, form.cleaned_data
        if manager is not None:
            try:
                invitations.join(manager, values["name"], values["new_password1"])
            except AddressTaken:  # the same form, sent twice
                return self._sign_in(manager)
        return redirect("password_reset_complete")

    def _sign_in(self, manager: Manager) -> HttpResponse:
        invitations.mark_accepted(manager)
        return redirect("admin:login")


def _send(form: ForgottenForm, language: str | None, **options: Any) -> None:
    """Django logs what the mail server refuses, and asks nobody to wait for it."""
    try:
        with translation.override(language):
            form.save(**options)
    finally:
        connection.close()


def _dress(form: Any) -> None:
    for field in form.fields.values():
        field.widget.attrs["class"] = " ".join(BASE_INPUT_CLASSES)
