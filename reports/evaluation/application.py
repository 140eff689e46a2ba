"""The application for next year: started from the frozen evaluation, with its figures, and written like a report.

Its figures are the runs of the evaluation and stay so. What is asked for, goals with the evaluation's results as their
baseline and an amount for each line of the budget, is chosen on a page and stands in tables that are runs of their own.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from reports.amounts import in_euros
from reports.budget import states
from reports.chapters import APPLICATION
from reports.evaluation.binding import blocks_of, checksum
from reports.evaluation.counting import NO_BREAK, name_of
from reports.evaluation.draft import sheet_rows
from reports.evaluation.errors import ReportError
from reports.evaluation.states import return_to_draft
from reports.indicators import HOME, INDICATORS
from reports.models import (
    ChapterBlock,
    ChapterVersion,
    EvaluationReport,
    FigureRun,
    ReportChapter,
    ReportKind,
    ReportState,
)
from reports.statistics import NO_FIGURE
from reports.targets import in_force
from schools import audit, clock
from schools.models import CentreShare, User

#: Of the evaluation's chapter “Wat werkte en wat niet”: what comes under this head, and what comes after it.
_WORKED = re.compile(r"^## *Wat werkte[^\n]*\n(?P<worked>.*?)(?=^## |\Z)(?P<rest>.*)", re.DOTALL | re.MULTILINE)
_LESSONS = 10
_UNITS = {"%": f"{NO_BREAK}%", "pp": f"{NO_BREAK}pp", "school days": f"{NO_BREAK}dagen"}
_RIGHT = "right"
_ALL_REACHED = "Alle doelen van dit jaar zijn gehaald; de cijfers hieronder zeggen waar het nog beter kan."
_NO_GOALS = [["Nog geen doelen gekozen.", "–", "–", "–"]]


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be reached next year; without a value nothing is promised."""

    indicator: str
    value: str
    objective: str = ""

    @property
    def number(self) -> Decimal | None:
        return Decimal(self.value) if self.value else None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an application asks for, as it is kept with it. ``edition`` guards against two people saving at once."""

    year: str
    goals: list[Goal] = field(default_factory=list)
    asked: dict[str, str] = field(default_factory=dict)
    edition: int = 1

    @classmethod
    def of(cls, report: EvaluationReport) -> Wishes:
        kept = report.wishes
        goals = [Goal(**goal) for goal in kept["goals"]]
        return cls(kept["year"], goals, kept["asked"], kept["edition"])


def can_apply(report: EvaluationReport) -> bool:
    """Whether an application can be started from this report: an evaluation that is frozen, and has none yet."""
    is_frozen = report.kind == ReportKind.FINAL and report.state != ReportState.DRAFT
    return is_frozen and application_of(report) is None


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
    sheet = _sheet(locked, year, frozen.checksum)
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
    _bind_own(report, by)
    audit.record(actor=by, verb="draft", target=report, kind=report.kind, source=locked.pk)
    return report


@transaction.atomic
def save_wishes(
    *, report: EvaluationReport, goals: list[Goal], asked: dict[str, Decimal], edition: int, by: User
) -> None:
    """Ask for this instead. As every edit it returns the application to DRAFT; its tables follow."""
    row = EvaluationReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if Wishes.of(row).edition != edition:
        raise ReportError(_("Somebody else changed goals or budget meanwhile. Open the page again to see how."))
    amounts = {name: str(amount) for name, amount in asked.items()}
    row.wishes = asdict(Wishes(row.wishes["year"], goals, amounts, edition + 1))
    return_to_draft(row.pk, by, wishes=row.wishes)
    _bind_own(row, by)
    audit.record(actor=by, verb="edit", target=report, wishes=edition + 1)


def goals_for_next_year(project_id: int) -> list[Goal]:
    """What the newest application of a project promises: with these the next project year opens."""
    row = EvaluationReport.objects.filter(project=project_id, kind=ReportKind.APPLICATION).order_by("-version").first()
    return [goal for goal in Wishes.of(row).goals if goal.value] if row else []


def budget_lines(report: EvaluationReport) -> list[tuple[str, str, str]]:
    """(line, granted, spent) as the evaluation says them."""
    return _spent(report)[:-1]


def _spent(report: EvaluationReport) -> list[tuple[str, str, str]]:
    """The same, and the total as the last."""
    run = next((one.run for one in blocks_of(report) if one.run.indicator == "B1"), None)
    return [(row[0], row[1], row[2]) for row in run.result["table"]["rows"]] if run else []


def _year_after(source: EvaluationReport) -> str:
    first = source.project.year.starts_on.year + 1
    return f"{first}–{first + 1}"


def _opening_wishes(source: EvaluationReport, year: str) -> Wishes:
    """The goals of this year once more, and the amounts that were granted."""
    project = source.project
    last = project.ends_on or project.year.ends_on
    held = in_force(project, last)
    goals = [
        Goal(code, f"{held[code, None].value or ''}", held[code, None].objective)
        for code in dict.fromkeys([*HOME, *sorted(code for code, school in held if school is None)])
        if (code, None) in held
    ]
    empty = [Goal(code, "") for code in HOME if (code, None) not in held]
    return Wishes(year, goals + empty, {one.name: str(one.granted) for one in states(project, last)})


def _sheet(source: EvaluationReport, year: str, mark: str) -> str:
    project = source.project
    centres = CentreShare.objects.filter(project=project).select_related("centre")
    facts = (
        ("Project", project.name),
        ("Fonds", project.funder),
        ("Periode", f"schooljaar {year}"),
        ("Domeinen", "onderwijs, opvoedingsondersteuning, taalstimulering"),
        ("Aanvragers", ", ".join(f"{row.centre.name} ({row.share} %)" for row in centres)),
        ("Vertrekt van", f"{source.title}, versie {source.version}, controlegetal {mark[:16]}"),
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
    needs = (
        "\n".join(_missed(bound))
        or "Alle doelen van dit jaar zijn gehaald; de cijfers hieronder zeggen waar het nog kan."
    )
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
        if row[1] in INDICATORS and row[5] in ("nee", "deels")
    ]


def _bind_own(report: EvaluationReport, by: User) -> None:
    """Make the tables of goals, partners and budget anew; the old runs stay."""
    wishes = Wishes.of(report)
    chapters = {chapter.plan: chapter for chapter in report.chapters.all()}
    tables = {23: ("V0", _goals_table(report, wishes)), 25: ("V1", _partners_table(report)),
              26: ("V2", _budget_table(report, wishes))}  # fmt: skip
    for plan, (code, result) in tables.items():
        caption = APPLICATION[plan - 20].blocks[0].caption
        run = _run(report, code, result, by)
        ChapterBlock.objects.update_or_create(
            chapter=chapters[plan], position=0, defaults={"form": "TABLE", "run": run, "caption": caption}
        )


def _run(report: EvaluationReport, code: str, result: dict[str, Any], by: User) -> FigureRun:
    year = report.project.year
    parameters = {"window": "year", "application": report.pk}
    signed = {"indicator": code, "version": 1, "parameters": parameters, "result": result}
    return FigureRun.objects.create(
        project=report.project, indicator=code, version=1, breakdown="report", period_from=year.starts_on,
        period_to=year.ends_on, as_of=clock.now(), parameters=parameters, result=result, checksum=checksum(signed),
        computed_by=by,
    )  # fmt: skip


def _goals_table(report: EvaluationReport, wishes: Wishes) -> dict[str, Any]:
    """V0: each goal beside what the evaluation measured, which is its baseline."""
    measured = {
        block.run.indicator: block.run.result["text"]
        for block in blocks_of(report)
        if block.run.indicator in INDICATORS and block.run.parameters.get("window") == "year"
    }
    rows = [
        [
            goal.objective or name_of(goal.indicator),
            goal.indicator,
            measured.get(goal.indicator, NO_FIGURE),
            f"{goal.value.replace('.', ',').removesuffix(',0')}{_UNITS.get(INDICATORS[goal.indicator].unit, '')}",
        ]
        for goal in wishes.goals
        if goal.value
    ]
    return _table(
        ["Doelstelling", "Nr.", "Nulmeting", "Doel"], rows or [["Nog geen doelen gekozen.", "–", "–", "–"]], 1
    )


def _partners_table(report: EvaluationReport) -> dict[str, Any]:
    """V1: who carries the project, and who works along."""
    centres = CentreShare.objects.filter(project=report.project).select_related("centre")
    rows = [[row.centre.name, "CLB", f"draagt {row.share}{NO_BREAK}% van de aanstelling"] for row in centres]
    rows += [[partner.name, partner.kind or "partner", "werkt mee"] for partner in report.project.partners.all()]
    return _table(["Partner", "Soort", "Rol"], rows or [["Nog geen partners genoemd.", "–", "–"]])


def _budget_table(report: EvaluationReport, wishes: Wishes) -> dict[str, Any]:
    """V2: granted and spent as the evaluation says, and what is asked."""
    asked = {name: Decimal(amount or 0) for name, amount in wishes.asked.items()}
    *lines, whole = _spent(report) or [("Totaal", "–", "–")]
    rows = [[*line, in_euros(asked.get(line[0], Decimal(0)))] for line in lines]
    rows.append([*whole, in_euros(sum(asked.values(), Decimal(0)))])
    return _table(["Post", "Toegekend dit jaar", "Besteed", "Gevraagd"], rows, 1)


def _table(columns: list[str], rows: list[list[str]], numeric_from: int = 99) -> dict[str, Any]:
    heads = [
        {"label": label, **({"align": _RIGHT} if place >= numeric_from else {})} for place, label in enumerate(columns)
    ]
    return {"table": {"columns": heads, "rows": rows, "note": ""}}
