"""Booking channels: what each asks of photos. Staff keep the figures true."""

from dataclasses import asdict
from itertools import batched
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpRequest
from django.template.defaultfilters import date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override as language
from unfold.decorators import display
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminURLInputWidget

from rooms.admin.scope import GuardedAdmin
from rooms.forms import MergingForm
from rooms.models import Channel, RoomImage
from rooms.models.channel import FRESH_DAYS
from rooms.services import history

Kind = RoomImage.Kind
NEEDS: Final = {f"needs_{kind.value}": kind for kind in Kind}


def _number(kind: Kind) -> forms.IntegerField:
    return forms.IntegerField(
        label=kind.label,
        min_value=0,
        max_value=100,
        required=False,
        show_hidden_initial=True,
        widget=UnfoldAdminIntegerFieldWidget,
    )


class ChannelForm(MergingForm):
    """What a channel wants to see, as a number beside each kind of photo.

    Of two people who change the same number the later one's stands.
    """

    # Named here only because Django 5.2 warns of the scheme that it would assume.
    source = forms.URLField(
        label=_("Source"),
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget,
    )
    needs_room = _number(Kind.ROOM)
    needs_bed = _number(Kind.BED)
    needs_bathroom = _number(Kind.BATHROOM)
    needs_view = _number(Kind.VIEW)
    needs_balcony = _number(Kind.BALCONY)
    needs_kitchen = _number(Kind.KITCHEN)
    needs_living = _number(Kind.LIVING)
    needs_amenity = _number(Kind.AMENITY)
    needs_outside = _number(Kind.OUTSIDE)
    needs_other = _number(Kind.OTHER)

    class Meta:
        model = Channel
        fields = (
            *("name", "slug", "active", "min_photos", "min_width", "min_height", "recommended_side"),
            *("max_bytes", "landscape", "source", "checked_on", "note"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, number in _numbers(self.instance).items():
            self.initial[f"needs_{kind}"] = number
        if self.is_bound and self.instance.pk:
            for name in NEEDS:
                self.data.setdefault(self[name].html_initial_name, self.initial.get(name, ""))

    def merged_names(self) -> list[str]:
        return [name for name in super().merged_names() if name not in NEEDS]

    def save(self, commit: bool = True) -> Channel:
        numbers = _numbers(getattr(self, "saved", self.instance))
        numbers |= {NEEDS[name]: self.cleaned_data[name] or 0 for name in self.changed_data if name in NEEDS}
        ordered = ((kind.value, numbers.get(kind)) for kind in Kind)
        self.instance.needs = [{"kind": kind, "number": number} for kind, number in ordered if number]
        channel: Channel = super().save(commit)
        return channel


def _numbers(channel: Any) -> dict[str, int]:
    return {need["kind"]: need["number"] for need in channel.needs}


@admin.register(Channel)
class ChannelAdmin(GuardedAdmin):
    form = ChannelForm
    list_display = ("name", "active", "photos", "size", "checked", "freshness")
    list_filter = ("active",)
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": (("name", "slug"), "active")}),
        (
            _("Photos of a room"),
            {
                "description": _("0 or empty: no rule. Rules are advice: nobody is kept from anything."),
                "fields": (
                    ("min_photos", "recommended_side"),
                    ("min_width", "min_height"),
                    ("max_bytes", "landscape"),
                ),
            },
        ),
        (_("Must show, at least so many photos each"), {"fields": tuple(batched(NEEDS, 2))}),
        (_("Where it is written"), {"fields": ("source", "checked_on", "freshness_name", "note")}),
    )

    @display(description=_("photos"), ordering="min_photos", empty_value="–")
    def photos(self, channel: Channel) -> int | None:
        return channel.min_photos or None

    @display(description=_("pixels at least"), ordering="min_width", empty_value="–")
    def size(self, channel: Channel) -> str | None:
        if not channel.min_width and not channel.min_height:
            return None
        sides = (channel.min_width, channel.min_height)
        return " × ".join(intcomma(side_px) for side_px in sides if side_px)

    @display(description=_("checked on"), ordering="checked_on", empty_value="–")
    def checked(self, channel: Channel) -> str | None:
        return date(channel.checked_on, "SHORT_DATE_FORMAT") or None

    @display(description=_("figures"), label={"fresh": "success", "stale": "warning"})
    def freshness(self, channel: Channel) -> tuple[str, Any]:
        if channel.pk is None or not channel.is_stale:
            return "fresh", _("Up to date")
        return "stale", _("Not checked for %(days)s days: look again") % {"days": FRESH_DAYS}

    @display(description=_("figures"))
    def freshness_name(self, channel: Channel) -> str:
        return str(self.freshness(channel)[1])

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The short name of a new channel can be chosen: other programs know one by it."""
        return ("freshness_name",) if obj is None else ("freshness_name", "slug")

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj is not None else self.prepopulated_fields

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, Any]]:
        """With the values before and after, also of what the channel must show."""
        message = super().construct_change_message(request, form, formsets, add)
        if add or not form.changed_data:
            return message
        own = [name for name in form.changed_data if name not in NEEDS]
        entry = history.describe_changes(form.saved, form.instance, own)
        before, after = _numbers(form.saved), _numbers(form.instance)
        with language(None):  # kept untranslated, as the others
            changed = {str(kind.label): kind for kind in Kind if before.get(kind) != after.get(kind)}
        entry["changed"]["fields"] += changed
        entry["changed"]["values"] += [
            asdict(history.Value(label, str(before.get(kind, 0)), str(after.get(kind, 0))))
            for label, kind in changed.items()
        ]
        return [entry]
