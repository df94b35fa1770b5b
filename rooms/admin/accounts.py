"""The pages of users and groups. Only superusers have the permissions for them.

A superuser may give these to somebody. Django alone would then let that person become a superuser, or set
a superuser's password. Here nobody can give more than they have.
"""

from typing import Any

from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from rooms.admin.scope import GuardedAdmin
from rooms.models import roles
from rooms.session import signed_in_user

admin.site.unregister((User, Group))


@admin.register(User)
class UserAdmin(auth_admin.UserAdmin, GuardedAdmin):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "email", "first_name", "last_name", "is_staff", "is_active")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_in_reach = obj is None or roles.may_manage_account(signed_in_user(request), obj)
        return is_in_reach and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_in_reach = obj is None or roles.may_manage_account(signed_in_user(request), obj)
        return is_in_reach and super().has_delete_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        given = tuple(super().get_readonly_fields(request, obj))
        return given if request.user.is_superuser else (*given, "is_superuser", "user_permissions")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["queryset"] = _lendable_groups(signed_in_user(request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(Group)
class GroupAdmin(auth_admin.GroupAdmin, GuardedAdmin):
    """A group's permissions are its members': only superusers write them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser and super().has_delete_permission(request, obj)


def _lendable_groups(user: User) -> QuerySet[Group]:
    """Groups that give nothing `user` does not have."""
    if user.is_superuser:
        return Group.objects.all()
    names = user.get_all_permissions()
    rows = Permission.objects.values_list("pk", "content_type__app_label", "codename")
    beyond = [pk for pk, app_label, codename in rows if f"{app_label}.{codename}" not in names]
    return Group.objects.exclude(permissions__in=beyond)
