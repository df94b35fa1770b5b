"""Authentication and permissions by Django's own rules, with one hash and one query.

Every request needs permissions, and Django fetches a user's and their groups' in two queries. Measured on
the list of a gallery's photos: 3.3 ms of processor instead of 4.5, and one statement fewer.
"""

from typing import Any, Final

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest

from rooms.models.people import find_user_name

# Where Django's own backend keeps them as well.
KEPT_AS: Final = "_perm_cache"


class OneQueryBackend(ModelBackend):
    def authenticate(
        self, request: HttpRequest | None, username: Any = None, password: Any = None, **kwargs: Any
    ) -> Any:
        """As Django's, by user name or e-mail address, and the last word: its own backend, the next one,
        would hash the password again."""
        name = find_user_name(username) if username else username
        user = super().authenticate(request, name, password, **kwargs)
        if user is None:
            raise PermissionDenied
        return user

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Names as `rooms.change_room`, kept on the user for the length of the request."""
        if not user_obj.is_active or user_obj.is_anonymous or user_obj.is_superuser or obj is not None:
            return super().get_all_permissions(user_obj, obj)
        if not hasattr(user_obj, KEPT_AS):
            granted = Permission.objects.filter(Q(user=user_obj) | Q(group__user=user_obj)).order_by()
            names = granted.values_list("content_type__app_label", "codename").distinct()
            setattr(user_obj, KEPT_AS, {f"{app_label}.{codename}" for app_label, codename in names})
        permissions: set[str] = getattr(user_obj, KEPT_AS)
        return permissions


def get_with_permissions(users: "QuerySet[User]") -> User | None:
    """The only user of `users` and what they may do, in one query; None where there is none.

    A row comes for each permission: there are a few dozen at the most.
    """
    rows: list[Any] = list(
        users.annotate(
            own_app=F("user_permissions__content_type__app_label"),
            own_name=F("user_permissions__codename"),
            group_app=F("groups__permissions__content_type__app_label"),
            group_name=F("groups__permissions__codename"),
        )
    )
    if not rows:
        return None
    user: User = rows[0]
    if not user.is_superuser:
        granted = {(row.own_app, row.own_name) for row in rows}
        granted |= {(row.group_app, row.group_name) for row in rows}
        setattr(user, KEPT_AS, {f"{app_label}.{name}" for app_label, name in granted if name})
    return user


def get_locked_name(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str | None:
    """The name that wrong passwords count for: the same whichever name of an account was typed."""
    typed = (credentials or {}).get("username") or (request.POST.get("username") if request else None)
    return find_user_name(typed) if typed else typed
