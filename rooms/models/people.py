"""People: accounts, managers of establishments, and what each role may do. All other code asks here.

                                        owner    manager   platform staff   superuser
    rooms and photos of an establishment  own     theirs        all            all
    its name and city                     own     theirs        all            all
    moving a room to another one       own both     -           all            all
    its managers                          own       -           all            all
    its owner; adding, deleting it         -        -           all            all
    temporary photos                     their uploader's alone, and        superusers'
    a draft (an unfinished room)         its user's alone
    owners' accounts: added, let in or not -        -           all            all
    other accounts, and groups             -        -            -             all

An owner is a user of the group Owners who is named in `Establishment.owner`. A manager is one who is named
in `Manager`. Each may be both, of different establishments. Platform staff are the group Staff. Model
permissions, which come with the groups, open the pages; the table says which objects are met there. The
`for_user` of each model keeps to it, `access` looks up every id through them, and the admin's pages do by
`ScopedAdmin`. What a user does not meet does not exist for them.

Superusers meet any temporary photo by its id, to help, but no draft of others: it stands for a form that is
open in somebody's browser, and two people would arrange one gallery without knowing.

Each `migrate` makes both groups, and adds what they lack. Permissions given to single users work as
Django's do, with one bound (`may_manage_account`): nobody lends what they do not have.

A manager is named by an e-mail address, and the list of managers shows only what was typed. An owner who
adds an address sees the same line whether it is unknown, without access, or somebody's. So the list does
not reveal who has an account. An address without an account waits for one.
"""

from typing import Any, Final

from django.apps import apps as installed_apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.db.models import Q
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

OWNERS: Final = "Owners"
STAFF: Final = "Staff"
SEE_EVERYTHING: Final = "rooms.see_every_establishment"
OWNER_PERMISSIONS: Final = (
    "view_establishment",
    "change_establishment",
    *(f"{verb}_{model}" for model in ("room", "roomimage") for verb in ("view", "add", "change", "delete")),
)
STAFF_PERMISSIONS: Final = (
    *OWNER_PERMISSIONS,
    "add_establishment",
    "delete_establishment",
    "see_every_establishment",
    "view_cleanuprun",
    "view_uploadfailure",
    "view_activity",
    *(f"{verb}_{model}" for model in ("channel", "owner") for verb in ("view", "add", "change")),
)
GROUP_PERMISSIONS: Final = {OWNERS: OWNER_PERMISSIONS, STAFF: STAFF_PERMISSIONS}
MANAGERS_AT_MOST: Final = 50


def sees_everything(user: User) -> bool:
    """Whether `user` works on every establishment: superusers and the group Staff."""
    return bool(user.has_perm(SEE_EVERYTHING))


def may_choose_owner(user: User) -> bool:
    """Whether `user` says whose an establishment is, and so meets other users' names."""
    return sees_everything(user)


def may_choose_managers(user: User, establishment: Any) -> bool:
    """Whether `user` says who manages `establishment`; None stands for one that is being added."""
    return sees_everything(user) or (establishment is not None and establishment.owner_id == user.pk)


def may_move_room(user: User, *establishments: Any) -> bool:
    """Whether `user` may move a room between the `establishments`: whoever owns them all, and no manager."""
    return sees_everything(user) or all(one.owner_id == user.pk for one in establishments)


def get_group_label(group: Any) -> str:
    """A group as people read it: the names of ours are fixed, and English."""
    labels = {OWNERS: gettext("Owners of establishments"), STAFF: gettext("The platform’s team (staff)")}
    return labels.get(group.name) or str(group)


def get_shown_name(account: User | str, viewer: User) -> str:
    """The name under which `viewer` meets `account`: a log-in name is half of what signing in takes.

    Of an account that is gone, `account` is the log-in name it had.
    """
    if isinstance(account, str):
        return account if sees_everything(viewer) else gettext("somebody without a name")
    if sees_everything(viewer) or account.pk == viewer.pk:
        full_name = account.get_full_name()
        return f"{account.get_username()} ({full_name})" if full_name else account.get_username()
    if account.is_superuser or account.groups.filter(name=STAFF).exists():
        return gettext("the platform’s team")
    return account.get_full_name() or gettext("somebody without a name")


