"""Retention as a whole: figures first, then what each app's rules take away, then whoever came back though erased.

What was counted is kept without people before the people go: the days of what was sent, the contacts of a month, the
grid of a project year. Nothing is taken away in a run in which that could not be written. A rule that fails is left
to the next night and said in Operations; the others go on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from typing import Any, TypeVar

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.cache import cache
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import translation
from django.utils.translation import gettext

from messaging import outbox
from messaging.models import JobRun
from messaging.retention import RULES as OF_MESSAGING
from messaging.services import erase_again, purge_deliveries
from parents.models import CLBNote, ContactMoment, LegalHold
from parents.retention import RULES as OF_PARENTS
from parents.services.statistics import contacts_of, write_contact_statistics
from reports.frozen_year import freeze_year
from reports.models import (
    ChapterDraft,
    ChapterVersion,
    DiaryNote,
    EvaluationReport,
    ReportComment,
    ReportReminder,
    ReportSignature,
    TimeCorrection,
    TimeEntry,
)
from reports.retention import RULES as OF_REPORTS
from schools import audit, clock
from schools.keeping import Rule, carry_out, delete
from schools.models import Project, SchoolYear, User
from schools.retention import RULES as OF_SCHOOLS
from schools.retention import ended_before
from schools.roster import uploads

logger = logging.getLogger(__name__)

#: The job that keeps a project year's figures; its contacts may go once it was done.
FREEZE = "freeze the year"
RETENTION = outbox.RETENTION
_BEGUN = "retention begun"
#: Where the names of the rules stand that failed in the last run.
_FAILED = "retention-failed"
#: No address ends like this (RFC 2606).
_NOWHERE = "@forgotten.invalid"


def _is_over(project: Project) -> bool:
    month, day = settings.PROJECT_UNTIL
    return clock.today() > date(project.report_due_on.year, month, day)


def _frozen() -> Iterator[Project]:
    done = set(JobRun.objects.filter(job=FREEZE).values_list("period", flat=True))
    return (project for project in Project.objects.select_related("year") if str(project.pk) in done)


def _contacts() -> QuerySet[ContactMoment]:
    """Contacts of project years whose figures are kept, and of school years that ended: of the summer, in which no
    project runs, and of schools without one. What a project still counts waits for that; one with a CLB note waits
    until that is in the CLB's file."""
    kept, counted = Q(pk__in=[]), Q(pk__in=[])
    frozen = {project.pk for project in _frozen()}
    for project in Project.objects.select_related("year"):
        of_project = Q(pk__in=contacts_of(project).values("pk"))
        if project.pk in frozen and _is_over(project):
            kept |= of_project
        else:
            counted |= of_project
    last = ended_before(settings.PROJECT_UNTIL)
    year = SchoolYear.objects.running(last) if last else None
    if year is not None:
        kept |= Q(held_on__lte=year.last_day)
    waiting = CLBNote.objects.filter(exported_at__isnull=True).values("contact_moment_id")
    held = LegalHold.objects.families()
    return ContactMoment.objects.filter(kept & ~counted).exclude(family_id__in=held).exclude(pk__in=waiting)


def _forget_contacts(rows: QuerySet[ContactMoment]) -> int:
    CLBNote.objects.filter(contact_moment__in=rows).delete()
    return delete(rows)


def _hours() -> QuerySet[TimeEntry]:
    """Hours of project years whose figures are kept."""
    over = [project.pk for project in _frozen() if _is_over(project)]
    return TimeEntry.objects.filter(project_id__in=over, user__isnull=False)


def _forget_whose(rows: QuerySet[TimeEntry]) -> int:
    TimeCorrection.objects.filter(entry__in=rows).delete()
    return rows.update(user=None)


def _over() -> list[int]:
    return [project.pk for project in Project.objects.all() if _is_over(project)]


def _comments() -> QuerySet[ReportComment]:
    """What was said about the evaluations of project years that are over."""
    return ReportComment.objects.filter(chapter__report__project_id__in=_over(), answers__isnull=True)


def _versions() -> QuerySet[ChapterVersion]:
    return ChapterVersion.objects.filter(chapter__report__project_id__in=_over())


def _drafts() -> QuerySet[ChapterDraft]:
    return ChapterDraft.objects.filter(chapter__report__project_id__in=_over())


def _diary() -> QuerySet[DiaryNote]:
    return DiaryNote.objects.filter(project_id__in=_over())


def _reminders() -> QuerySet[ReportReminder]:
    return ReportReminder.objects.filter(report__project_id__in=_over())


def _whole(key: str, words: str, due: Callable[[], QuerySet[Any]]) -> Rule:
    return Rule(key=key, words=words, until="PROJECT_UNTIL of the year of its report", due=due, take=delete)


OF_PROJECTS = (
    Rule(
        key="hours",
        words="names at the hours of a project year",
        until="PROJECT_UNTIL of the year of its report; the hours stay",
        due=_hours,
        take=_forget_whose,
    ),
    Rule(
        key="contacts",
        words="contacts of a project year, or of a school year without one",
        until="PROJECT_UNTIL of the year of its report, once its figures are kept; without one, of that of its end",
        due=_contacts,
        take=_forget_contacts,
    ),
    _whole("comments", "comments on chapters of an evaluation", _comments),
    _whole("versions", "earlier versions of chapters of an evaluation", _versions),
    _whole("unsaved chapters", "what was typed in a chapter and never saved", _drafts),
    _whole("diary", "the joint worker's diary of a project year", _diary),
    _whole("reminders", "who was reminded of the day on which an evaluation is due", _reminders),
)


