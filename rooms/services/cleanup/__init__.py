"""The cleanup deletes photos that nobody waits for, and files without a photo.

First photos expire: their files become pending (`expire`). Then pending files are deleted and their entries
removed (`delete`). The next run finishes one that was killed. An audit lists the whole storage to find
orphans, and comes first (`audit`). `run` does these steps in order.
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
