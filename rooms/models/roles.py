"""Who is who: the groups of owners and platform staff, and what each may do in the admin.

Both groups come from a migration. Which objects a user meets is decided by the `for_user`
of each model, which asks `sees_everything` here.
"""

from typing import Any, Final

from django.apps import apps as installed_apps
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

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
)

type User = AbstractBaseUser | AnonymousUser


def sees_everything(user: Any) -> bool:
    """Whether `user` works on every establishment: superusers and the group Staff."""
    return bool(user.has_perm(SEE_EVERYTHING))


def create_missing_groups(apps: Any = None, **kwargs: Any) -> None:
    """Creates the two groups with their permissions where they are missing; changes none that exists."""
    registry = apps or installed_apps  # `flush` names none
    group_model = registry.get_model("auth", "Group")
    permission_model = registry.get_model("auth", "Permission")
    for name, codenames in ((OWNERS, OWNER_PERMISSIONS), (STAFF, STAFF_PERMISSIONS)):
        group, is_new = group_model.objects.get_or_create(name=name)
        if is_new:
            group.permissions.set(
                permission_model.objects.filter(content_type__app_label="rooms", codename__in=codenames)
            )