def _long_gone() -> QuerySet[User]:
    """Closed accounts whose posts are gone too. Who signed an evaluation or handed it in goes on standing under it."""
    signed = ReportSignature.objects.filter(signed_by=OuterRef("pk"))
    handed_in = EvaluationReport.objects.filter(submitted_by=OuterRef("pk"))
    closed = User.objects.filter(is_active=False, is_superuser=False, assignments=None)
    return closed.filter(~Exists(signed), ~Exists(handed_in)).exclude(email__endswith=_NOWHERE)


def _forget_names(accounts: QuerySet[User]) -> int:
    with translation.override(settings.LANGUAGE_CODE):
        name = gettext("former colleague")
    return accounts.update(full_name=name, email=Concat(Value("colleague-"), Cast("pk", CharField()), Value(_NOWHERE)))


#: After the rule by which old posts go.
OF_COLLEAGUES = (
    Rule(
        key="names of former colleagues",
        words="names and addresses of former colleagues",
        until="ACCESS_LOG_DAYS days after the last post ended; of who signed or handed in an evaluation they stay",
        due=_long_gone,
        take=_forget_names,
    ),
)
RULES = (*OF_PARENTS, *OF_PROJECTS, *OF_REPORTS, *OF_MESSAGING, *OF_SCHOOLS, *OF_COLLEAGUES)


Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Line:
    """What one rule took, or would take; or that it failed."""

    words: str
    until: str
    number: int
    has_failed: bool = False


def keep_figures() -> int:
    """Keep the grid and the counts of every project year that is over; returns how many years that were."""
    kept = 0
    for project in Project.objects.select_related("year"):
        if _is_over(project):
            kept += outbox.once(FREEZE, str(project.pk), lambda over=project: _keep_year(over))  # type: ignore[misc]
    return kept


def _keep_year(project: Project) -> None:
    freeze_year(project)
    write_contact_statistics(project)


def run(*, dry_run: bool) -> list[Line]:
    """Carry out every rule, or count what it would take. Safe to stop and to start again."""
    failed: list[str] = []
    if not dry_run:
        keep_figures()
        _apart("erased people", erase_again, failed)
        _apart("files of rosters", uploads.forget_files, failed)
    purged = _apart("deliveries", lambda: purge_deliveries(dry_run=dry_run), failed)
    lines = [_sent(name, number) for name, number in (asdict(purged).items() if purged else ())]
    for rule in RULES:
        note = partial(_note, rule)
        number = _apart(rule.key, lambda rule=rule, note=note: carry_out(rule, dry_run=dry_run, note=note), failed)  # type: ignore[misc]
        lines.append(Line(rule.words, rule.until, number or 0, has_failed=number is None))
    if dry_run:
        return lines
    with suppress(Exception):  # a cache that is away undoes nothing of the night's work
        cache.set(_FAILED, failed, timeout=None)
    _row_of_today(RETENTION)
    return lines


def _note(rule: Rule, number: int) -> None:
    """A line for each batch, in its transaction. It hangs on the row of a run that began, for the other one says that
    it was done."""
    audit.record(actor=None, verb="kept to retention", target=_row_of_today(_BEGUN), counts={rule.words: number})


def _row_of_today(job: str) -> JobRun:
    return JobRun.objects.get_or_create(job=job, period=clock.today().isoformat(), defaults={"at": clock.now()})[0]


def run_at_night() -> list[Line]:
    """Carry out every rule, unless the clock shows a day so long after the last run that it may be wrong: what was
    taken too early does not come back. Whoever sees that the day is right has it done by hand (Operations says so)."""
    if outbox.leapt():
        logger.error("Nothing was removed: the clock shows a day long after that of the last run of retention.")
        return []
    return run(dry_run=False)


def failed_rules() -> list[str]:
    """What failed in the last run, by the keys of the rules; nothing when the cache is away: who asks what is wrong
    hears of that."""
    with suppress(Exception):
        return cache.get(_FAILED) or []
    return []


def _apart(key: str, work: Callable[[], Found], failed: list[str]) -> Found | None:
    """What the work found; None when it failed, which is noted and keeps nothing else back."""
    try:
        return work()
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        logger.exception("Retention of %s failed; the rest goes on", key)
        failed.append(key)
        return None


_SENT = {
    "addresses": ("addresses of deliveries", "DELIVERY_ADDRESS_DAYS days after sending"),
    "events": ("lines of the history of deliveries", "DELIVERY_EVENT_DAYS days"),
    "recorded": ("recorded notices", "RECORDED_NOTICE_DAYS days"),
    "incoming": ("incoming text messages", "INBOUND_TEXT_DAYS days"),
    "job_runs": ("notes of done jobs", "401 days"),
}


def _sent(name: str, number: int) -> Line:
    return Line(*_SENT[name], number)
