"""One export at a time for each user: it takes a process's thread for minutes."""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from rooms.errors import RateLimited


class ExportUnderWay(RateLimited):
    text = _("A download of yours is still under way. Wait until it has ended, or stop it, then try again.")
    retry_after_s = 10


@contextmanager
def only_export_of(user: User) -> Iterator[None]:
    """Raises `ExportUnderWay`. On each machine by itself; a lock ends with its process, however that ends."""
    # Another site on this machine has users of the same numbers.
    site = hashlib.sha256(f"{settings.BASE_DIR} {settings.MEDIA_ROOT} {os.getuid()}".encode()).hexdigest()[
        :16
    ]
    path = Path(tempfile.gettempdir(), f"room-photos-export-{site}-{user.pk}")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise ExportUnderWay from None
    try:
        yield
    finally:
        # Somebody who has it open already may begin beside a third one: that does no harm.
        path.unlink(missing_ok=True)
        os.close(descriptor)
