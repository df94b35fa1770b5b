"""The UNFOLD setting: the product's name, colours and sidebar. No other setting lives here."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


def _may(permission: str) -> Any:
    def check(request: HttpRequest) -> bool:
        return request.user.has_perm(permission)

    return check


UNFOLD = {
    "SITE_TITLE": _("Room photos"),
    "SITE_HEADER": _("Room photos"),
    "SITE_SUBHEADER": _("Manage your establishments"),
    "SITE_SYMBOL": "photo_library",
    "SITE_URL": None,
    "SHOW_LANGUAGES": True,
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": "8px",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("admin/rooms/icon.svg")}
    ],
    "STYLES": [
        lambda request: static("admin/rooms/site.css"),
        lambda request: static("admin/rooms/room_list.css"),
    ],
    "SCRIPTS": [lambda request: static("admin/rooms/site.js")],
    "DASHBOARD_CALLBACK": "rooms.admin.start_page.prepare",
    "COLORS": {
        # Unfold's own is too pale for small text on grey.
        "base": {"500": "oklch(52% .027 264.364)"},
        # A sea green: calm beside photos, and 4.5:1 or more on white from 600 on.
        "primary": {
            "50": "oklch(98.2% .018 180)",
            "100": "oklch(95% .05 180)",
            "200": "oklch(90% .09 181)",
            "300": "oklch(84% .12 182)",
            "400": "oklch(76% .13 183)",
            "500": "oklch(65% .115 185)",
            "600": "oklch(51% .092 187)",
            "700": "oklch(44% .078 189)",
            "800": "oklch(38% .064 191)",
            "900": "oklch(33% .053 193)",
            "950": "oklch(25% .045 195)",
        },
    },
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [
            {
                "title": _("Establishments and rooms"),
                "items": [
                    {
                        "title": _("Establishments"),
                        "icon": "apartment",
                        "link": reverse_lazy("admin:rooms_establishment_changelist"),
                        "permission": _may("rooms.view_establishment"),
                    },
                    {
                        "title": _("Rooms"),
                        "icon": "bed",
                        "link": reverse_lazy("admin:rooms_room_changelist"),
                        "permission": _may("rooms.view_room"),
                    },
                    {"title": _("Help"), "icon": "help", "link": reverse_lazy("help")},
                ],
            },
            {
                "title": _("Platform"),
                "separator": True,
                "items": [
                    {
                        "title": _("Owner accounts"),
                        "icon": "key",
                        "link": reverse_lazy("admin:rooms_owner_changelist"),
                        "permission": _may("rooms.view_owner"),
                    },
                    {
                        "title": _("Users"),
                        "icon": "group",
                        "link": reverse_lazy("admin:auth_user_changelist"),
                        "permission": _may("auth.view_user"),
                    },
                    {
                        "title": _("Groups"),
                        "icon": "shield_person",
                        "link": reverse_lazy("admin:auth_group_changelist"),
                        "permission": _may("auth.view_group"),
                    },
                    {
                        "title": _("Channels"),
                        "icon": "campaign",
                        "link": reverse_lazy("admin:rooms_channel_changelist"),
                        "permission": _may("rooms.view_channel"),
                    },
                    {
                        "title": _("Cleanups"),
                        "icon": "cleaning_services",
                        "link": reverse_lazy("admin:rooms_cleanuprun_changelist"),
                        "permission": _may("rooms.view_cleanuprun"),
                    },
                    {
                        "title": _("System"),
                        "icon": "monitor_heart",
                        "link": reverse_lazy("system"),
                        "permission": _may("rooms.view_cleanuprun"),
                    },
                    {
                        "title": _("Activity"),
                        "icon": "history",
                        "link": reverse_lazy("admin:rooms_activity_changelist"),
                        "permission": _may("rooms.view_activity"),
                    },
                    {
                        "title": _("Failed uploads"),
                        "icon": "report",
                        "link": reverse_lazy("admin:rooms_uploadfailure_changelist"),
                        "permission": _may("rooms.view_uploadfailure"),
                    },
                ],
            },
        ],
    },
}
