"""The two names of an account; the link to choose a password, and the end of all sessions."""

from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from rooms.models.manager import normalise_address


def find_user_name(typed: str) -> str:
    """The user name of whom `typed` names; what was typed where that is nobody, or more than one.

    A user name wins over an address. One query in every case, so that time tells nothing.
    """
    address = normalise_address(typed)
    rows = list(
        User.objects.filter(Q(username=typed) | Q(email__iexact=address)).values_list("username", "email")
    )
    if any(name == typed for name, _email in rows):
        return typed
    # Compared again: to a database's ignorance of case, other letters may look alike too.
    names = [name for name, email in rows if address and normalise_address(email) == address]
    if len(names) == 1:
        return names[0]
    # Two spellings of an address count as one, whether somebody has it or not.
    return address if "@" in typed else typed


def has_account(address: str, *, but: int = 0) -> bool:
    """Whether an account has the address, or bears it as its name; the one with the id `but` aside."""
    named = User.objects.filter(Q(email__iexact=address) | Q(username__iexact=address))
    return named.exclude(pk=but).exists()


@transaction.atomic
def deactivate(user: User) -> None:
    """Ends their sessions for good: one that was only refused would come back with the account."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    present = Session.objects.filter(expire_date__gt=timezone.now())
    for session in present.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()


def make_password_path(user: User) -> str:
    """Path of the page on which `user` chooses a password: once, and for `PASSWORD_RESET_TIMEOUT` seconds."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("password_reset_confirm", args=(uid, default_token_generator.make_token(user)))
