"""`manage.py cleanup_temp_images`: the cleanup that a scheduler starts."""

import json
import sys
from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from tqdm import tqdm

from rooms.services.cleanup import Progress, Report, clean_up, clean_up_alone, last_good_run_sentence
from rooms.services.cleanup.audit import Audit

NOT_REMOVED, REFUSED = 1, 2  # exit statuses


class Command(BaseCommand):
    help: Any = gettext_lazy(
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
        # A bar on a terminal; in a log nothing.
        with tqdm(disable=True if options["json"] else None, leave=False, file=sys.stderr) as bar:
            report = _run(options, partial(_show, bar))
        if options["json"]:
            self.stdout.write(json.dumps(report.to_json()))
        elif not report.is_busy:
            for sentence in _sentences(report):
                self.stdout.write(sentence)
        # Where a scheduler or a person finds what needs them.
        for problem in _problems(report):
            self.stderr.write(problem)
        if report.refused:
            raise SystemExit(REFUSED)
        if report.errors:
            raise SystemExit(NOT_REMOVED)


def _run(options: dict[str, Any], progress: Progress) -> Report:
    how = {"audit": options["audit"], "force": options["force"], "progress": progress}
    if options["dry_run"]:
        return clean_up(options["days"], dry_run=True, **how)
    return clean_up_alone(options["days"], **how)


def _show(bar: Any, what: str, done: int, total: int) -> None:
    bar.set_description(what, refresh=False)
    bar.n, bar.total = done, total
    bar.refresh()


def _problems(report: Report) -> list[str]:
    if report.is_busy:
        last_good = last_good_run_sentence(report.last_good_run_at)
        return [f"{_('Another cleanup is at work: nothing was done.')} {last_good}"]
    return [*report.errors.closed(), *filter(None, [report.refused])]


def _sentences(report: Report) -> list[str]:
    text = (
        _("Would remove %(photos)s photos and %(files)s files (%(bytes)s).")
        if report.dry_run
        else _("Removed %(photos)s photos and %(files)s files (%(bytes)s).")
    )
    figures = {"photos": report.photos, "files": report.files, "bytes": filesizeformat(report.bytes)}
    return [text % figures, *(_audit_sentences(report.audit) if report.audit else ())]


def _audit_sentences(audit: Audit) -> list[str]:
    text = _(
        "Looked at %(scanned)s files: %(orphans)s of no photo (%(bytes)s), and %(young)s too young to go; "
        "%(missing)s photos with faults."
    )
    figures = {
        "scanned": audit.scanned_files,
        "orphans": audit.orphans.count,
        "bytes": filesizeformat(audit.orphans.bytes),
        "young": audit.young_orphans.count,
        "missing": audit.missing.total,
    }
    orphans = (_("%(name)s belongs to no photo.") % {"name": name} for name in audit.orphans.names)
    young = (
        _("%(name)s belongs to no photo, but is too young to go.") % {"name": name}
        for name in audit.young_orphans.names
    )
    return [text % figures, *orphans, *young, *audit.missing.closed(), *audit.left_alone.closed()]
