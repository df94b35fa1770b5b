"""The pages of establishments, with the list of those who manage one beside its owner."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.forms import PaginationInlineFormSet

from rooms.admin.downloads import DownloadMixin
from rooms.admin.importing import ImportMixin
from rooms.admin.invitations import InvitationsMixin, describe_state
from rooms.admin.removal import RemovalMixin
from rooms.admin.scope import PERSON_FIELDS, ScopedAdmin
from rooms.models import Establishment, Manager, Owner, people
from rooms.models.people import MANAGERS_AT_MOST, normalise_address
from rooms.session import signed_in_user


class ManagerForm(forms.ModelForm):
    class Meta:
        model = Manager
        fields = ("email",)

    def clean_email(self) -> str:
        return normalise_address(self.cleaned_data["email"])


class ManagerFormSet(PaginationInlineFormSet):
    def __init__(self, *, data: Mapping[str, Any] | None = None, prefix: str, **kwargs: Any) -> None:
        """A form that says nothing about managers changes none."""
        if data is not None and f"{prefix}-TOTAL_FORMS" not in data:
            data = {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
        super().__init__(data=data, prefix=prefix, **kwargs)

    def save_new(self, form: ManagerForm, commit: bool = True) -> Manager:
        """Adds what `Manager.clean` let pass; a form sent twice at once finds what the other one added."""
        form.instance, _is_new = Manager.objects.get_or_create(
            establishment=self.instance, email=form.cleaned_data["email"]
        )
        return form.instance


class ManagerInline(TabularInline):
    """Adds and removes; an address is not edited, since its account would stay the old one.

    Who meets it at all is decided by `EstablishmentAdmin.get_inlines`.
    """

    model = Manager
    form = ManagerForm
    formset = ManagerFormSet
    extra = 0
    max_num = MANAGERS_AT_MOST
    show_title = False  # it would be the address again
    template_before = "admin/rooms/establishment/managers_note.html"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Whose an address is, if anybody's, is for those who meet all users anyway."""
        is_told = people.may_choose_owner(signed_in_user(request))
        return ("email", "state", "account") if is_told else ("email", "state")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("state", "account")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Manager]:
        return super().get_queryset(request).select_related("user")

    @display(description=_("account"), empty_value="–")
    def account(self, manager: Manager) -> str | None:
        return manager.user.get_username() if manager.user else None

    @display(description=_("state"))
    def state(self, manager: Manager) -> str:
        return describe_state(manager)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_add_permission = has_delete_permission = has_view_permission

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Establishment)
class EstablishmentAdmin(RemovalMixin, InvitationsMixin, DownloadMixin, ImportMixin, ScopedAdmin):
    actions = ("delete_selected",)
    list_filter = ("city",)
    search_fields = ("name", "city")
    list_select_related = ("owner",)
    ordering = ("name", "pk")  # repeated here: counting rooms drops the model's own

    def get_queryset(self, request: HttpRequest) -> QuerySet[Establishment]:
        return (
            super()
            .get_queryset(request)
            .annotate(room_count=Count("rooms", filter=Q(rooms__removed_at=None)))
        )

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Only who meets other users' names may look for them."""
        if not people.may_choose_owner(signed_in_user(request)):
            return self.search_fields
        return (*self.search_fields, *(f"owner__{field}" for field in PERSON_FIELDS))

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        if people.may_choose_owner(signed_in_user(request)):
            return ("name", "city", "owner_account", "room_count")
        return ("name", "city", "room_count")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only platform staff say who owns an establishment; others meet no user's name."""
        names = (
            ("name", "city", "owner")
            if people.may_choose_owner(signed_in_user(request))
            else ("name", "city")
        )
        return names if obj is None else (*names, "room_count")

    def get_inlines(self, request: HttpRequest, obj: Any) -> tuple[type[TabularInline], ...]:
        return (ManagerInline,) if people.may_choose_managers(signed_in_user(request), obj) else ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("room_count",) if obj is not None else ()

    @display(description=_("rooms"), ordering="room_count")
    def room_count(self, establishment: Any) -> SafeString:
        """A link to them."""
        rooms = reverse("admin:rooms_room_changelist")
        return format_html(
            '<a class="room-link" href="{}?establishment__id__exact={}">{}</a>',
            *(rooms, establishment.pk, establishment.room_count),
        )

    @display(description=_("owner"), ordering="owner")
    def owner_account(self, establishment: Establishment) -> str:
        owner = establishment.owner
        return str(owner) if owner.is_active else f"{owner} ({Owner.State.DEACTIVATED.label})"
