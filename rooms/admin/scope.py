"""What every admin page of ours shares: a user meets only what is theirs."""

from typing import Any

from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from rooms.models import Establishment


class ScopedAdmin(ModelAdmin):
    """Lists, pages, choices, actions and histories reach only the objects of the user's establishments."""

    warn_unsaved_form = False
    list_filter_submit = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).for_user(request.user)

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Establishment:
            kwargs["queryset"] = Establishment.objects.for_user(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
