"""The page "Help": what owners do with their photos, and what platform staff look after."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.templatetags.static import static
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

type Chapter = tuple[str, str]


def show(request: HttpRequest) -> HttpResponse:
    groups = [(_("Your photos"), list_for_owners())]
    if request.user.has_perm("rooms.view_cleanuprun"):
        groups = [(_("The platform"), list_for_staff()), (_("What owners do"), list_for_owners())]
    language = "fr" if (get_language() or "").startswith("fr") else "en"
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Help"),
        "groups": groups,
        "picture": static(f"admin/rooms/help/gallery-{language}.webp"),
    }
    return render(request, "admin/rooms/help.html", context)


def list_for_owners() -> list[Chapter]:
    limits: dict[str, Any] = {
        "count": settings.ROOM_PHOTO_MAX_COUNT,
        "size": filesizeformat(settings.ROOM_PHOTO_MAX_BYTES),
        "days": settings.ROOM_PHOTO_RESTORABLE_DAYS,
    }
    return [
        (
            _("Add photos"),
            _(
                "Open a room. Drop photos into its gallery, paste them, or choose them. "
                "JPEG, PNG, GIF and WebP are taken. Limits: %(count)s for a room, %(size)s each."
            )
            % limits,
        ),
        (
            _("Arrange them"),
            _(
                "Drag a photo, or use its buttons. The first one is the cover. "
                "Each photo can be turned, replaced, moved to another room, and given a caption."
            ),
        ),
        (
            _("Take something back"),
            ngettext(
                "What you did to photos can be undone at once. "
                "A removed photo or room can be restored for %(days)s day.",
                "What you did to photos can be undone at once. "
                "A removed photo or room can be restored for %(days)s days.",
                limits["days"],
            )
            % limits,
        ),
        (
            _("Make photos better"),
            _(
                "Advice names photos that are dark, blurred, small or there twice. You may keep them anyway. "
                "The lines under a gallery say what each booking site still asks for."
            ),
        ),
        (
            _("Go on later"),
            _("Photos of a room that you have not saved wait for you. The page for a new room offers them."),
        ),
        (
            _("Many photos at once"),
            _(
                "The page of an establishment takes folders and ZIP files with a folder for each room. "
                "It offers all its photos as a ZIP file, too."
            ),
        ),
        (
            _("Work together"),
            _(
                "Invite managers on the page of your establishment. "
                "They do with its rooms and photos what you do."
            ),
        ),
    ]


def list_for_staff() -> list[Chapter]:
    return [
        (
            _("Add an owner"),
            _(
                "“Owner accounts” takes a name, an e-mail address and an establishment. "
                "The owner gets a link to choose a password, or you hand it over."
            ),
        ),
        (
            _("Find galleries that lack something"),
            _("The start page counts them. Each figure leads to the list of these rooms."),
        ),
        (
            _("Help somebody whose upload failed"),
            _("“Failed uploads” says who met which problem. “Activity” says who did what, and when."),
        ),
        (
            _("Keep an eye on the storage"),
            _(
                "“System” shows the disk and the last cleanup. A cleanup runs every hour: "
                "where the last one is two days old, tell whoever runs the server."
            ),
        ),
        (
            _("Keep the wishes of booking sites true"),
            _("“Channels” holds what each site asks of photos. What rooms still lack follows at once."),
        ),
    ]
