"""What every admin page shares: a user meets only what is theirs, as `models.people` says."""

from typing import Any, Final

from django import forms
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.admin.utils import get_fields_from_path, unquote
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, DateField, ForeignKey, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.text import smart_split, unescape_string_literal
from unfold.admin import ModelAdmin

from rooms import database, monitoring
from rooms.backends import signed_in_user
from rooms.forms import MergingForm
from rooms.models import Activity, people
from rooms.services import history

# Each word is a condition on each searched column: a database refuses some hundreds of them.
MAX_SEARCH_WORDS: Final = 20
MAX_SEARCH_CHARS: Final = 300
# What a person is looked for by.
PERSON_FIELDS: Final = ("username", "first_name", "last_name", "email")


class GuardedAdmin(ModelAdmin):
    """What an address may ask of any page, whoever asks: every ModelAdmin of the site is one.

    It asks for the permission before the object: Django's pages would show which ids exist.
    """

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what a filter of the list puts into an address: Django takes any look-up on own columns.

        A regular expression among them keeps SQLite, and with it the whole process, busy for minutes.
        """
        return any(lookup in _parameters_of(self.model, offered) for offered in self.get_list_filter(request))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Searches for the first words only, in lists, autocomplete fields and the site's search alike."""
        words = list(smart_split(search_term[:MAX_SEARCH_CHARS]))[:MAX_SEARCH_WORDS]
        return database.find(queryset, self.get_search_fields(request), map(_unquoted, words)), False

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Django 6.1 looks for the object first where something is saved, Django 5.2 does not."""
        if request.method == "POST" and not self.has_change_permission(request):
            raise PermissionDenied
        return super().change_view(request, object_id, *args, **kwargs)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        response = super().history_view(request, object_id, extra_context)
        names: dict[Any, str] = {}
        for entry in getattr(response, "context_data", {}).get("action_list", ()):
            if entry.user_id not in names:
                names[entry.user_id] = people.get_shown_name(
                    entry.user or entry.user_name, signed_in_user(request)
                )
            entry.person = names[entry.user_id]
            entry.values = history.find_values(entry)
        return response

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return Activity.objects.record(signed_in_user(request), [obj], ADDITION, message)[0]

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return Activity.objects.record(signed_in_user(request), [obj], CHANGE, message)[0]

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        return Activity.objects.record(signed_in_user(request), queryset, DELETION)

    def get_paginator(self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any) -> Any:
        """An object's history is its part of the activity, the newest first."""
        if queryset.model is LogEntry:
            thing = ContentType.objects.get_for_model(self.model)
            match = request.resolver_match
            object_id = unquote(match.kwargs["object_id"]) if match else ""
            deeds = Activity.objects.filter(content_type=thing, object_id=object_id)
            queryset = deeds.select_related("user").order_by("-action_time", "-pk")
        return super().get_paginator(request, queryset, *args, **kwargs)


class ReadOnlyAdmin(GuardedAdmin):
    """What the product writes and people only read."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ScopedAdmin(GuardedAdmin):
    """Lists, pages, choices, searches, filters, actions and histories reach only what the user may work on.

    All of Django's ways to an object pass `get_queryset`, and all choices `formfield_for_foreignkey`.
    """

    form = MergingForm
    change_form_before_template = "admin/rooms/form_memory.html"
    warn_unsaved_form = False  # `form_memory.js` does it: Unfold's counts the gallery's fields, saved at once
    list_filter_submit = False

    class Media:
        js = (forms.Script("admin/rooms/form_memory.js", type="module"),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).for_user(signed_in_user(request))

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = _choices(db_field.related_model, signed_in_user(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = _choices(db_field.related_model, signed_in_user(request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Django leads to the start page, with the same words for a stranger's object and a missing one."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            monitoring.log_refusal(request, 404, "not_found")
        return found

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, Any]]:
        """With the values before and after; and fields by their names, which have their translations."""
        message = super().construct_change_message(request, form, formsets, add)
        if not add and form.changed_data:
            message[0] = history.describe_changes(form.saved, form.instance, form.changed_data)
        return message

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Writes what was changed in the form, and nothing that others changed meanwhile."""
        if not change:
            super().save_model(request, obj, form, change)
        elif form.changed_data:
            obj.save(update_fields=form.changed_data)


def _unquoted(word: str) -> str:
    """What stands between quotes is one word, as in Django's own search."""
    is_quoted = word[0] == word[-1] and word[0] in "\"'"
    return unescape_string_literal(word) if is_quoted else word


def _parameters_of(model: type[Model], offered: Any) -> set[str]:
    """Names of the parameters that one entry of `list_filter` reads, as Django's filters name them."""
    if not isinstance(offered, str | tuple):
        return {offered.parameter_name}
    path = offered if isinstance(offered, str) else offered[0]
    field: Any = get_fields_from_path(model, path)[-1]
    if field.is_relation:
        return {f"{path}__{field.target_field.name}__exact", f"{path}__isnull"}
    if field.flatchoices or isinstance(field, BooleanField):
        return {f"{path}__exact", f"{path}__isnull"}
    if isinstance(field, DateField):
        return {f"{path}__gte", f"{path}__lt", *([f"{path}__isnull"] if field.null else [])}
    return {path, f"{path}__isnull"}


def _choices(model: type[Model], user: User) -> QuerySet[Any]:
    """What a field that points to `model` offers and takes: closed to what has no rule here."""
    objects: Any = model._default_manager
    if model is get_user_model():
        if not people.may_choose_owner(user):
            return objects.none()
        # Who can sign in; and who owns one already, so that a form that changes a name can be saved.
        can_sign_in = Q(is_active=True, is_staff=True)
        return objects.filter(can_sign_in | Q(establishments__isnull=False)).distinct().order_by("username")
    return objects.for_user(user) if hasattr(objects, "for_user") else objects.none()
