"""`manage.py cleanup_temp_images`: what a scheduler starts to keep the storage clean."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from tqdm import tqdm

from rooms.services.cleanup import Report, clean_up, clean_up_alone

NOT_REMOVED, REFUSED = 1, 2  # exit statuses


class Command(BaseCommand):
    help = gettext_lazy(
        "Removes photos that were never attached to a room and files that interrupted uploads left behind."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--days", type=int, default=1, help=_("Take what was not touched for more than this many days.")
        )
        parser.add_argument("--dry-run", action="store_true", help=_("Say what would go; change nothing."))
        parser.add_argument("--json", action="store_true", help=_("Print one JSON object."))
        parser.add_argument(
            "--audit",
            action="store_true",
            help=_("Look through the whole storage for files that no photo has, and photos without files."),
        )
        parser.add_argument(
            "--force", action="store_true", help=_("With --audit: remove such files even if they are many.")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 <= options["days"] <= 36500:
            raise CommandError(_("--days must be a number from 0 to 36500."))
        days, how = options["days"], {"audit": options["audit"], "force": options["force"]}
        with Bar(is_quiet=options["json"]) as bar:
            if options["dry_run"]:
                report = clean_up(days, dry_run=True, progress=bar, **how)
            else:
                report = clean_up_alone(days, progress=bar, **how)
        if report is None:
            report = Report(dry_run=False, days=days)
            self.stderr.write(_("Another cleanup is at work: nothing was done."))
            if options["json"]:
                self.stdout.write(json.dumps(report.to_json()))
            return
        self._tell(report, as_json=options["json"])
        if report.audit and report.audit.refused:
            raise SystemExit(REFUSED)
        if report.errors:
            raise SystemExit(NOT_REMOVED)

    def _tell(self, report: Report, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report.to_json()))
        else:
            for sentence in _sentences(report):
                self.stdout.write(sentence)
        # Where a scheduler or a person finds what needs them.
        for problem in (*report.errors.closed(), report.audit.refused if report.audit else ""):
            if problem:
                self.stderr.write(problem)


class Bar:
    """A bar on a terminal; in a log nothing."""

    def __init__(self, *, is_quiet: bool) -> None:
        self.is_quiet = is_quiet
        self.bar: Any = None

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *args: object) -> None:
        if self.bar is not None:
            self.bar.close()

    def begin(self, what: str, total: int) -> None:
        self.__exit__()
        # disable=None: only where there is a terminal.
        is_disabled = True if self.is_quiet else None
        self.bar = tqdm(desc=what, total=total, disable=is_disabled, leave=False, file=sys.stderr)

    def advance(self) -> None:
        self.bar.update()


def _sentences(report: Report) -> list[str]:
    text = (
        _("Would remove %(photos)s photos and %(files)s files (%(bytes)s).")
        if report.dry_run
        else _("Removed %(photos)s photos and %(files)s files (%(bytes)s).")
    )
    figures = {"photos": report.photos, "files": report.files, "bytes": filesizeformat(report.bytes)}
    return [text % figures, *(_audit_sentences(report) if report.audit else ())]


def _audit_sentences(report: Report) -> list[str]:
    audit = report.audit
    text = _(
        "Looked at %(scanned)s files: %(unknown)s of no photo (%(bytes)s); %(missing)s photos with faults."
    )
    figures = {
        "scanned": audit.scanned_files,
        "unknown": audit.unknown_count,
        "bytes": filesizeformat(audit.unknown_bytes),
        "missing": audit.missing.total,
    }
    unknown = (_("%(name)s belongs to no photo.") % {"name": name} for name in audit.unknown_files)
    return [text % figures, *unknown, *audit.missing.closed(), *audit.left_alone.closed()]
