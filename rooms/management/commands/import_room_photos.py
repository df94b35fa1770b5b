"""`manage.py import_room_photos`: a whole establishment's photos from a folder or a ZIP file."""

import json
import sys
from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from tqdm import tqdm

from rooms.models import Establishment
from rooms.services.transfer import ImportReport, SourceRefused, open_source, run_import

REFUSED = 1  # exit status


class Command(BaseCommand):
    help: Any = gettext_lazy(
        "Adds the photos of a folder or ZIP file to the rooms that its folders name. "
        "Run again, it adds what is missing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help=_("A folder, or a ZIP file, with a folder a room."))
        parser.add_argument(
            "--establishment", type=int, metavar="ID", help=_("The establishment whose rooms are meant.")
        )
        parser.add_argument(
            "--create-rooms", action="store_true", help=_("Make a room of each folder that fits none.")
        )
        parser.add_argument(
            "--dry-run", action="store_true", help=_("Say what would come in; change nothing.")
        )
        parser.add_argument("--json", action="store_true", help=_("Print one JSON object."))

    def handle(self, *args: Any, **options: Any) -> None:
        establishment = get_establishment(options["establishment"])
        if establishment is None:
            raise CommandError(_("Say by --establishment ID whose rooms are meant."))
        # A bar on a terminal; in a log nothing.
        with tqdm(disable=True if options["json"] else None, leave=False, file=sys.stderr) as bar:
            report = _run(establishment, options, partial(_show, bar))
        if options["json"]:
            self.stdout.write(json.dumps(report.to_json()))
        else:
            self.stdout.write(_sentence(report))
            for error in report.errors:
                self.stderr.write(f"{error['file']}: {error['error']}")
        if report.has_refused:
            raise SystemExit(REFUSED)


def get_establishment(establishment_id: int | None) -> Establishment | None:
    """None where none is asked for. Raises `CommandError` for one that does not exist."""
    if establishment_id is None:
        return None
    found = Establishment.objects.filter(pk=establishment_id).select_related("owner").first()
    if found is None:
        raise CommandError(_("There is no establishment %(id)s.") % {"id": establishment_id})
    return found


def _run(establishment: Establishment, options: dict[str, Any], progress: Any) -> ImportReport:
    how = {name: options[name] for name in ("create_rooms", "dry_run")}
    try:
        with open_source(Path(options["source"])) as source:
            return run_import(source, establishment, progress=progress, **how)
    except SourceRefused as error:
        report = ImportReport(dry_run=options["dry_run"])
        report.note(options["source"], error)
        return report


def _show(bar: Any, done: int, total: int) -> None:
    bar.n, bar.total = done, total
    bar.refresh()


def _sentence(report: ImportReport) -> str:
    text = (
        _("Photos that would be added: %(photos)s. Rooms: %(rooms)s. Left out or there already: %(skipped)s.")
        if report.dry_run
        else _("Photos added: %(photos)s. Rooms: %(rooms)s. Left out or there already: %(skipped)s.")
    )
    return text % {"photos": report.photos, "rooms": report.rooms, "skipped": report.skipped}
