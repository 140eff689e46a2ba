"""The whole report as one JSON document: what is frozen, what the page shows and what the typesetter sets."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import override

from reports.evaluation.binding import blocks_of
from reports.evaluation.counting import LANGUAGE, name_of
from reports.evaluation.outlines import plan_for
from reports.indicators import INDICATORS
from reports.models import ChapterBlock, EvaluationReport, ReportKind
from reports.render.in_text import Figures
from reports.render.summary import summaries_of
from reports.richtext import Block, Run, blocks_of_text
from reports.sealing import checksum
from schools import clock
from schools.models import Assignment, CentreShare, Role

BRAND = "In groei en bloei"
NAMES = {
    ReportKind.INTERIM: "Tussentijds verslag",
    ReportKind.FINAL: "Eindevaluatie",
    ReportKind.APPLICATION: "Aanvraag",
}
LABELS = {
    "identification": "Identificatie",
    "contents": "Inhoud",
    "signatures": "Handtekeningen",
    "signature": "handtekening",
    "colophon": "Colofon",
    "runs": "Berekeningen",
    "run": "nr.",
    "indicator": "indicator",
    "as_of": "stand van",
    "checksum": "controlegetal",
}


def document_of(report: EvaluationReport) -> dict[str, Any]:
    """Title, identification, chapters with their blocks, people who sign, and the runs behind the figures."""
    bound = blocks_of(report)
    figures = Figures(bound)
    name, is_application = NAMES[ReportKind(report.kind)], report.kind == ReportKind.APPLICATION
    year = report.wishes["year"] if is_application else str(report.project.year)
    with override(LANGUAGE):
        today = date_format(clock.today(), "j F Y")
    chapters = [chapter for chapter in report.chapters.all() if chapter.number > 0]
    return {
        "lang": "nl-BE",
        "date": clock.today().isoformat(),
        "brand": BRAND,
        "title": f"{name} {year}",
        "subtitle": "Hoe scholen, CLB’s en stad samen elke ouder bereiken",
        "running_title": f"{report.project.name} · {name.lower()} {year}",
        "cover_lines": [f"Schooljaar {year}", f"Versie {report.version} · {today}", report.project.funder],
        "labels": LABELS,
        "identification": [*identification(report), *_counted_until(bound, is_application)],
        "chapters": [
            {
                "number": chapter.number,
                "title": chapter.title,
                "new_page": plan_for(chapter).starts_a_page,
                "blocks": chapter_blocks(chapter.text, [one for one in bound if one.chapter_id == chapter.pk], figures),
            }
            for chapter in chapters
        ],
        "summaries": {} if is_application else summaries_of(report, bound),
        "people": signing_people(report),
        "runs": [_listed(block) for block in bound],
    }


def identification(report: EvaluationReport) -> list[dict[str, str]]:
    """The rows of the identification sheet that have a value, those of the project first."""
    return [row for row in report.identification if row["text"]]


def _counted_until(bound: list[ChapterBlock], is_application: bool) -> list[dict[str, str]]:
    """The days that the figures are about: those of a draft end before its project does."""
    run = next((block.run for block in bound if block.run.parameters.get("window") == "year"), None)
    if run is None or is_application:
        return []
    with override(LANGUAGE):
        days = [date_format(day, "j F Y") for day in (run.period_from, run.period_to)]
    return [{"label": "Periode van de cijfers", "text": f"{days[0]} tot en met {days[1]}"}]


def chapter_blocks(text: str, bound: list[ChapterBlock], figures: Figures) -> list[Block]:
    """The text with its figures in place, those of other chapters too; own ones that it does not place follow at the
    end."""
    placeable = {block.run.indicator: block for block in bound if block.run.indicator not in INDICATORS}
    blocks: list[Block] = []
    for block in blocks_of_text(text):
        if block["type"] == "place":
            found = placeable.pop(block["code"], None) or figures.blocks.get(block["code"])
            blocks += _figure_blocks(found) if found else [_paragraph([figures.run_of(block["code"], "")])]
        elif block["type"] in ("ul", "ol"):
            blocks.append({**block, "items": [figures.filled(item) for item in block["items"]]})
        else:
            blocks.append({**block, "runs": figures.filled(block["runs"])})
    return blocks + [made for block in placeable.values() for made in _figure_blocks(block)]


#: Who signs for a centre that nobody directs.
NOBODY = "–"


def signing_people(report: EvaluationReport) -> list[dict[str, Any]]:
    """The director of each centre that carries the project; the centre alone where nobody is appointed."""
    shares = CentreShare.objects.filter(project=report.project).select_related("centre")
    posts = Assignment.objects.current().filter(role=Role.CLB_DIRECTOR).select_related("user").order_by("starts_on")
    directors = {post.clb_centre_id: post.user.full_name for post in posts}
    return [
        {
            "centre": share.centre_id,
            "role": "directie",
            "name": directors.get(share.centre_id, NOBODY),
            "organisation": share.centre.name,
        }
        for share in shares
    ]


def sealed(document: dict[str, Any]) -> dict[str, Any]:
    """The document with its own checksum beside it, over everything else in it."""
    return {**document, "checksum": checksum(document)}


def for_typesetter(document: dict[str, Any], status: str) -> dict[str, Any]:
    """The document as the print template wants it; without a checksum it is a draft."""
    mark = document.get("checksum", "")
    short = " ".join(mark[place : place + 4] for place in range(0, 16, 4)).strip()
    content = {key: value for key, value in document.items() if key not in ("people", "runs", "summaries")}
    lines = [
        {
            "label": "Controlegetal (SHA-256)",
            "text": f"{mark[:32]}\n{mark[32:]}" if mark else "ontwerp, nog niet vastgelegd",
        },
        {
            "label": "Cijfers",
            "text": "Elk cijfer is gebonden aan een bewaarde berekening. Kleine groepen zijn niet getoond.",
        },
        {"label": "Licentie", "text": "CC BY 4.0"},
    ]
    return content | {
        "status": status,
        "checksum_short": short,
        "signatures": _signatures(document["people"], short),
        "colophon": {"lines": lines, "runs": [{**run, "checksum": run["checksum"][:12]} for run in document["runs"]]},
    }


def _signatures(people: list[dict[str, Any]], short: str) -> dict[str, Any]:
    intro = (
        f"De directies van de CLB’s tekenen in het portaal, met hun tweede factor, voor controlegetal {short}. "
        "Wie wanneer tekende, staat in het register van het portaal. Op papier tekenen kan hieronder."
        if short
        else "Dit is een ontwerp. De directies tekenen pas als de inhoud is vastgelegd."
    )
    shown = ("role", "name", "organisation")
    return {"intro": intro, "people": [{key: person[key] for key in shown} for person in people]}


def _listed(block: ChapterBlock) -> dict[str, Any]:
    run = block.run
    with override(LANGUAGE):
        as_of = date_format(clock.local_date(run.as_of), "j F Y")
    name = (
        f"{run.indicator} {name_of(run.indicator)}"
        if run.indicator in INDICATORS
        else f"{run.indicator} {block.caption}"
    )
    window = {"baseline": " (nulmeting)", "end": " (laatste meting)"}.get(run.parameters.get("window", ""), "")
    return {
        "id": run.pk,
        "indicator": f"{name}{window}",
        "version": run.version,
        "from": run.period_from.isoformat(),
        "to": run.period_to.isoformat(),
        "as_of": as_of,
        "checksum": run.checksum,
        "result": run.result,
    }


def _figure_blocks(block: ChapterBlock) -> list[Block]:
    result = block.run.result
    if "blocks" in result:
        return list(result["blocks"])
    if "table" in result:
        return [{"type": "table", "caption": block.caption, **result["table"]}]
    if "chart" in result:
        return [{"type": "chart", **result["chart"], "title": block.caption}]
    return [{"type": "figures", "items": result["cards"]}]


def _paragraph(runs: list[Run]) -> Block:
    return {"type": "p", "runs": runs}
