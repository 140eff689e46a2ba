"""What an application asks for: goals, with the evaluation's results as their baseline, and an amount for each line of
the budget. It is chosen on a page and stands in tables that are runs of their own.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from reports.amounts import in_euros
from reports.chapters import APPLICATION
from reports.evaluation.binding import blocks_of
from reports.evaluation.counting import NO_BREAK, name_of
from reports.evaluation.errors import ReportError
from reports.evaluation.states import return_to_draft
from reports.figure_runs import unsaved_run
from reports.figures import Period
from reports.indicators import INDICATORS
from reports.models import BudgetLine, ChapterBlock, EvaluationReport, FigureRun, ReportKind
from reports.statistics import NO_FIGURE
from schools import audit, clock
from schools.models import CentreShare, User

_UNITS = {"%": f"{NO_BREAK}%", "pp": f"{NO_BREAK}pp", "school days": f"{NO_BREAK}dagen"}
_RIGHT = "right"
_NO_GOALS = [["Nog geen doelen gekozen.", "–", "–", "–"]]
_NO_PARTNERS = [["Nog geen partners genoemd.", "–", "–"]]


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


@transaction.atomic
def save_wishes(
    *, report: EvaluationReport, goals: list[Goal], asked: dict[str, Decimal], edition: int, by: User
) -> None:
    """Ask for this instead, unless it is what is asked for already. As every edit it returns the application to DRAFT;
    its tables follow."""
    row = EvaluationReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    amounts, now = {name: str(amount) for name, amount in asked.items()}, Wishes.of(row)
    if now.edition != edition:
        if (now.goals, now.asked) == (goals, amounts):
            return
        raise ReportError(_("Somebody else changed goals or budget meanwhile. Open the page again to see how."))
    row.wishes = asdict(Wishes(row.wishes["year"], goals, amounts, edition + 1))
    return_to_draft(row.pk, by, wishes=row.wishes)
    bind_wishes(row, by)
    audit.record(actor=by, verb="edit", target=report, wishes=edition + 1)


def goals_for_next_year(project_id: int) -> list[Goal]:
    """What the newest application of a project promises: with these the next project year opens."""
    row = EvaluationReport.objects.filter(project=project_id, kind=ReportKind.APPLICATION).order_by("-version").first()
    return [goal for goal in Wishes.of(row).goals if goal.value] if row else []


def budget_lines(report: EvaluationReport) -> list[tuple[str, str, str, str]]:
    """(line, granted, spent, asked): the lines as the evaluation says them, and those of which it says nothing yet.

    A line that was called otherwise when something was asked for it is the same line: its amount goes along.
    """
    told, left = _spent(report)[:-1], dict(Wishes.of(report).asked)
    asked = {name: left.pop(name) for name, *_amounts in told if name in left}
    names = _names_of_lines(report)
    for name, *_amounts in told:
        former = next((one for one in left if names.get(one, set()) & names.get(name, set())), None)
        if name not in asked and former is not None:
            asked[name] = left.pop(former)
    lines = [(name, granted, spent, asked.get(name, "")) for name, granted, spent in told]
    return lines + [(name, NO_FIGURE, NO_FIGURE, amount) for name, amount in left.items()]


def _names_of_lines(report: EvaluationReport) -> dict[str, set[int]]:
    """The ids of the lines that are or were called so."""
    found = defaultdict[str, set[int]](set)
    lines = BudgetLine.objects.filter(project=report.project_id)
    for rows in (lines.values_list("name", "pk"), lines.values_list("changes__name", "pk")):
        for name, pk in rows:
            found[name].add(pk)
    return found


def _spent(report: EvaluationReport) -> list[tuple[str, str, str]]:
    """The same, and the total as the last."""
    run = next((one.run for one in blocks_of(report) if one.run.indicator == "B1"), None)
    return [(row[0], row[1], row[2]) for row in run.result["table"]["rows"]] if run else []


def bind_wishes(report: EvaluationReport, by: User) -> None:
    """Make the tables of goals, partners and budget anew; the old runs stay."""
    wishes = Wishes.of(report)
    chapters = {chapter.plan: chapter for chapter in report.chapters.all()}
    tables = {23: ("V0", _goals_table(report, wishes)), 25: ("V1", _partners_table(report)),
              26: ("V2", _budget_table(report))}  # fmt: skip
    for plan, (code, result) in tables.items():
        caption = APPLICATION[plan - 20].blocks[0].caption
        run = _run(report, code, result, by)
        ChapterBlock.objects.update_or_create(
            chapter=chapters[plan], position=0, defaults={"form": "TABLE", "run": run, "caption": caption}
        )


def _run(report: EvaluationReport, code: str, result: dict[str, Any], by: User) -> FigureRun:
    year = report.project.year
    run = unsaved_run(
        project=report.project,
        indicator=code,
        version=1,
        breakdown="report",
        period=Period(year.starts_on, year.ends_on),
        parameters={"window": "year", "application": report.pk},
        result=result,
        as_of=clock.now(),
        by=by,
    )
    run.save()
    return run


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
    return _table(["Doelstelling", "Nr.", "Nulmeting", "Doel"], rows or _NO_GOALS, 1)


def _partners_table(report: EvaluationReport) -> dict[str, Any]:
    """V1: who carries the project, and who works along."""
    centres = CentreShare.objects.filter(project=report.project).select_related("centre")
    rows = [[row.centre.name, "CLB", f"draagt {row.share}{NO_BREAK}% van de aanstelling"] for row in centres]
    rows += [[partner.name, partner.kind or "partner", "werkt mee"] for partner in report.project.partners.all()]
    return _table(["Partner", "Soort", "Rol"], rows or _NO_PARTNERS)


def _budget_table(report: EvaluationReport) -> dict[str, Any]:
    """V2: granted and spent as the evaluation says, and what is asked."""
    lines = [(name, granted, spent, Decimal(asked or 0)) for name, granted, spent, asked in budget_lines(report)]
    *_lines, whole = _spent(report) or [("Totaal", NO_FIGURE, NO_FIGURE)]
    rows = [[name, granted, spent, in_euros(asked)] for name, granted, spent, asked in lines]
    rows.append([*whole, in_euros(sum((asked for *_line, asked in lines), Decimal(0)))])
    return _table(["Post", "Toegekend dit jaar", "Besteed", "Gevraagd"], rows, 1)


def _table(columns: list[str], rows: list[list[str]], numeric_from: int = 99) -> dict[str, Any]:
    heads = [
        {"label": label, **({"align": _RIGHT} if place >= numeric_from else {})} for place, label in enumerate(columns)
    ]
    return {"table": {"columns": heads, "rows": rows, "note": ""}}
