"""SQLite's files are for the account that runs the site: they hold the keys of sessions."""

import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

PRIVATE = 0o600


def make_private(sender: Any, connection: Any, **kwargs: Any) -> None:
    """Takes the database's files from group and others; what belongs to another account stays as it is,
    and so does what lies where there are no permissions: the site works all the same.

    SQLite gives the files beside it (`-wal`, `-shm`) the permissions of the database itself.
    """
    if connection.vendor != "sqlite" or connection.is_in_memory_db():
        return
    name = str(connection.settings_dict["NAME"])
    for path in (Path(name), Path(f"{name}-wal"), Path(f"{name}-shm")):
        with suppress(OSError):
            if stat.S_IMODE(path.stat().st_mode) & 0o077:
                path.chmod(PRIVATE)
