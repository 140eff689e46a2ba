"""The first draft of an evaluation: every chapter with an opening text, and every figure bound to a run."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import override

from reports.amounts import in_euros
from reports.budget import states, together
from reports.chapters import CHAPTERS
from reports.evaluation.amountlines import GRANTED, SPENT, amounts_of, with_amounts
from reports.evaluation.binding import bind_all
from reports.evaluation.counting import LANGUAGE, Windows
from reports.evaluation.outlines import Entry, entries_of, outline_of
from reports.models import ChapterVersion, EvaluationReport, ReportChapter, ReportKind, ReportState, ReportSummary
from schools import audit, clock
from schools.models import CentreShare, Participation, ParticipationRole, Project, User

#: Where the day of the report stands among the facts of a project.
_BEFORE_THE_AMOUNTS = -2
_TITLES = {ReportKind.INTERIM: "Tussentijds verslag", ReportKind.FINAL: "Eindevaluatie"}


@transaction.atomic
def draft_evaluation(*, project: Project, kind: ReportKind | str, by: User | None = None) -> EvaluationReport:
    """Make the next version of the report; ``by`` is None when the calendar asks for it. One that was not handed in is
    what there is to write in, unless the fund wants other chapters since: nobody is asked which of two drafts counts.
    The next one begins with what was written in the version before: a correction is not written anew."""
    kind = ReportKind(kind)
    Project.objects.select_for_update(of=("self",), no_key=True).get(pk=project.pk)
    if (unfinished := unfinished_report(project, kind)) is not None:
        return unfinished
    now = clock.now()
    before = EvaluationReport.objects.filter(project=project, kind=kind).order_by("-version").first()
    written = _written_in(before)
    sheet = opening_sheet(project, kind)
    if before and 0 in written:
        sheet = with_amounts(written[0].text, amounts_of(before), dict(_known_facts(project)))
    report = EvaluationReport.objects.create(
        project=project,
        kind=kind,
        version=before.version + 1 if before else 1,
        title=f"{_TITLES[kind]} {project.year}",
        identification=sheet_rows(sheet),
        created_at=now,
        edited_at=now,
        edited_by=by,
    )
    entries = [Entry(0, CHAPTERS[0].title), *entries_of(outline_of(project))]
    chapters = [
        ReportChapter(report=report, number=number, plan=entry.plan, title=entry.title, text=entry.opening)
        for number, entry in enumerate(entries)
    ]
    chapters[0].text = sheet
    for chapter in chapters:
        if (known := written.get(_place(chapter))) is not None:
            chapter.text = known.text if chapter.number else sheet
            chapter.edition = known.edition
    ReportChapter.objects.bulk_create(chapters)
    ChapterVersion.objects.bulk_create(
        ChapterVersion(chapter=chapter, edition=chapter.edition, text=chapter.text, written_at=now)
        for chapter in report.chapters.all()
    )
    if before:
        _take_summaries(before, report)
    bind_all(report, by)
    audit.record(actor=by, verb="draft", target=report, kind=str(kind), version=report.version)
    return report


def unfinished_report(project: Project, kind: ReportKind | str) -> EvaluationReport | None:
    """The newest version of a report, while it was not handed in. None too for a draft of which the fund wants other
    chapters since: the next draft has them."""
    newest = EvaluationReport.objects.filter(project=project, kind=kind).order_by("-version").first()
    if newest is None or newest.state == ReportState.SUBMITTED:
        return None
    return None if newest.state == ReportState.DRAFT and _wants_other_chapters(newest) else newest


def _wants_other_chapters(report: EvaluationReport) -> bool:
    has = report.chapters.exclude(number=0).order_by("number").values_list("plan", "title")
    return list(has) != [(entry.plan, entry.title) for entry in entries_of(outline_of(report.project))]


def _written_in(report: EvaluationReport | None) -> dict[int | str, ReportChapter]:
    """What somebody wrote in a report, by its place in the plan; opening texts are those of today."""
    rows = report.chapters.filter(edition__gt=1) if report else ()
    return {_place(chapter): chapter for chapter in rows}


def _place(chapter: ReportChapter) -> int | str:
    """An own chapter of a fund has its title only."""
    return chapter.title if chapter.plan is None else chapter.plan


def _take_summaries(before: EvaluationReport, report: EvaluationReport) -> None:
    rows = list(before.summaries.all())
    for row in rows:
        row.pk, row.report = None, report
    ReportSummary.objects.bulk_create(rows)


def opening_sheet(project: Project, kind: ReportKind = ReportKind.FINAL) -> str:
    """The identification sheet: what the project's rows know, then what somebody must fill in."""
    facts = _known_facts(project)
    if kind == ReportKind.FINAL:  # an interim report has no day
        facts.insert(_BEFORE_THE_AMOUNTS, ("Verslag in te dienen ten laatste op", _in_full(project.report_due_on)))
    known = [f"{label}: {value}" for label, value in facts]
    return "\n".join([*known, CHAPTERS[0].opening])


def sheet_rows(text: str) -> list[dict[str, str]]:
    """``Name: value`` per line; a line without a colon continues the value above it."""
    rows: list[dict[str, str]] = []
    for line in text.splitlines():
        label, colon, value = line.partition(":")
        if colon and label.strip():
            rows.append({"label": label.strip(), "text": value.strip()})
        elif rows and line.strip():
            rows[-1]["text"] = f"{rows[-1]['text']}\n{line.strip()}".strip()
    return rows


def _known_facts(project: Project) -> list[tuple[str, str]]:
    centres = CentreShare.objects.filter(project=project).select_related("centre")
    pilots = Participation.objects.filter(project=project).exclude(role=ParticipationRole.COMPARISON)
    lines = states(project, Windows.of(project, clock.today()).year.last)
    money = together(lines)
    days = [_in_full(day) for day in (project.starts_on, project.ends_on)]
    return [
        ("Project", project.name),
        ("Fonds", project.funder),
        ("Dossiernummer", project.grant_number),
        ("Uitvoerders", ", ".join(f"{row.centre.name} ({row.share} %)" for row in centres)),
        ("Scholen", ", ".join(pilots.order_by("school__name").values_list("school__name", flat=True))),
        ("Partners", ", ".join(project.partners.values_list("name", flat=True))),
        ("Periode", f"{days[0]} tot en met {days[1]}"),
        (GRANTED, in_euros(money.granted) if lines else ""),
        (SPENT, in_euros(money.spent) if lines else ""),
    ]


def _in_full(day: date | None) -> str:
    with override(LANGUAGE):
        return date_format(day, "j F Y") if day else "–"
