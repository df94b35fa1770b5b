"""Cleaning up: photos nobody waits for, and files without a photo. Its cost follows the garbage.

First photos become pending files, in transactions (`idle`); then pending files are removed and struck
off the list (`files`). Killed anywhere, a run is finished by the next. An audit, which looks through
the whole storage, comes before both and only adds to the list (`audit`). `run` puts it together.
"""

from rooms.services.cleanup.idle import idle_photos
from rooms.services.cleanup.lock import is_running
from rooms.services.cleanup.progress import Progress
from rooms.services.cleanup.report import Report
from rooms.services.cleanup.run import clean_up, clean_up_alone

__all__ = ["Progress", "Report", "clean_up", "clean_up_alone", "idle_photos", "is_running"]
