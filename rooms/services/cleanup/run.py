"""A run of the cleanup from its start to its record: one at a time, step after step."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from itertools import chain
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from backoffice.sign_in import forget_old_failures
from rooms import storage
from rooms.models import CleanupRun
from rooms.models.photo import photo_storage
from rooms.services import failures, new_files
from rooms.services.cleanup.audit import Audit, audit_storage
from rooms.services.cleanup.delete import Progress, Tally, delete_pending, find_owned, find_pending
from rooms.services.cleanup.expire import (
    BATCH,
    delete_idle_drafts,
    delete_removed,
    expire_idle,
    find_idle_names,
    find_idle_photos,
)

RECORD_MAX_RUNS: Final = 500
RECORD_MAX_SENTENCES: Final = 100
# A server may need a moment to notice that the process which held the lock is gone.
LOCK_PATIENCE_S: Final = 3.0
_LOCK_STEP_S: Final = 0.1
_POSTGRES_KEY: Final = int.from_bytes(b"rooms-cu")

type Release = Callable[[], None]


@dataclass(kw_only=True)
class Report(Tally):
    """What a run removed, or with `dry_run` would remove; `errors` are sentences."""

    days: int
    dry_run: bool = False
    photos: int = 0
    audit: Audit | None = None
    # Another run was at work: this one did nothing.
    is_busy: bool = False
    # When the last run without errors ended; looked up by a run that is none itself.
    last_good_run_at: datetime | None = None

    @property
    def refused(self) -> str:
        """Why the audit removed no orphans; empty where it did."""
        return self.audit.refused if self.audit else ""

    @property
    def is_good(self) -> bool:
        return not (self.is_busy or self.errors or self.refused)

    def to_json(self) -> dict[str, Any]:
        """Figures of every run, of an audit where there was one, and of a run that was not good."""
        figures = {
            "dry_run": self.dry_run,
            "days": self.days,
            "photos": self.photos,
            "files": self.files,
            "bytes": self.bytes,
            "errors": self.errors.closed(),
        }
        figures |= self.audit.to_json() if self.audit else {}
        return figures if self.is_good else figures | self._state_json()

    def _state_json(self) -> dict[str, Any]:
        at = self.last_good_run_at
        age_s = max(0, round((timezone.now() - at).total_seconds())) if at else None
        return {"busy": self.is_busy, "last_good_run_age_s": age_s}


def clean_up(
    days: int,
    *,
    dry_run: bool = False,
    audit: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Removes unattached photos untouched for more than `days`, and pending files.

    What was removed, photos and rooms, goes when it can be restored no more; with 0 days at once. Never
    takes a room's present photo or an upload under way. Goes on past a file that cannot be removed and
    names it in `errors`; that file stays on the list for the next run. With `audit`, orphans go too,
    unless there are so many that something must be wrong; `force` removes them even
    then. Where an audit finds not one photo's file, nothing is removed at all.
    """
    report = Report(dry_run=dry_run, days=days)
    _clean_up(report, audit=audit, force=force, progress=progress or _tell_nobody)
    _look_up_last_good_run(report)
    return report


def clean_up_alone(
    days: int, *, audit: bool = False, force: bool = False, progress: Progress | None = None
) -> Report:
    """As `clean_up`, recorded in `CleanupRun`; nothing is done where another run is at work.

    A database that does not answer ends the run and is named in `errors`.
    """
    with only_one() as is_alone:
        report = Report(days=days, is_busy=not is_alone)
        try:
            if is_alone:
                _clean_up_recorded(report, audit=audit, force=force, progress=progress or _tell_nobody)
        except DatabaseError as error:
            report.errors.add(_("The database did not answer: %(error)s.") % {"error": error})
        _look_up_last_good_run(report)
        return report


def last_good_run_sentence(ended_at: datetime | None) -> str:
    """How long ago the last run without errors ended."""
    if ended_at is None:
        return _("No cleanup has ended without errors yet.")
    return _("The last cleanup without errors ended %(age)s ago.") % {"age": timesince(ended_at)}


