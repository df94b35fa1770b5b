"""The rows of the rooms list. They are most of its page, and a template takes many times as long for them."""

import functools
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rooms.models import Room
from rooms.services.overview import Overview

_ROW: Final = """\
<tr class="data-row" data-room="{pk}">
{box}<td class="field-cover">{cover}</td>
<th class="field-title" scope="row"><a href="{address}">{label}</a>\
<span class="room-hint">{establishment}</span><span class="room-hint">{kind}</span></th>
<td class="field-photos">{photos} / {limit}\
<progress class="room-bar" value="{photos}" max="{limit}" aria-hidden="true"></progress></td>
<td class="field-channels">{channels}</td>
<td class="field-advice">{advice}</td>
<td class="field-changed">{changed}</td>
<td class="field-state"><span class="room-state" data-published="{published}">{state}</span></td>
</tr>
"""
_BOX: Final = """\
<td class="action-checkbox"><input type="checkbox" name="_selected_action" value="{}" class="action-select" \
aria-label="{}"></td>
"""
_COVER: Final = (
    '<img class="room-cover" src="{}" alt="" width="96" height="64" loading="lazy" decoding="async">'
)
_NO_COVER: Final = '<span class="room-cover room-cover--none" role="img" aria-label="{}"></span>'
_READY: Final = '<span class="room-mark" data-ready="true">{} <strong title="{}">✓</strong></span> '
_NOT_READY: Final = '<span class="room-mark" data-ready="false">{} <strong>{}</strong></span> '


class RoomRows:
    """Draws the rows of one page: what they share is found once.

    `page_suffix` is what the address of a room's page keeps of the list.
    """

    def __init__(self, page_suffix: str, *, is_choosable: bool) -> None:
        self._page_suffix, self._is_choosable = page_suffix, is_choosable
        self._list = reverse("admin:rooms_room_changelist")
        self._kinds = {value: str(label) for value, label in Room.Kind.choices}
        self._no_cover = format_html(_NO_COVER, _("No photo"))
        self._choose, self._published, self._hidden = (
            _("Choose this room"),
            _("Published"),
            _("Not published"),
        )
        self._with_advice, self._without_caption = _("with advice"), _("without caption")
        # Many rooms of a page are alike.
        self._draw_mark = functools.cache(_draw_mark)
        self._draw_day = functools.cache(_draw_day)

    def draw(self, room: Any) -> SafeString:
        """A row, of a room with its `overview` and its `price`."""
        found: Overview = room.overview
        kind = self._kinds.get(room.kind, room.kind)
        return format_html(
            _ROW,
            pk=room.pk,
            box=format_html(_BOX, room.pk, self._choose) if self._is_choosable else "",
            cover=format_html(_COVER, found.cover.thumbnail_url) if found.cover else self._no_cover,
            address=f"{self._list}{room.pk}/change/{self._page_suffix}",
            label=room.label,
            establishment=room.establishment.name,
            kind=f"{kind} · {room.price}" if room.price else kind,
            photos=found.photo_count,
            limit=settings.ROOM_PHOTO_MAX_COUNT,
            channels=SafeString(
                "".join([self._draw_mark(one.channel.name, one.count) for one in found.channels])
            ),
            advice=self._draw_advice(found),
            changed=self._draw_day(timezone.localdate(room.updated_at)),
            published="true" if room.published else "false",
            state=self._published if room.published else self._hidden,
        )

    def _draw_advice(self, found: Overview) -> SafeString:
        said = (
            (found.advised_count, self._with_advice),
            (found.without_caption_count, self._without_caption),
        )
        return format_html_join("", "<span>{} {}</span>", [one for one in said if one[0]])


def _draw_mark(channel: str, needs: int) -> SafeString:
    return format_html(_NOT_READY, channel, needs) if needs else format_html(_READY, channel, _("ready"))


def _draw_day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
