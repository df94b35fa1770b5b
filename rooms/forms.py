"""Forms of pages that stay open while others work. They write only what was changed in them."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from django import forms
from django.db.models import Model
from django.http import Http404
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rooms.limits import CAPTION_MAX_CHARS
from rooms.models import RoomImage
from rooms.services.history import in_words

# A gallery shows far fewer cards; what a page numbers higher is not looked for.
CARDS_MAX_COUNT: Final = 100
LAST_PLACE: Final = 10**6


class MergingForm(forms.ModelForm):
    """A form that may be older than what is saved.

    Each value travels with the one the page was given (`show_hidden_initial`); one that comes alone is
    compared with what is saved. What was not changed in the form stays as it is saved. What both changed
    is an error of its field that shows both; sent again, the form's own value stands. `saved` is the row
    as it was under the lock.
    """

    saved: Model

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            return
        for name in self.merged_names():
            self.fields[name].show_hidden_initial = True
        if self.is_bound:
            self.data: Any = self.data.copy()
            for name in self.merged_names():
                self.data.setdefault(self[name].html_initial_name, self._as_given(name, self.instance))

    def merged_names(self) -> list[str]:
        return [name for name in self.fields if name in self.initial]

    def get_saved(self) -> Model:
        """The row as it is now, locked until the transaction ends; 404 where it is gone."""
        rows: Any = type(self.instance)._default_manager
        saved: Model | None = rows.select_for_update(of=("self",)).filter(pk=self.instance.pk).first()
        if saved is None:
            raise Http404
        return saved

    @cached_property
    def changed_data(self) -> list[str]:
        """A value that came back as it was given is unchanged, also where it could not be chosen any more."""
        names: list[str] = super().changed_data
        return [name for name in names if not self._came_back_as_given(name)]

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.instance._state.adding:
            self.saved = self.get_saved()
            for name in self.merged_names():
                self._merge(name, self.saved)
        return self.cleaned_data

    def _merge(self, name: str, saved: Model) -> None:
        bound, shown = self[name], self._as_given(name, saved)
        given = self.data[bound.html_initial_name]
        if name in self.changed_data and not bound.field.has_changed(self._value_of(name, saved), bound.data):
            self.changed_data.remove(name)  # both came to the same
        if name not in self.changed_data:
            self.errors.pop(name, None)
            self.cleaned_data[name] = getattr(saved, name)
        elif _in_one_spelling(given) != _in_one_spelling(shown):
            self.data[bound.html_initial_name] = shown
            self.add_error(name, self._describe_conflict(name, saved))

    def _came_back_as_given(self, name: str) -> bool:
        bound = self[name]
        given = self.data.get(bound.html_initial_name) if bound.field.show_hidden_initial else None
        return given is not None and given == self.data.get(bound.html_name)

    def _describe_conflict(self, name: str, saved: Model) -> str:
        field, cleaned = saved._meta.get_field(name), self.cleaned_data
        return _(
            "Meanwhile it was changed to “%(theirs)s”. Yours is “%(yours)s”: save again to keep yours."
        ) % {
            "theirs": in_words(getattr(saved, name), field),
            "yours": in_words(cleaned[name], field) if name in cleaned else self[name].data,
        }

    def _as_given(self, name: str, row: Model) -> str:
        """What a page is given in the hidden field beside the one that is shown."""
        field = self.fields[name]
        value = field.prepare_value(self._value_of(name, row))
        return field.hidden_widget().format_value(value) or ""

    def _value_of(self, name: str, row: Model) -> Any:
        return forms.model_to_dict(row, [name])[name]


class PlaceField(forms.IntegerField):
    """The place of a photo. What is no number says nothing about it."""

    def to_python(self, value: Any) -> int | None:
        try:
            place = super().to_python(value)
        except forms.ValidationError:
            return None
        return place if place is not None and 0 <= place <= LAST_PLACE else None


class PhotoForm(MergingForm):
    """One card of the gallery."""

    caption = forms.CharField(
        label=gettext_lazy("Caption"),
        required=False,
        max_length=CAPTION_MAX_CHARS,
        show_hidden_initial=True,
        widget=forms.Textarea(attrs={"data-caption": "", "autocomplete": "off", "cols": False, "rows": 3}),
    )
    order = PlaceField(required=False, show_hidden_initial=True)

    class Meta:
        model = RoomImage
        fields = ("caption", "order")

    def clean_caption(self) -> str:
        """A caption is one line, however many its field shows."""
        return " ".join(self.cleaned_data["caption"].splitlines())

    def merged_names(self) -> list[str]:
        return ["caption"]  # of the order as a whole `match_cards` decides

    def get_saved(self) -> Model:
        saved: Model = self.instance  # read under the gallery's lock
        return saved


def match_cards(data: Mapping[str, Any], prefix: str, photos: Sequence[RoomImage]) -> dict[str, Any]:
    """What a page posted about `photos`, under the numbers they have by now: a formset's data.

    Cards of photos that are gone are left out. A photo that came after the page has a card that says
    nothing. A page that knows another order than the present one arranges nothing.
    """
    numbers = {data.get(f"{prefix}-{number}-id"): number for number in range(CARDS_MAX_COUNT)}
    cards = [(photo, numbers.get(str(photo.pk), -1)) for photo in photos]
    knows_the_order = all(
        data.get(f"initial-{prefix}-{number}-order", str(photo.order) if number >= 0 else "")
        == str(photo.order)
        for photo, number in cards
    )
    matched: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": len(cards), f"{prefix}-INITIAL_FORMS": len(cards)}
    for place, (photo, number) in enumerate(cards):
        posted, given = f"{prefix}-{number}", f"{prefix}-{place}"
        caption = data.get(f"initial-{posted}-caption", photo.caption)
        matched |= {
            f"{given}-id": str(photo.pk),
            f"initial-{given}-caption": caption,
            f"{given}-caption": data.get(f"{posted}-caption", caption),
            f"initial-{given}-order": photo.order,
            f"{given}-order": data.get(f"{posted}-order", photo.order) if knows_the_order else photo.order,
        }
        if data.get(f"{posted}-DELETE"):
            matched[f"{given}-DELETE"] = "on"
    return matched


def _in_one_spelling(text: str) -> str:
    """A browser sends each line's end as CRLF, and trims nothing."""
    return normalize_newlines(text).strip()
