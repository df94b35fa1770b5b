"""Working through many rooms: publishing them at once, and going from one of a list to the next."""

from copy import copy
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from rooms.backends import signed_in_user
from rooms.models import Room
from rooms.services.lifecycle import publish


class ManyRoomsMixin:
    """For the admin of rooms. Django hands over no room that its user may not work on."""

    actions: tuple[str, ...] = ("publish", "unpublish")

    @admin.action(description=_("Publish the chosen rooms"), permissions=["change"])
    def publish(self, request: HttpRequest, rooms: QuerySet[Room]) -> None:
        count = publish(rooms, True, user=signed_in_user(request))
        said = ngettext("%(count)s room is published now.", "%(count)s rooms are published now.", count)
        _tell(request, said, count)

    @admin.action(description=_("Take the chosen rooms back from guests"), permissions=["change"])
    def unpublish(self, request: HttpRequest, rooms: QuerySet[Room]) -> None:
        count = publish(rooms, False, user=signed_in_user(request))
        said = ngettext(
            "%(count)s room is not published any more.", "%(count)s rooms are not published any more.", count
        )
        _tell(request, said, count)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        room = kwargs.get("obj")
        context["neighbours"] = self._find_neighbours(request, room) if room is not None else {}
        page: Any = super()
        answer: HttpResponse = page.render_change_form(request, context, *args, **kwargs)
        return answer

    def _find_neighbours(self, request: HttpRequest, room: Room) -> dict[str, Any]:
        """The place in the list somebody comes from, and the addresses of the rooms beside; {} without one.

        Of a list that the room has left since, as one that was mended does, the first one is the next.
        """
        pages: Any = self
        kept = pages.get_preserved_filters(request)
        if not kept or (ids := self._find_listed_ids(request)) is None:
            return {}
        place = ids.index(room.pk) if room.pk in ids else -1

        def address(wanted: int) -> str:
            if not 0 <= wanted < len(ids):
                return ""
            return f"{reverse('admin:rooms_room_change', args=(ids[wanted],))}?{kept}"

        return {
            "place": place + 1,
            "count": len(ids),
            "previous": address(place - 1),
            "next": address(place + 1),
        }

    def _find_listed_ids(self, request: HttpRequest) -> list[int] | None:
        """Of all rooms of the list whose filters the address keeps; None where they make no list."""
        pages: Any = self
        asked = copy(request)
        asked.GET = QueryDict(request.GET.get("_changelist_filters", ""))
        try:
            listed = pages.get_changelist_instance(asked)
        except IncorrectLookupParameters:
            return None
        return list(listed.queryset.values_list("pk", flat=True))


def _tell(request: HttpRequest, said: str, count: int) -> None:
    if count:
        messages.success(request, said % {"count": count})
    else:
        messages.info(request, _("Nothing to change: the chosen rooms are like that already."))
