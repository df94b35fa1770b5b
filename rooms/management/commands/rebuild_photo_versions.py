"""`manage.py rebuild_photo_versions`: makes files that photos of an older system, or of a backup, lack."""

from argparse import SUPPRESS, ArgumentParser
from typing import Any

from django.core.exceptions import SuspiciousFileOperation
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from tqdm import tqdm

from rooms.errors import NotFound, PhotoError
from rooms.models import RoomImage
from rooms.services.new_files import complete, is_whole


class Command(BaseCommand):
    help: Any = gettext_lazy(
        "Makes the smaller versions that photos lack, and takes over the files of an older system."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        # It does nothing else any more; timetables of operators may still say so.
        parser.add_argument("--missing-only", action="store_true", help=SUPPRESS)
        parser.add_argument(
            "--dry-run", action="store_true", help=_("Say what would be made; change nothing.")
        )
        parser.add_argument(
            "--after",
            type=int,
            default=0,
            metavar="ID",
            help=_("Go on behind this photo, as an interrupted run says."),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        photos = RoomImage.all_objects.filter(pk__gt=options["after"]).order_by("pk")
        made, failed, last_id = 0, 0, options["after"]
        try:
            # disable=None: a bar on a terminal, silence in a log. Rows come in small portions.
            for photo in tqdm(photos.iterator(chunk_size=500), total=photos.count(), disable=None):
                outcome = self._rebuild(photo, **options)
                made, failed, last_id = made + (outcome is True), failed + (outcome is None), photo.pk
        except KeyboardInterrupt:
            self.stderr.write(_("Interrupted. To go on: --after %(id)s") % {"id": last_id})
            raise SystemExit(130) from None
        text = (
            _("Would make the versions of %(made)s photos.")
            if options["dry_run"]
            else _("Made the versions of %(made)s photos.")
        )
        self.stdout.write(text % {"made": made})
        if failed:
            raise SystemExit(1)

    def _rebuild(self, photo: RoomImage, *, dry_run: bool, **options: Any) -> bool | None:
        """Whether there was something to make; None where it failed."""
        try:
            if is_whole(photo):
                return False
            if not dry_run:
                complete(photo)
        except NotFound:  # deleted or rotated since it was listed
            return False
        except (PhotoError, OSError, SuspiciousFileOperation) as error:
            reason = error.sentence() if isinstance(error, PhotoError) else error
            self.stderr.write(f"{photo.pk} {photo.file_name}: {reason}")
            return None
        return True
