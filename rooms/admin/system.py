"""The page "System" for platform staff, and the list of cleanups. Nobody changes anything here.

The page says what the disk holds, and the state of scheduled jobs; the list, what the cleanup did lately.
"""

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
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from backoffice import __version__
from rooms.admin.scope import ReadOnlyAdmin
from rooms.models import CleanupRun, Draft
from rooms.services import failures, figures
from rooms.services.cleanup import is_running, last_good_run_sentence

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
        "title": gettext("System"),
        "groups": [
            (gettext("Photos and disk"), list(_storage())),
            (gettext("What runs by itself"), list(_work())),
            (gettext("Versions"), list(_versions())),
        ],
    }
    return render(request, "admin/rooms/system.html", context)


def _storage() -> Iterator[Line]:
    for state, use in figures.photos_by_state().items():
        yield str(STATE_NAMES[state]), f"{number_format(use.photos)} · {filesizeformat(use.bytes)}"
    pending = figures.pending_by_kind()
    yield gettext("Files being made or about to be removed"), number_format(sum(pending.values()))
    growth = figures.bytes_since(timezone.now() - timedelta(days=GROWTH_DAYS)) / GROWTH_DAYS
    yield gettext("Growth a day, over 30 days"), filesizeformat(growth)
    if settings.AWS_STORAGE_BUCKET_NAME:
        return
    disk = shutil.disk_usage(_nearest(Path(settings.MEDIA_ROOT)))
    yield gettext("Disk in use"), f"{filesizeformat(disk.used)} / {filesizeformat(disk.total)}"
    yield gettext("Disk free"), filesizeformat(disk.free)
    if growth >= 1:
        yield gettext("Full, at this growth"), _tell_days(int(disk.free / growth))


def _tell_days(days: int) -> str:
    if days > FORESEEN_DAYS:
        return gettext("in more than ten years")
    return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": number_format(days)}


def _work() -> Iterator[Line]:
    yield gettext("Cleanup"), last_good_run_sentence(CleanupRun.objects.last_good_at())
    audit = CleanupRun.objects.filter(with_audit=True, finished_at__isnull=False).first()
    yield gettext("Last audit"), _tell_audit(audit)
    oldest = Draft.objects.open().filter(images__isnull=False).order_by("touched_at").first()
    yield gettext("Oldest unfinished room"), timesince(oldest.touched_at) if oldest else gettext("none")
    failed = failures.count_since(timezone.now() - timedelta(hours=1))
    yield gettext("Failed uploads in the last hour"), number_format(failed)


def _tell_audit(run: CleanupRun | None) -> str:
    if run is None or run.finished_at is None:
        return gettext("none yet")
    found = len(run.findings) + len(run.errors)
    text = ngettext("%(age)s ago, %(count)s finding", "%(age)s ago, %(count)s findings", found)
    return text % {"age": timesince(run.finished_at), "count": number_format(found)}


def _versions() -> Iterator[Line]:
    yield gettext("Room photos"), __version__
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


@admin.register(CleanupRun)
class CleanupRunAdmin(ReadOnlyAdmin):
    list_display = ("started_at", "state", "scope", "photo_count", "file_count", "volume", "duration")
    list_per_page = 50
    list_before_template = "admin/rooms/cleanuprun/last_good_run.html"
    list_display_links = ("started_at",)
    fields = ("started_at", "state_name", *list_display[2:], "error_list", "finding_list")
    readonly_fields = fields

    def last_good_run(self) -> str:
        """Stands above the list: a timer that stopped, or meets a stuck run again and again, shows."""
        return last_good_run_sentence(CleanupRun.objects.last_good_at())

    @display(
        description=_("state"),
        label={"finished": "success", "running": "info", "noted": "warning", "interrupted": "danger"},
    )
    def state(self, run: CleanupRun) -> tuple[str, Any]:
        if run.finished_at is not None and run.errors:
            return "noted", _("With errors")
        if run.finished_at is not None:
            return ("noted", _("With findings")) if run.findings else ("finished", _("Finished"))
        # Killed runs never finish; only the last one can still be at work.
        if run == CleanupRun.objects.first() and is_running():
            return "running", _("Running")
        return "interrupted", _("Interrupted")

    @display(description=_("state"))
    def state_name(self, run: CleanupRun) -> str:
        return self.state(run)[1]

    @display(description=_("taken"))
    def scope(self, run: CleanupRun) -> str:
        age = ngettext("untouched for %(days)s day", "untouched for %(days)s days", run.days)
        parts = [age % {"days": run.days} if run.days else _("of any age")]
        if run.with_audit:
            parts.append(_("with audit (forced)") if run.forced else _("with audit"))
        return ", ".join(map(str, parts))

    @display(description=_("photos"), ordering="photos")
    def photo_count(self, run: CleanupRun) -> str:
        return intcomma(run.photos)

    @display(description=_("files"), ordering="files")
    def file_count(self, run: CleanupRun) -> str:
        return intcomma(run.files)

    @display(description=_("size"), ordering="bytes")
    def volume(self, run: CleanupRun) -> str:
        return filesizeformat(run.bytes)

    @display(description=_("duration"))
    def duration(self, run: CleanupRun) -> str:
        if run.finished_at is None:
            return "–"
        seconds = max(0, round((run.finished_at - run.started_at).total_seconds()))
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        if hours:
            return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
        if minutes:
            return _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": seconds}
        return _("%(seconds)s s") % {"seconds": seconds} if seconds else str(_("less than 1 s"))

    @display(description=_("not removed"))
    def error_list(self, run: CleanupRun) -> str | SafeString:
        return _list(run.errors)

    @display(description=_("findings of the audit"))
    def finding_list(self, run: CleanupRun) -> str | SafeString:
        return _list(run.findings)


def _list(sentences: list[str]) -> str | SafeString:
    if not sentences:
        return "–"
    return format_html(
        '<ul class="list-disc pl-4 break-all">{}</ul>',
        format_html_join("", "<li>{}</li>", ((text,) for text in sentences)),
    )
