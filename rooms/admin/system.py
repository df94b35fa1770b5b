"""The page "System" for platform staff: what the disk holds, and the state of scheduled jobs."""

import platform
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import django
import PIL
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backoffice import __version__
from rooms.models import CleanupRun, Draft
from rooms.services import failures, figures
from rooms.services.cleanup import last_good_run_sentence

type Line = tuple[str, str]

GROWTH_DAYS: Final = 30
FORESEEN_DAYS: Final = 3650
STATE_NAMES: Final = {
    "attached": gettext_lazy("Photos in rooms"),
    "temporary": gettext_lazy("Photos of unfinished rooms"),
    "removed": gettext_lazy("Removed photos, which can be restored"),
}


def show(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("rooms.view_cleanuprun"):
        raise PermissionDenied
    context = {
        **admin.site.each_context(request),
        "title": _("System"),
        "groups": [
            (_("Photos and disk"), list(_storage())),
            (_("What runs by itself"), list(_work())),
            (_("Versions"), list(_versions())),
        ],
    }
    return render(request, "admin/rooms/system.html", context)


def _storage() -> Iterator[Line]:
    for state, use in figures.photos_by_state().items():
        yield str(STATE_NAMES[state]), f"{number_format(use.photos)} · {filesizeformat(use.bytes)}"
    pending = figures.pending_by_kind()
    yield _("Files being made or about to be removed"), number_format(sum(pending.values()))
    growth = figures.bytes_since(timezone.now() - timedelta(days=GROWTH_DAYS)) / GROWTH_DAYS
    yield _("Growth a day, over 30 days"), filesizeformat(growth)
    if settings.AWS_STORAGE_BUCKET_NAME:
        return
    disk = shutil.disk_usage(_nearest(Path(settings.MEDIA_ROOT)))
    yield _("Disk in use"), f"{filesizeformat(disk.used)} / {filesizeformat(disk.total)}"
    yield _("Disk free"), filesizeformat(disk.free)
    if growth >= 1:
        yield _("Full, at this growth"), _tell_days(int(disk.free / growth))


def _tell_days(days: int) -> str:
    if days > FORESEEN_DAYS:
        return _("in more than ten years")
    return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": number_format(days)}


def _work() -> Iterator[Line]:
    yield _("Cleanup"), last_good_run_sentence(CleanupRun.objects.last_good_at())
    audit = CleanupRun.objects.filter(with_audit=True, finished_at__isnull=False).first()
    yield _("Last audit"), _tell_audit(audit)
    oldest = Draft.objects.open().filter(images__isnull=False).order_by("touched_at").first()
    yield _("Oldest unfinished room"), timesince(oldest.touched_at) if oldest else _("none")
    failed = failures.count_since(timezone.now() - timedelta(hours=1))
    yield _("Failed uploads in the last hour"), number_format(failed)


def _tell_audit(run: CleanupRun | None) -> str:
    if run is None or run.finished_at is None:
        return _("none yet")
    found = len(run.findings) + len(run.errors)
    text = ngettext("%(age)s ago, %(count)s finding", "%(age)s ago, %(count)s findings", found)
    return text % {"age": timesince(run.finished_at), "count": number_format(found)}


def _versions() -> Iterator[Line]:
    yield _("Room photos"), __version__
    yield "Python", platform.python_version()
    yield "Django", django.get_version()
    yield "Pillow", PIL.__version__
    yield _database()


def _database() -> Line:
    if connection.vendor == "postgresql":
        version: Any = connection.pg_version  # type: ignore[attr-defined]
        return "PostgreSQL", f"{version // 10000}.{version % 10000}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()")
        return "SQLite", str(cursor.fetchone()[0])


def _nearest(folder: Path) -> Path:
    """Before the first photo there is no folder."""
    return next(place for place in (folder, *folder.parents) if place.exists())
