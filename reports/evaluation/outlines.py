"""Which chapters a report has: those of the plan, or what a fund asks for instead."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from reports.chapters import CHAPTERS, ChapterPlan, plan_of
from reports.evaluation.errors import ReportError
from reports.models import ReportChapter, ReportOutline
from schools import audit, clock
from schools.models import Project, User

#: No fund reads more.
MOST_CHAPTERS = 30
LONGEST_OPENING = 2000
#: Stands where a chapter of the plan has its number.
_OWN = -1


@dataclass(frozen=True, slots=True)
class Entry:
    """A chapter after the identification sheet, which every report has. ``plan`` is its number in the plan, with the
    figures and the opening text that stand there; an own chapter has none and begins with ``text``."""

    plan: int | None
    title: str
    text: str = ""

    @property
    def opening(self) -> str:
        return self.text if self.plan is None else plan_of(self.plan).opening


def default_entries() -> list[Entry]:
    return [Entry(plan.number, plan.title) for plan in CHAPTERS if plan.number]


def outline_of(project: Project) -> ReportOutline | None:
    """What the fund of a project asks for, if that was written down."""
    return ReportOutline.objects.filter(funder=project.funder).first() if project.funder else None


def entries_of(outline: ReportOutline | None) -> list[Entry]:
    """The chapters in order; those of the plan where a fund asks for nothing else."""
    return [Entry(**entry) for entry in outline.chapters] if outline else default_entries()


def plan_for(chapter: ReportChapter) -> ChapterPlan:
    """Guidance and figures of a chapter; an own one asks for its author and has no figures of its own."""
    if chapter.plan is None:
        return ChapterPlan(_OWN, chapter.title, "", needs_author=True)
    return plan_of(chapter.plan)


@transaction.atomic
def save_outline(*, project: Project, entries: list[Entry], edition: int, by: User) -> ReportOutline:
    """Write down what the fund of a project asks for; ``edition`` 0: it was not written down before. The next draft
    follows it, reports that exist stay as they are."""
    _check(project, entries)
    facts = {
        "chapters": [asdict(entry) for entry in entries],
        "edition": edition + 1,
        "changed_by": by,
        "changed_at": clock.now(),
    }
    if edition:
        saved = ReportOutline.objects.filter(funder=project.funder, edition=edition).update(**facts)
        row = ReportOutline.objects.filter(funder=project.funder).first() if saved else None
    else:
        row, made = ReportOutline.objects.get_or_create(funder=project.funder, defaults=facts)
        row = row if made else None
    if row is None:
        known = outline_of(project)
        if known is not None and known.chapters == facts["chapters"]:  # pressed twice
            return known
        raise ReportError(_("Somebody else changed these chapters meanwhile. Open the page again to see how."))
    audit.record(actor=by, verb="changed the chapters of a fund", target=row, edition=row.edition)
    return row


def forget_outline(*, project: Project, by: User) -> None:
    """Back to the chapters of the plan."""
    row = outline_of(project)
    if row is not None:
        audit.record(actor=by, verb="took the chapters of a fund back", target=row)
        row.delete()


def _check(project: Project, entries: list[Entry]) -> None:
    if not project.funder:
        raise ReportError(_("This project names no fund. Name it first, then say which chapters it asks for."))
    if not 1 <= len(entries) <= MOST_CHAPTERS:
        raise ReportError(_("A report has from one to %(most)d chapters.") % {"most": MOST_CHAPTERS})
    plans = [entry.plan for entry in entries if entry.plan is not None]
    if len(set(plans)) < len(plans):
        raise ReportError(_("A chapter of the plan can stand in a report once."))
