"""Cleaning up: photos nobody waits for, and files without a photo. Its cost follows the garbage.

First photos expire: their files become pending (`expire`). Then pending files are deleted and struck
off the list (`delete`). Killed anywhere, a run is finished by the next. An audit, which looks through
the whole storage for files without a row, comes before both (`audit`). `run` puts it together.
"""

from rooms.services.cleanup.delete import Progress
from rooms.services.cleanup.run import Report, clean_up, clean_up_alone, is_running, last_good_run_sentence

__all__ = [
    "Progress",
    "Report",
    "clean_up",
    "clean_up_alone",
    "is_running",
    "last_good_run_sentence",
]
