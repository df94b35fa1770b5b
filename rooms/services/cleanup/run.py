"""A run of the cleanup from its start to its record."""

from importlib import import_module

from django.conf import settings
from django.db import DatabaseError
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from backoffice.sign_in import forget_old_failures
from rooms.models import CleanupRun
from rooms.services.cleanup.audit import audit_storage
from rooms.services.cleanup.files import delete_pending
from rooms.services.cleanup.idle import BATCH, drop_idle_drafts, expire_idle
from rooms.services.cleanup.lock import only_one
from rooms.services.cleanup.preview import preview
from rooms.services.cleanup.progress import Progress, Silence
from rooms.services.cleanup.report import Report

KEPT_RUNS = 500
KEPT_SENTENCES = 100


def clean_up(
    days: int,
    *,
    dry_run: bool = False,
    audit: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Removes unattached and removed photos untouched for more than `days`, and pending files.

    Never takes an attached photo or an upload under way. Goes on past a file that cannot be
    removed and names it in `errors`; that file stays on the list for the next run. With `audit`,
    files that no row knows go too, unless there are so many that something must be wrong; `force`
    removes them even then.
    """
    report = Report(dry_run=dry_run, days=days)
    _clean_up(report, audit=audit, force=force, progress=progress or Silence())
    return report


def clean_up_alone(
    days: int, *, audit: bool = False, force: bool = False, progress: Progress | None = None
) -> Report | None:
    """As `clean_up`, recorded in `CleanupRun`; None, and nothing done, where another run is at work.

    A database that does not answer ends the run and is named in `errors`.
    """
    with only_one() as is_alone:
        if not is_alone:
            return None
        report = Report(dry_run=False, days=days)
        try:
            _clean_up_recorded(report, audit, force, progress or Silence())
        except DatabaseError as error:
            report.errors.add(_("The database did not answer: %(error)s.") % {"error": error})
        return report


def _clean_up(report: Report, *, audit: bool, force: bool, progress: Progress) -> None:
    if audit:
        audit_storage(report, progress, force=force)
    if report.dry_run:
        preview(report, report.days)
        return
    expire_idle(report, report.days)
    delete_pending(report, progress)
    drop_idle_drafts(report.days)
    # What is over of people's visits: nobody else takes it away.
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    forget_old_failures()


def _clean_up_recorded(report: Report, audit: bool, force: bool, progress: Progress) -> None:
    run = CleanupRun.objects.create(days=report.days, with_audit=audit, forced=force)
    CleanupRun.objects.drop_oldest(KEPT_RUNS)
    _clean_up(report, audit=audit, force=force, progress=_Recorded(progress, run, report))
    _record(run, report)
    CleanupRun.objects.filter(pk=run.pk).update(finished_at=Now())


class _Recorded:
    """Keeps the record up to date, so that of a run that is killed one sees what it had done."""

    def __init__(self, progress: Progress, run: CleanupRun, report: Report) -> None:
        self.progress, self.run, self.report = progress, run, report
        self.steps = 0

    def begin(self, what: str, total: int) -> None:
        _record(self.run, self.report)
        self.progress.begin(what, total)

    def advance(self) -> None:
        self.steps += 1
        if self.steps % BATCH == 0:
            _record(self.run, self.report)
        self.progress.advance()


def _record(run: CleanupRun, report: Report) -> None:
    found = report.audit
    findings = [found.refused, *found.missing, *found.left_alone] if found else []
    CleanupRun.objects.filter(pk=run.pk).update(
        photos=report.photos,
        files=report.files,
        bytes=report.bytes,
        errors=report.errors[:KEPT_SENTENCES],
        findings=[sentence for sentence in findings if sentence][:KEPT_SENTENCES],
    )