def may_manage_account(user: User, account: User) -> bool:
    """Whether `user` may change `account`: nobody changes one that may do more than they themselves."""
    if user.is_superuser:
        return True
    return not account.is_superuser and account.get_all_permissions() <= user.get_all_permissions()


def complete_groups(apps: Any = None, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Creates the two groups where they are missing, and adds the permissions they lack; takes none away.

    Runs after each `migrate`, of whatever app: "is there" is no sign of "is complete", as where the group
    is older than the permissions. Before the permissions are there it does nothing.
    """
    registry = apps or installed_apps  # `flush` names none
    try:
        group_model = registry.get_model("auth", "Group")
        permission_model = registry.get_model("auth", "Permission")
    except LookupError:  # such as after `migrate contenttypes` on a new database
        return
    for name, codenames in GROUP_PERMISSIONS.items():
        permissions = permission_model.objects.using(using).filter(
            content_type__app_label="rooms", codename__in=codenames
        )
        if permissions:
            group_model.objects.using(using).get_or_create(name=name)[0].permissions.add(*permissions)


def find_missing_permissions() -> dict[str, list[str]]:
    """For each group that lacks some, which ones."""
    group_model = installed_apps.get_model("auth", "Group")
    held = set(
        group_model.objects.filter(
            name__in=GROUP_PERMISSIONS, permissions__content_type__app_label="rooms"
        ).values_list("name", "permissions__codename")
    )
    lacking = {
        name: [codename for codename in codenames if (name, codename) not in held]
        for name, codenames in GROUP_PERMISSIONS.items()
    }
    return {name: codenames for name, codenames in lacking.items() if codenames}


class Manager(models.Model):
    establishment = models.ForeignKey(
        "rooms.Establishment", related_name="managers", on_delete=models.CASCADE
    )
    email = models.EmailField(_("e-mail address"))
    # SET_NULL: a line that went with its account would show that there had been one.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        related_name="+",
        null=True,
        blank=True,
        default=None,
        editable=False,
        on_delete=models.SET_NULL,
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    invited_at = models.DateTimeField(null=True, blank=True, default=None, editable=False)
    # By the invitation's link: that somebody signed in would tell the owner who has an account.
    accepted_at = models.DateTimeField(null=True, blank=True, default=None, editable=False)

    class Meta:
        verbose_name = _("manager")
        verbose_name_plural = _("managers")
        ordering = ("email", "pk")
        default_permissions = ()  # `may_choose_managers` decides
        constraints = (
            models.UniqueConstraint(
                fields=("establishment", "email"),
                name="manager_once_an_establishment",
            ),
        )

    def __str__(self) -> str:
        return self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Finds the account of an address that has none yet."""
        self.email = normalise_address(self.email)
        if self.user_id is None:
            self.user = find_account(self.email)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Names the addresses that are not needed on the list. The list shows the same."""
        self.email = normalise_address(self.email)
        if self.establishment_id is None or not self._state.adding:
            return
        if self.email == normalise_address(self.establishment.owner.email):
            raise ValidationError({"email": _("This is the owner's own address: they manage it anyway.")})
        # The constraint, which forms inside an establishment's page do not look at.
        if Manager.objects.filter(establishment=self.establishment_id, email=self.email).exists():
            raise ValidationError({"email": _("This address is on the list already.")})


def normalise_address(email: str | None) -> str:
    """An address as it is kept and compared: nobody has two mailboxes that differ in capitals alone."""
    return (email or "").strip().lower()


def find_account(email: str) -> User | None:
    """Who may sign in to the back-office under this address.

    None where two accounts share it: it is not clear whom the owner meant.
    """
    if not email:
        return None
    users = get_user_model().objects.filter(email__iexact=email, is_active=True, is_staff=True)
    # Compared again: to a database's ignorance of case, other letters may look alike too.
    found = [user for user in users if normalise_address(user.email) == email]
    return found[0] if len(found) == 1 else None


@receiver(post_save, sender=settings.AUTH_USER_MODEL)
def link_pending_managers(instance: User, raw: bool, update_fields: Any = None, **kwargs: Any) -> None:
    """An account that is made, or gets its address, takes the places that wait under it."""
    if raw or not instance.email or (update_fields and set(update_fields) <= {"last_login", "password"}):
        return
    waiting = Manager.objects.filter(email=normalise_address(instance.email), user=None)
    for manager in waiting:
        manager.save()


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
