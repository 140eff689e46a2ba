"""The application for next year: started from the frozen evaluation, with its figures, and written like a report.

Its figures are the runs of the evaluation and stay so. What is asked for is chosen on a page (``wishes``).
"""

from __future__ import annotations

import re
from dataclasses import asdict

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from reports.budget import states
from reports.chapters import APPLICATION
from reports.evaluation.binding import blocks_of
from reports.evaluation.draft import sheet_rows
from reports.evaluation.errors import ReportError
from reports.evaluation.tables import NOT_YET
from reports.evaluation.wishes import Goal, Wishes, bind_wishes
from reports.indicators import HOME, INDICATORS
from reports.models import (
    ChapterBlock,
    ChapterVersion,
    EvaluationReport,
    FrozenReport,
    ReportChapter,
    ReportKind,
    ReportState,
)
from reports.targets import in_force
from schools import audit, clock
from schools.models import CentreShare, User

#: Of the evaluation's chapter “Wat werkte en wat niet”: what comes under this head, and what comes after it.
_WORKED = re.compile(r"^## *Wat werkte[^\n]*\n(?P<worked>.*?)(?=^## |\Z)(?P<rest>.*)", re.DOTALL | re.MULTILINE)
_LESSONS = 10
#: The line of the sheet that says so.
STARTS_FROM = "Vertrekt van"
_ALL_REACHED = "Alle doelen van dit jaar zijn gehaald; de cijfers hieronder zeggen waar het nog kan."


def can_apply(report: EvaluationReport) -> bool:
    """Whether an application can be started from this report: an evaluation that is frozen, has none yet, and beside
    which none is being written: that one goes along with the evaluation (``following``)."""
    is_frozen = report.kind == ReportKind.FINAL and report.state != ReportState.DRAFT
    begun = EvaluationReport.objects.filter(project=report.project_id, kind=ReportKind.APPLICATION)
    return is_frozen and not begun.filter(~Q(state=ReportState.SUBMITTED) | Q(source=report)).exists()


def application_of(report: EvaluationReport) -> EvaluationReport | None:
    """The application that was started from this evaluation."""
    return EvaluationReport.objects.filter(source=report).order_by("-version").first()


@transaction.atomic
def start_application(*, source: EvaluationReport, by: User) -> EvaluationReport:
    """Begin it with what the evaluation says: what worked, needs, goals and baselines, plan, partners, budget."""
    locked = EvaluationReport.objects.select_for_update(of=("self",)).get(pk=source.pk)
    frozen = locked.frozen.defer("content", "pdf").first()
    if frozen is None or not can_apply(locked):
        raise ReportError(_("An application is started once, from an evaluation that is frozen."))
    bound, now = blocks_of(locked), clock.now()
    year = _year_after(locked)
    wishes = _opening_wishes(locked, year)
    last = EvaluationReport.objects.filter(project=locked.project, kind=ReportKind.APPLICATION)
    sheet = _sheet(locked, year, starts_from(frozen))
    report = EvaluationReport.objects.create(
        project=locked.project,
        kind=ReportKind.APPLICATION,
        version=(last.aggregate(last=Max("version"))["last"] or 0) + 1,
        title=f"Aanvraag {year}",
        identification=sheet_rows(sheet),
        source=locked,
        wishes=asdict(wishes),
        created_at=now,
        edited_at=now,
        edited_by=by,
    )
    texts = {20: sheet, **_from_evaluation(locked, bound)}
    chapters = ReportChapter.objects.bulk_create(
        ReportChapter(
            report=report,
            number=place,
            plan=plan.number,
            title=plan.title,
            text=texts.get(plan.number, plan.opening if place else sheet),
        )
        for place, plan in enumerate(APPLICATION)
    )
    ChapterVersion.objects.bulk_create(
        ChapterVersion(chapter=chapter, edition=chapter.edition, text=chapter.text, written_at=now)
        for chapter in chapters
    )
    ChapterBlock.objects.bulk_create(
        ChapterBlock(chapter=chapters[0], position=place, form=block.form, run=block.run, caption=block.caption)
        for place, block in enumerate(bound)
    )
    bind_wishes(report, by)
    audit.record(actor=by, verb="draft", target=report, kind=report.kind, source=locked.pk)
    return report


def _year_after(source: EvaluationReport) -> str:
    first = source.project.year.starts_on.year + 1
    return f"{first}–{first + 1}"


def _opening_wishes(source: EvaluationReport, year: str) -> Wishes:
    """The goals of this year once more, and the amounts that were granted."""
    project = source.project
    last = project.ends_on or project.year.ends_on
    held = in_force(project, last)
    goals = [
        Goal(code, str(held[code, None].value), held[code, None].objective)
        for code in dict.fromkeys([*HOME, *sorted(code for code, school in held if school is None)])
        if (code, None) in held
    ]
    empty = [Goal(code, "") for code in HOME if (code, None) not in held]
    return Wishes(year, goals + empty, {one.name: str(one.granted) for one in states(project, last)})


def starts_from(frozen: FrozenReport) -> str:
    """Which evaluation an application tells of, for its sheet."""
    return f"{frozen.report.title}, versie {frozen.report.version}, controlegetal {frozen.checksum[:16]}"


def _sheet(source: EvaluationReport, year: str, start: str) -> str:
    project = source.project
    centres = CentreShare.objects.filter(project=project).select_related("centre")
    facts = (
        ("Project", project.name),
        ("Fonds", project.funder),
        ("Periode", f"schooljaar {year}"),
        ("Domeinen", "onderwijs, opvoedingsondersteuning, taalstimulering"),
        ("Aanvragers", ", ".join(f"{row.centre.name} ({row.share} %)" for row in centres)),
        (STARTS_FROM, start),
        ("Contactpersoon", ""),
        ("Rekeningnummer", ""),
    )
    return "\n".join(f"{label}: {value}" for label, value in facts)


def _from_evaluation(source: EvaluationReport, bound: list[ChapterBlock]) -> dict[int, str]:
    """The chapters that the evaluation begins: what worked, and the needs that it leaves."""
    lessons = source.chapters.filter(plan=_LESSONS).first()
    found = _WORKED.search(lessons.text) if lessons else None
    worked = found["worked"].strip() if found else (lessons.text if lessons else "")
    rest = found["rest"].strip() if found else ""
    plans = {plan.number: plan for plan in APPLICATION}
    needs = "\n".join(_missed(bound)) or _ALL_REACHED
    return {
        21: f"{plans[21].opening}\n\n{worked}".strip(),
        22: f"{plans[22].opening}\n\n{needs}\n\n{{{{ T2 }}}}\n\n{rest}".strip(),
    }


def _missed(bound: list[ChapterBlock]) -> list[str]:
    """A line for each goal that was not reached, with its figure bound."""
    run = next((one.run for one in bound if one.run.indicator == "T0"), None)
    rows = run.result["table"]["rows"] if run else []
    return [
        f"- **{row[0].rstrip('.')}.** Nu {{{{ {row[1]} }}}}; het doel was {row[3]}."
        for row in rows
        if row[1] in INDICATORS and row[5] in ("nee", "deels", NOT_YET)
    ]
