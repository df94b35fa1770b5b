"""A process that may not do all it would like to at its start works all the same."""

import ctypes
import errno
from pathlib import Path
from types import SimpleNamespace

import pytest

from backoffice import gunicorn
from rooms.database import make_private


def test_worker_starts_where_no_library_may_be_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def refuse(name: object) -> None:
        asked.append(name)
        raise OSError("Dynamic loading not supported")

    monkeypatch.setattr(ctypes, "CDLL", refuse)
    gunicorn.post_fork(None, None)
    assert asked == [None]


@pytest.mark.parametrize("number", [errno.EPERM, errno.EROFS, errno.ENOTSUP])
def test_database_opens_where_no_permissions_may_be_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    database, asked = tmp_path / "db.sqlite3", []
    database.touch(0o644)

    def refuse(path: Path, mode: int) -> None:
        asked.append(path)
        raise OSError(number, "refused")

    monkeypatch.setattr(Path, "chmod", refuse)
    connection = SimpleNamespace(
        vendor="sqlite", is_in_memory_db=lambda: False, settings_dict={"NAME": str(database)}
    )
    make_private(None, connection)
    assert asked == [database]
    assert database.stat().st_mode & 0o777 == 0o644