def _clean_up(report: Report, *, audit: bool, force: bool, progress: Progress) -> None:
    if audit:
        report.audit = Audit()
        how = {"dry_run": report.dry_run, "force": force}
        audit_storage(report.audit, report, report.days, progress=progress, **how)
        if report.audit.has_lost_all:
            return
    if report.dry_run:
        _preview(report)
        return
    for photos in expire_idle(report.days):
        report.photos += photos
    delete_pending(report, progress)
    delete_idle_drafts(report.days)
    delete_removed(report.days)
    # What is over of people's visits: nobody else takes it away.
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    forget_old_failures()
    failures.forget_old()
    new_files.measure_older()


def _preview(report: Report) -> None:
    """Counts the photos and files that a run takes, and changes nothing."""
    report.photos = find_idle_photos(report.days).count()
    pending = (set(batch.values()) - find_owned(batch.values()) for batch in find_pending())
    for name in chain.from_iterable(chain(find_idle_names(report.days), pending)):
        report.count_files(storage.find_sizes(photo_storage(), storage.names_of(name)))


def _clean_up_recorded(report: Report, *, audit: bool, force: bool, progress: Progress) -> None:
    run = CleanupRun.objects.create(days=report.days, with_audit=audit, forced=force)
    CleanupRun.objects.delete_oldest(RECORD_MAX_RUNS)

    def record_and_tell(what: str, done: int, total: int) -> None:
        # So that of a run that is killed one sees what it had done.
        if done % BATCH == 0 or done == total:
            _record(run, report)
        progress(what, done, total)

    _clean_up(report, audit=audit, force=force, progress=record_and_tell)
    _record(run, report)
    CleanupRun.objects.filter(pk=run.pk).update(finished_at=Now())


def _record(run: CleanupRun, report: Report) -> None:
    found = report.audit
    findings = [found.refused, *found.missing, *found.left_alone] if found else []
    CleanupRun.objects.filter(pk=run.pk).update(
        photos=report.photos,
        files=report.files,
        bytes=report.bytes,
        errors=report.errors[:RECORD_MAX_SENTENCES],
        findings=[sentence for sentence in findings if sentence][:RECORD_MAX_SENTENCES],
    )


def _look_up_last_good_run(report: Report) -> None:
    if not report.is_good:
        with suppress(DatabaseError):  # which is among the errors then
            report.last_good_run_at = CleanupRun.objects.last_good_at()


def _tell_nobody(what: str, done: int, total: int) -> None:
    """For schedulers."""


# --- one at a time: the lock goes with its process, however that ends --------------------


@contextmanager
def only_one() -> Iterator[bool]:
    """Whether this is the only run; False where another one was still at work after a moment of waiting.

    Two runs would do no harm, but do everything twice: a lock that is lost together with the
    connection to the database is not looked after.
    """
    deadline = time.monotonic() + LOCK_PATIENCE_S
    release = _try_lock()
    while release is None and time.monotonic() < deadline:
        time.sleep(_LOCK_STEP_S)
        release = _try_lock()
    try:
        yield release is not None
    finally:
        if release is not None:
            release()


def is_running() -> bool:
    """Whether a run is at work now."""
    release = _try_lock()
    if release is None:
        return True
    release()
    return False


def _try_lock() -> Release | None:
    if connection.vendor == "postgresql":
        return _try_advisory_lock()
    database = str(connection.settings_dict["NAME"])
    # A database in memory has no other process.
    is_in_memory = database == ":memory:" or "mode=memory" in database
    return (lambda: None) if is_in_memory else _try_file_lock(f"{database}.cleanup-lock")


def _try_advisory_lock() -> Release | None:
    # A transaction's, on a connection for it alone: a pool such as PgBouncer gives a session to others
    # between two transactions, and a session's lock with it.
    keeper = connection.copy()
    is_ours = False
    try:
        keeper.set_autocommit(False)
        with keeper.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_POSTGRES_KEY])
            is_ours = cursor.fetchone()[0]
    finally:
        if not is_ours:
            keeper.close()
    return keeper.close if is_ours else None


def _try_file_lock(path: str) -> Release | None:
    # For reading: a run of another user may have made it. It stays: two may not lock two files of one name.
    descriptor = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return lambda: os.close(descriptor)
