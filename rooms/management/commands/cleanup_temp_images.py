"""`manage.py cleanup_temp_images`: what a scheduler starts to keep the storage clean."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rooms.services.cleanup import Report, clean_up


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

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 <= options["days"] <= 36500:
            raise CommandError(_("--days must be a number from 0 to 36500."))
        report = clean_up(options["days"], dry_run=options["dry_run"])
        self.stdout.write(json.dumps(asdict(report)) if options["json"] else _sentence(report))
        for error in report.errors:
            self.stderr.write(error)
        if report.errors:
            raise SystemExit(1)


def _sentence(report: Report) -> str:
    text = (
        _("Would remove %(photos)s photos and %(files)s files (%(bytes)s).")
        if report.dry_run
        else _("Removed %(photos)s photos and %(files)s files (%(bytes)s).")
    )
    return text % {"photos": report.photos, "files": report.files, "bytes": filesizeformat(report.bytes)}
