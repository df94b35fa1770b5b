"""What every admin page of ours shares: a user meets only what is theirs, as `models.roles` says."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from unfold.admin import ModelAdmin

from rooms import monitoring
from rooms.models import roles


class PermissionFirst(ModelAdmin):
    """Asks for the permission before the object: Django's history page would tell which ids there are."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)


class ScopedAdmin(PermissionFirst):
    """Lists, pages, choices, searches, filters, actions and histories reach only what the user may work on.

    All of Django's ways to an object pass `get_queryset`, and all choices `formfield_for_foreignkey`.
    """

    warn_unsaved_form = False
    list_filter_submit = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).for_user(request.user)

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = _choices(db_field.related_model, request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = _choices(db_field.related_model, request.user)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponseRedirect:
        # Django's way here: to the start page, with the same words for a stranger's object and a missing one.
        monitoring.log_refusal(request, 404, "not_found")
        return super()._get_obj_does_not_exist_redirect(request, opts, object_id)


def _choices(model: type[Model], user: Any) -> QuerySet[Any]:
    """What a field that points to `model` offers and takes: closed to what has no rule here."""
    objects: Any = model._default_manager
    if model is get_user_model():
        if not roles.may_choose_owner(user):
            return objects.none()
        # Who can sign in; and who owns one already, so that a form that changes a name can be saved.
        can_sign_in = Q(is_active=True, is_staff=True)
        return objects.filter(can_sign_in | Q(establishments__isnull=False)).distinct().order_by("username")
    return objects.for_user(user) if hasattr(objects, "for_user") else objects.none()
