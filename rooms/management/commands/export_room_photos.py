"""`manage.py export_room_photos`: rooms' photos into a folder or a ZIP file, as an import reads them."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from tqdm import tqdm

from rooms.errors import NotFound
from rooms.management.commands.import_room_photos import get_establishment
from rooms.models import Channel, Room
from rooms.services.transfer import Export, Exported, find_channel, write_folder, write_zip

FAILED = 1  # exit status


class Command(BaseCommand):
    help: Any = gettext_lazy(
        "Writes the rooms' photos into a folder or a ZIP file, with a table of what they show."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", help=_("A folder, or the name of a ZIP file (it ends in .zip)."))
        parser.add_argument(
            "--establishment",
            type=int,
            metavar="ID",
            help=_("Just this one; without it all, with a folder an establishment."),
        )
        parser.add_argument(
            "--channel", metavar="SLUG", help=_("Make them as this booking channel takes them.")
        )
        parser.add_argument("--json", action="store_true", help=_("Print one JSON object."))

    def handle(self, *args: Any, **options: Any) -> None:
        establishment = get_establishment(options["establishment"])
        rooms = Room.objects.filter(establishment=establishment) if establishment else Room.objects.all()
        export = Export(
            rooms, channel=_find_channel(options["channel"]), by_establishment=establishment is None
        )
        _write(export, Path(options["target"]), is_quiet=options["json"])
        report = {
            "dry_run": False,
            "rooms": export.room_count,
            "photos": export.photo_count,
            "skipped": 0,
            "errors": export.errors,
        }
        if options["json"]:
            self.stdout.write(json.dumps(report))
        else:
            self.stdout.write(_("Photos written: %(photos)s. Rooms: %(rooms)s.") % report)
            for error in export.errors:
                self.stderr.write(f"{error['file']}: {error['error']}")
        if export.errors:
            raise SystemExit(FAILED)


def _find_channel(slug: str | None) -> Channel | None:
    if slug is None:
        return None
    try:
        return find_channel(slug)
    except NotFound:
        raise CommandError(_("There is no active channel “%(slug)s”.") % {"slug": slug}) from None


def _write(export: Export, target: Path, *, is_quiet: bool) -> None:
    files: Iterator[Exported] = iter(
        tqdm(export.files(), disable=True if is_quiet else None, leave=False, file=sys.stderr)
    )
    write = write_zip if target.suffix.lower() == ".zip" else write_folder
    try:
        write(files, target)
    except OSError as error:
        raise CommandError(_("This could not be written: %(error)s") % {"error": error}) from error
