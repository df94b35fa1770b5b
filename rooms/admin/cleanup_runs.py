"""What the cleanup did lately, for platform staff to read. Nobody changes anything here."""

from typing import Any

from django.contrib import admin
from django.contrib.humanize.templatetags.humanize import intcomma
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from rooms.admin.scope import ReadOnlyAdmin
from rooms.models import CleanupRun
from rooms.services.cleanup import is_running, last_good_run_sentence


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
