"""Roles, and what each may do. All other code asks here.

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

An owner is a user of the group Owners who is named in `Establishment.owner`. A manager is one who is
named in `Manager`. Each may be both, of different establishments. Platform staff are the group Staff.
Model permissions, which come with the groups, open the pages; the table says which objects are met
there. The `for_user` of each model keeps to it, `access` looks up every id through them, and the
admin's pages do by `ScopedAdmin`. What a user does not meet does not exist for them.

Superusers meet any temporary photo by its id, to help, but no draft of others: it stands for a form
that is open in somebody's browser, and two people would arrange one gallery without knowing.

Each `migrate` makes both groups, and adds what they lack. Permissions given to single
users work as Django's do, with one bound (`may_manage_account`): nobody lends what they do not have.
"""

from typing import Any, Final

from django.apps import apps as installed_apps
from django.contrib.auth.models import User
from django.db import DEFAULT_DB_ALIAS
from django.utils.translation import gettext as _

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
    labels = {OWNERS: _("Owners of establishments"), STAFF: _("The platform’s team (staff)")}
    return labels.get(group.name) or str(group)


def get_shown_name(account: User | str, viewer: User) -> str:
    """The name under which `viewer` meets `account`: a log-in name is half of what signing in takes.

    Of an account that is gone, `account` is the log-in name it had.
    """
    if isinstance(account, str):
        return account if sees_everything(viewer) else _("somebody without a name")
    if sees_everything(viewer) or account.pk == viewer.pk:
        full_name = account.get_full_name()
        return f"{account.get_username()} ({full_name})" if full_name else account.get_username()
    if account.is_superuser or account.groups.filter(name=STAFF).exists():
        return _("the platform’s team")
    return account.get_full_name() or _("somebody without a name")


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
