"""The pages of users and groups. Only superusers have the permissions for them.

A superuser may give these to somebody. Django alone would then let that person become a superuser, or set
a superuser's password. Here nobody can give more than they have.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from rooms.admin.scope import GuardedAdmin
from rooms.backends import signed_in_user
from rooms.models import Establishment, people
from rooms.models.people import deactivate

admin.site.unregister((User, Group))


class GroupsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return people.get_group_label(obj)


class GroupFilter(admin.RelatedFieldListFilter):
    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        return [(group.pk, people.get_group_label(group)) for group in Group.objects.order_by("name")]


@admin.register(User)
class UserAdmin(auth_admin.UserAdmin, GuardedAdmin):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    delete_confirmation_template = "admin/rooms/account/delete.html"
    list_display = ("username", "email", "first_name", "last_name", "is_staff", "is_active")
    list_filter = ("is_staff", "is_superuser", "is_active", ("groups", GroupFilter))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_in_reach = obj is None or people.may_manage_account(signed_in_user(request), obj)
        return is_in_reach and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What an account owns goes with it."""
        return request.user.is_superuser and super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, ...]:
        """The establishments that go, with how much is in each; not each photo by its name."""
        found = Establishment.all_objects.filter(owner__in=objs).annotate(
            rooms_in=Count("rooms", distinct=True), photos_in=Count("rooms__images")
        )
        told = [_describe(establishment) for establishment in found.order_by("name", "pk")]
        return [*(str(account) for account in objs), told] if told else list(map(str, objs)), {}, set(), []

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Deactivating, which the page offers first, is asked for at the same address."""
        if request.method == "POST" and "deactivate" in request.POST:
            return self._deactivate(request, object_id)
        return super().delete_view(request, object_id, extra_context)

    def _deactivate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        account = self.get_object(request, object_id)
        if not self.has_delete_permission(request, account):
            raise PermissionDenied
        if account is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        deactivate(account)
        self.log_change(request, account, [{"changed": {"fields": ["is_active"]}}])
        messages.success(request, _("%(name)s cannot sign in any more.") % {"name": account})
        return HttpResponseRedirect(reverse("admin:auth_user_change", args=(account.pk,)))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        given = tuple(super().get_readonly_fields(request, obj))
        return given if request.user.is_superuser else (*given, "is_superuser", "user_permissions")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs |= {"form_class": GroupsField, "queryset": _lendable_groups(signed_in_user(request))}
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(Group)
class GroupAdmin(auth_admin.GroupAdmin, GuardedAdmin):
    """A group's permissions are its members': only superusers write them."""

    list_display = ("label",)

    @display(description=gettext_lazy("name"), ordering="name")
    def label(self, group: Group) -> str:
        return people.get_group_label(group)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser and super().has_delete_permission(request, obj)


def _describe(establishment: Any) -> str:
    rooms = ngettext("%(count)s room", "%(count)s rooms", establishment.rooms_in)
    photos = ngettext("%(count)s photo", "%(count)s photos", establishment.photos_in)
    parts = (rooms % {"count": establishment.rooms_in}, photos % {"count": establishment.photos_in})
    return f"{establishment} ({', '.join(parts)})"


def _lendable_groups(user: User) -> QuerySet[Group]:
    """Groups that give nothing `user` does not have."""
    if user.is_superuser:
        return Group.objects.all()
    names = user.get_all_permissions()
    rows = Permission.objects.values_list("pk", "content_type__app_label", "codename")
    beyond = [pk for pk, app_label, codename in rows if f"{app_label}.{codename}" not in names]
    return Group.objects.exclude(permissions__in=beyond)
