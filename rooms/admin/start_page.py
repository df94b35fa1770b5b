"""The start page: for owners their rooms and what these need, for platform staff what there is to do."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from rooms.admin.rooms import tell_how_to_begin
from rooms.backends import signed_in_user
from rooms.models import Activity, Channel, CleanupRun, Room, people
from rooms.services import failures, figures, lifecycle, overview, readiness

CARDS: Final = 12
DEEDS: Final = 8
TRACKED_DAYS: Final = 30
UNFINISHED_AT_MOST: Final = 3
_CAME: Final = ngettext_lazy(
    "%(total)s photo came in 30 days, %(today)s of them today.",
    "%(total)s photos came in 30 days, %(today)s of them today.",
    "number",
)
_FAILED: Final = ngettext_lazy(
    "%(total)s upload failed in 30 days, %(today)s of them today.",
    "%(total)s uploads failed in 30 days, %(today)s of them today.",
    "number",
)


@dataclass(frozen=True)
class Figure:
    """A number, as `[data-figure]` names it; `shown` is how people read it, `url` the list behind it."""

    name: str
    label: str | Promise
    value: int
    url: str = ""
    shown: str = ""
    is_call: bool = False

    @property
    def text(self) -> str:
        return self.shown or number_format(self.value, force_grouping=True)


def prepare(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Adds to the context of Unfold's start page, whose setting names this function."""
    user = signed_in_user(request)
    greeting = gettext("Hello %(name)s") % {"name": user.get_short_name() or user.get_username()}
    context |= {"title": gettext("Home"), "greeting": greeting}
    if not user.has_perm("rooms.view_room"):
        return context
    if people.sees_everything(user):
        context |= _for_staff() | {"dashboard": "staff"}
    else:
        context |= _for_owner(user) | {"dashboard": "owner"}
    if not context["figures"][0].value:  # no room
        tell_how_to_begin(request)
    return context


def _rooms(query: str = "") -> str:
    return reverse("admin:rooms_room_changelist") + query


def _for_owner(user: Any) -> dict[str, Any]:
    rooms: Any = Room.objects.for_user(user)
    channels = readiness.find_channels()
    found = figures.count_rooms(rooms, channels)
    unfinished = figures.count_unfinished(user)
    return {
        "figures": [*_room_figures(found), _unfinished(unfinished)],
        "cards": _find_cards(rooms, channels),
        "photo_limit": settings.ROOM_PHOTO_MAX_COUNT,
        "unfinished": lifecycle.find_abandoned(user)[:UNFINISHED_AT_MOST] if unfinished else [],
        "may_add": user.has_perm("rooms.add_room"),
    }


def _find_cards(rooms: Any, channels: list[Channel]) -> list[Room]:
    """Those with the fewest photos first: there is most to do."""
    shown = rooms.select_related("establishment").defer("description")
    cards = list(shown.order_by(overview.count_of_photos(), "name", "pk")[:CARDS])
    found = overview.find_overviews([room.pk for room in cards], channels)
    for room in cards:
        room.overview = found[room.pk]
    return cards


def _for_staff() -> dict[str, Any]:
    channels = readiness.find_channels()
    rooms = figures.count_rooms(Room.objects.all(), channels)
    failed = _failures()
    return {
        "figures": [*_room_figures(rooms, for_staff=True), *_photo_figures(), failed, *_cleanup_figure()],
        "failures_today": failures.sentence_of_today() if failed.value else "",
        "channels": [_describe_channel(channel, rooms) for channel in channels],
        "uploads": _track_uploads(),
        "failed": _track_failures(),
        "deeds": Activity.objects.order_by("-pk")[:DEEDS],
    }


def _room_figures(found: figures.RoomFigures, *, for_staff: bool = False) -> list[Figure]:
    published = Figure(
        "published-without-photo",
        _("published without a photo"),
        found.published_without_photo,
        _rooms("?photos=none&published__exact=1"),
        is_call=True,
    )
    return [
        Figure("rooms", _("rooms"), found.rooms, _rooms()),
        *([published] if for_staff else []),
        Figure(
            "rooms-without-photo",
            _("without a photo"),
            found.without_photo,
            _rooms("?photos=none"),
            is_call=True,
        ),
        Figure(
            "rooms-not-ready",
            _("not ready for a channel"),
            found.not_ready,
            _rooms("?ready=no"),
            is_call=True,
        ),
        Figure(
            "rooms-with-advice",
            _("with advice on photos"),
            found.with_advice,
            _rooms("?advice=any"),
            is_call=True,
        ),
    ]


def _unfinished(count: int) -> Figure:
    url = reverse("admin:rooms_room_add") if count else ""
    return Figure("unfinished", _("unfinished rooms"), count, url, is_call=True)


def _photo_figures() -> list[Figure]:
    found = figures.photos_by_state()
    attached, temporary = found["attached"], found["temporary"]
    return [
        Figure("photos", _("photos in rooms"), attached.photos),
        _size("photo-bytes", _("size of photos in rooms"), attached.bytes),
        Figure("temporary-photos", _("photos of unfinished rooms"), temporary.photos),
        _size("temporary-bytes", _("size of unfinished rooms"), temporary.bytes),
        Figure("removed-photos", _("removed photos, kept for a while"), found["removed"].photos),
    ]


def _size(name: str, label: str | Promise, size_bytes: int) -> Figure:
    return Figure(name, label, size_bytes, shown=filesizeformat(size_bytes))


def _failures() -> Figure:
    count = failures.count_since(timezone.now() - timedelta(hours=24))
    url = reverse("admin:rooms_uploadfailure_changelist")
    return Figure("failures-24h", _("failed uploads in 24 hours"), count, url, is_call=True)


def _cleanup_figure() -> list[Figure]:
    """None before the first run."""
    last = CleanupRun.objects.last_good_at()
    if last is None:
        return []
    hours = int((timezone.now() - last).total_seconds() // 3600)
    shown = ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    url = reverse("admin:rooms_cleanuprun_changelist")
    return [Figure("hours-since-cleanup", _("since the last cleanup"), hours, url, shown)]


def _describe_channel(channel: Channel, found: figures.RoomFigures) -> dict[str, Any]:
    ready = found.ready_by_channel[channel.slug]
    return {
        "channel": channel,
        "ready": ready,
        "rooms": found.rooms,
        "url": _rooms(f"?channel={channel.slug}&ready=no"),
    }


def _track_uploads() -> dict[str, Any]:
    days = figures.count_uploads_by_day(TRACKED_DAYS)
    return _track(days, "bg-primary-600 dark:bg-primary-500", _CAME)


def _track_failures() -> dict[str, Any]:
    by_day = failures.count_by_day(TRACKED_DAYS).items()
    return _track([(day, sum(by_code.values())) for day, by_code in by_day], "bg-red-500", _FAILED)


def _track(days: list[tuple[date, int]], colour: str, sentence: Any) -> dict[str, Any]:
    """A cell a day for Unfold's `tracker`, and a sentence for those who do not see it."""
    cells = [
        {
            "tooltip": f"{date_format(day, 'SHORT_DATE_FORMAT')} · {number_format(count)}",
            "color": colour if count else "",
        }
        for day, count in days
    ]
    total, today = sum(count for _day, count in days), days[-1][1]
    shown = {"number": total, "total": number_format(total), "today": number_format(today)}
    return {"cells": cells, "sentence": sentence % shown}
