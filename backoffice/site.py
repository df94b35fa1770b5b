"""The admin site: Unfold's, with our own words for signing in, password change and texts of scripts."""

import functools
from typing import Any

from django.contrib.auth import authenticate
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.db.models import EmailField
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page
from django.views.i18n import JavaScriptCatalog
from unfold.forms import AdminOwnPasswordChangeForm, AuthenticationForm
from unfold.sites import UnfoldAdminSite


class SignInForm(AuthenticationForm):
    """Asks for either name of an account."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _("Name or password is wrong. Forgotten your password?"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["username"]
        name.label = _("User name or e-mail address")
        name.max_length = name.widget.attrs["maxlength"] = EmailField().max_length


class OldPasswordForm(AdminOwnPasswordChangeForm):
    """Tries the old password as a sign-in does: a session left open is no way to guess it."""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)

    def clean_old_password(self) -> str:
        old_password: str = self.cleaned_data["old_password"]
        name = self.user.get_username()
        if authenticate(self.request, username=name, password=old_password) is None:
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return old_password


@functools.cache
def _catalogue(language: str) -> bytes:
    """Django's texts and ours, as a script; made once a process and language."""
    return JavaScriptCatalog(packages=["django.contrib.admin"]).get(HttpRequest()).content


@cache_control(private=True, no_cache=True)
@conditional_page
def _texts(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_catalogue(get_language() or ""), content_type="text/javascript; charset=utf-8")


class Site(UnfoldAdminSite):
    login_form = SignInForm

    def i18n_javascript(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The texts of scripts. Django makes them anew for each page.

        A browser keeps them, and asks each time whether they are right still: the language is the user's.
        """
        return _texts(request)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:
        """Django's own, with the form above."""
        request.current_app = self.name
        view = PasswordChangeView.as_view(
            form_class=functools.partial(OldPasswordForm, request=request),
            success_url=reverse("admin:password_change_done"),
            template_name=self.password_change_template or "registration/password_change_form.html",
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        return view(request)
