"""The first draft of an evaluation: every chapter with an opening text, and every figure bound to a run."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Max
from django.utils.formats import date_format
from django.utils.translation import override

from reports.amounts import in_euros
from reports.budget import states, together
from reports.chapters import CHAPTERS
from reports.evaluation.binding import bind_all
from reports.evaluation.counting import LANGUAGE, Windows
from reports.evaluation.outlines import entries_of, outline_of
from reports.models import ChapterVersion, EvaluationReport, ReportChapter, ReportKind
from schools import audit, clock
from schools.models import CentreShare, Participation, ParticipationRole, Project, User

_TITLES = {ReportKind.INTERIM: "Tussentijds verslag", ReportKind.FINAL: "Eindevaluatie"}
#: A draft that was made a moment ago and that nobody touched is the one that was meant.
_PRESSED_TWICE = timedelta(seconds=10)


@transaction.atomic
def draft_evaluation(*, project: Project, kind: ReportKind | str, by: User | None = None) -> EvaluationReport:
    """Make the next version of the report; ``by`` is None when the calendar asks for it. Pressed twice it is one."""
    kind = ReportKind(kind)
    asked = clock.now()
    Project.objects.select_for_update(of=("self",), no_key=True).get(pk=project.pk)
    now = clock.now()
    reports = EvaluationReport.objects.filter(project=project, kind=kind)
    fresh = reports.filter(created_at__gt=asked - _PRESSED_TWICE, edited_at=F("created_at"), edited_by=by)
    if by is not None and (made := fresh.order_by("-version").first()) is not None:
        return made
    last = reports.aggregate(last=Max("version"))["last"] or 0
    sheet = opening_sheet(project)
    report = EvaluationReport.objects.create(
        project=project,
        kind=kind,
        version=last + 1,
        title=f"{_TITLES[kind]} {project.year}",
        identification=sheet_rows(sheet),
        created_at=now,
        edited_at=now,
        edited_by=by,
    )
    first = ReportChapter(report=report, number=0, plan=0, title=CHAPTERS[0].title, text=sheet)
    entries = enumerate(entries_of(outline_of(project)), start=1)
    others = [
        ReportChapter(report=report, number=number, plan=entry.plan, title=entry.title, text=entry.opening)
        for number, entry in entries
    ]
    ReportChapter.objects.bulk_create([first, *others])
    ChapterVersion.objects.bulk_create(
        ChapterVersion(chapter=chapter, edition=chapter.edition, text=chapter.text, written_at=now)
        for chapter in report.chapters.all()
    )
    bind_all(report, by)
    audit.record(actor=by, verb="draft", target=report, kind=str(kind), version=report.version)
    return report


def opening_sheet(project: Project) -> str:
    """The identification sheet: what the project's rows know, then what somebody must fill in."""
    known = [f"{label}: {value}" for label, value in _known_facts(project)]
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
    with override(LANGUAGE):
        days = [date_format(day, "j F Y") if day else "–" for day in (project.starts_on, project.ends_on)]
        due = date_format(project.report_due_on, "j F Y")
    return [
        ("Project", project.name),
        ("Fonds", project.funder),
        ("Dossiernummer", project.grant_number),
        ("Uitvoerders", ", ".join(f"{row.centre.name} ({row.share} %)" for row in centres)),
        ("Scholen", ", ".join(pilots.order_by("school__name").values_list("school__name", flat=True))),
        ("Partners", ", ".join(project.partners.values_list("name", flat=True))),
        ("Periode", f"{days[0]} tot en met {days[1]}"),
        ("Verslag in te dienen vóór", due),
        ("Toegekend bedrag", in_euros(money.granted) if lines else ""),
        ("Besteed bedrag", in_euros(money.spent) if lines else ""),
    ]
