"""What forms of the gallery carry: the fields of one photo, and how a posted gallery is read."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from rooms.limits import CAPTION_MAX_CHARS
from rooms.models import RoomImage
from rooms.services.gallery import Edit


class PhotoForm(forms.ModelForm):
    """One card of the gallery. Each value travels with the one the page was given, see `gallery.merge`."""

    caption = forms.CharField(
        label=_("Caption"),
        required=False,
        max_length=CAPTION_MAX_CHARS,
        show_hidden_initial=True,
        widget=UnfoldAdminTextInputWidget(attrs={"data-caption": "", "autocomplete": "off"}),
    )
    order = forms.IntegerField(required=False, min_value=0, show_hidden_initial=True)

    class Meta:
        model = RoomImage
        fields = ("caption", "order")


def read_edits(data: Mapping[str, Any], prefix: str) -> list[Edit]:
    """What the posted forms of a gallery say; forms that name no photo or no whole numbers are left out."""
    total = _number(data.get(f"{prefix}-TOTAL_FORMS")) or 0
    edits = (_read_edit(data, prefix, index) for index in range(min(total, 100)))
    return [edit for edit in edits if edit is not None]


def _read_edit(data: Mapping[str, Any], prefix: str, index: int) -> Edit | None:
    def posted(field: str) -> Any:
        return data.get(f"{prefix}-{index}-{field}")

    def given(field: str) -> Any:
        return data.get(f"initial-{prefix}-{index}-{field}")

    photo_id = _number(posted("id"))
    if photo_id is None:
        return None
    old_caption = given("caption") or ""
    new_caption = posted("caption")
    old_order, new_order = _number(given("order")) or 0, _number(posted("order"))
    return Edit(
        photo_id=photo_id,
        captions=(old_caption, old_caption if new_caption is None else new_caption.strip()),
        orders=(old_order, old_order if new_order is None else new_order),
        is_removed=bool(posted("DELETE")),
    )


def _number(text: Any) -> int | None:
    return (
        int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 19 else None
    )
