"""Invitations: the link by which an owner chooses a password, and a manager takes up the work.

A manager's address may have no account yet: whoever has the link makes one, and chooses its password there.
Mails are in the site's language: nobody knows the reader's yet.
"""

import smtplib
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.core.mail import send_mail
from django.db import transaction
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from rooms.models import Manager, Owner
from rooms.services import quotas

_SALT: Final = "rooms.manager"


def mail_owner(owner: Owner, link: str) -> bool:
    """Whether the mail server took it."""
    return _mail(owner.email, "password_subject", "invitation", {"owner": owner, "link": link})


def mail_manager(manager: Manager, link: str, *, user: User) -> bool:
    """As `mail_owner`. The mail is the same whether the address has an account or not.

    Raises `RateLimited` where `user` had too many sent: the manager waits for an invitation.
    """
    quotas.count_invitation(user, manager.email)
    context = {"establishment": manager.establishment.name, "link": link}
    return _mail(manager.email, "manager_subject", "manager", context)


def make_manager_path(manager: Manager) -> str:
    """Path of the page on which `manager` takes up the work, for `PASSWORD_RESET_TIMEOUT` seconds."""
    token = signing.dumps([manager.pk, manager.email], salt=_SALT)
    return reverse("manager_invitation", args=(token,))


def find_invited(token: str) -> Manager | None:
    """Whom a link was made for; None where it is too old, or the invitation was taken back."""
    try:
        pk, email = signing.loads(token, salt=_SALT, max_age=settings.PASSWORD_RESET_TIMEOUT)
    except signing.BadSignature:
        return None
    waiting = Manager.objects.filter(pk=pk, email=email, establishment__removed_at=None)
    return waiting.select_related("establishment").first()


def explain(token: str) -> str:
    """Why `find_invited` finds nobody for a link, and what to do about it."""
    try:
        signing.loads(token, salt=_SALT, max_age=settings.PASSWORD_RESET_TIMEOUT)
    except signing.SignatureExpired:
        return _("This invitation is too old. Ask the person who invited you to send it again.")
    except signing.BadSignature:
        return _("This link is not complete. Open it from the mail again, or copy all of it.")
    return _("This invitation was taken back. Ask the person who invited you.")


def mark_invited(manager: Manager) -> None:
    Manager.objects.filter(pk=manager.pk).update(invited_at=Now())


def mark_accepted(manager: Manager) -> None:
    Manager.objects.filter(pk=manager.pk, accepted_at=None).update(accepted_at=Now())


@transaction.atomic
def join(manager: Manager, name: str, password: str) -> None:
    """Makes the account of a manager, with this password. Raises `AddressTaken`, and then makes none."""
    owner = Owner.objects.invite(name, manager.email, None)
    owner.set_password(password)
    owner.save(update_fields=["password"])
    mark_accepted(manager)


def _mail(address: str, subject: str, body: str, context: dict[str, Any]) -> bool:
    with translation.override(settings.LANGUAGE_CODE):
        title = render_to_string(f"admin/rooms/mail/{subject}.txt").strip()
        text = render_to_string(f"admin/rooms/mail/{body}.txt", context)
    try:
        return send_mail(title, text, None, [address]) == 1
    except (OSError, smtplib.SMTPException):
        return False
