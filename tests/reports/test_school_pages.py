"""Each school has a page in the evaluation: its figures beside those of all, and nothing that a table hides."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook

from parents.models import ContactKind, ContactMoment
from reports.disclosure import Shown
from reports.evaluation import draft_evaluation, submit_for_review
from reports.evaluation.binding import counting_for
from reports.evaluation.contacts import KINDS
from reports.evaluation.counting import NOT_SHOWN
from reports.evaluation.resources import activities
from reports.evaluation.schoolpages import school_pages
from reports.models import EvaluationReport, ReportKind, Target
from reports.render.document import document_of
from reports.render.page import words_in
from schools.models import Participation
from tests.cast import Cast
from tests.reports.conftest import grow, words_of


@pytest.fixture
def town(town: Cast) -> Cast:
    """The same town with more families of the second school, so that fewer of its figures are hidden."""
    grow(town, "go2", "nl", 20, reached=6, start=town.year.starts_on)
    return town


def pages(cast: Cast) -> dict[str, list[dict[str, Any]]]:
    """The blocks of each school's page."""
    assert cast.project is not None
    found: dict[str, list[dict[str, Any]]] = {}
    name = ""
    for block in school_pages(counting_for(cast.project))["blocks"]:
        if block["type"] == "h2":
            name = block["runs"][0]["text"]
        if name:
            found.setdefault(name, []).append(block)
    return found


def row(blocks: list[dict[str, Any]], caption: str, head: str) -> list[str]:
    table = next(block for block in blocks if block["type"] == "table" and block["caption"].endswith(caption))
    return next(line for line in table["rows"] if line[0] == head or line[1] == head)


def test_a_school_stands_beside_all_schools_with_its_own_target(town: Cast) -> None:
    school = town.schools["kersenboom"]
    assert town.project is not None
    for value, where in ((60, None), (90, school)):
        Target.objects.create(
            project=town.project, school=where, indicator="I02", value=value, holds_from=town.year.starts_on
        )
    found = pages(town)
    assert list(found) == sorted(found)
    own = found[school.name]
    line = row(own, "kerncijfers", "I01")
    assert tuple(words.replace("\u00a0", " ") for words in line[2:4]) == ("63 %", "26 / 41")
    assert line[6] != line[2]
    assert row(own, "kerncijfers", "I02")[4:6] == ["90\u00a0%", "nog niet"]
    assert not any("I23" in cell for line in own[2]["rows"] for cell in line)


def test_each_page_has_the_ladder_and_the_contacts_by_kind(town: Cast) -> None:
    own = pages(town)[town.schools["kersenboom"].name]
    ladder = next(block["rows"] for block in own if "bereikt zijn" in block.get("caption", ""))
    assert sum(int(line[1]) for line in ladder) == 41
    assert row(own, "contacten die doorgingen", "Alle contacten")[1] == "28"


def test_schools_that_are_compared_with_have_no_page(town: Cast) -> None:
    Participation.objects.filter(project=town.project, school=town.schools["kersenboom"]).update(role="COMPARISON")
    assert town.schools["kersenboom"].name not in pages(town)


def contacts_of(page: list[dict[str, Any]]) -> dict[str, str]:
    """Each kind of contact of a school, those too that its note names as not shown."""
    table = next(block for block in page if "doorgingen" in block.get("caption", ""))
    named = table["note"].partition("Niet getoond: ")[2].partition(".")[0]
    hidden = [name[:1].upper() + name[1:] for name in named.split(", ") if name]
    return dict(table["rows"]) | dict.fromkeys(hidden, NOT_SHOWN)


def call_some(cast: Cast, kind: str, **numbers: int) -> None:
    """So many of the phone calls of these schools were of another kind."""
    for name, number in numbers.items():
        phoned = ContactMoment.objects.filter(school=cast.schools[name], kind="PHONE")
        ContactMoment.objects.filter(pk__in=list(phoned.values_list("pk", flat=True)[:number])).update(kind=kind)


def of_all_schools(cast: Cast) -> dict[str, str]:
    assert cast.project is not None
    return {line[0]: line[1] for line in activities(counting_for(cast.project))["table"]["rows"]}


def test_no_page_tells_what_the_table_of_all_contacts_hides(town: Cast) -> None:
    """In every row and column of schools and kinds with its total, hidden cells stand by two or more."""
    call_some(town, "HOME_VISIT", kersenboom=3, bloesem=9)
    of_all = of_all_schools(town)
    columns = [contacts_of(page) for page in pages(town).values()]
    kinds = {kind for column in columns for kind in column}
    lines = [[*(column.get(kind, "0") for column in columns), of_all[kind]] for kind in kinds & of_all.keys()]
    lines += [list(column.values()) for column in columns]
    lines.append(list(of_all.values()))
    hidden = [line.count(NOT_SHOWN) for line in lines]
    assert any(hidden), "three talks are hidden"
    assert 1 not in hidden
    assert not any(0 < int(words) < 5 for line in lines for words in line if words != NOT_SHOWN)


def test_the_table_of_all_contacts_hides_nothing_that_another_figure_tells(town: Cast) -> None:
    """I11 says how many contacts of each kind there were: hidden here, that would still be known, and tell what it hid.
    On the pages of the schools, kinds so rare stand together."""
    ContactMoment.objects.filter(kind="GATE_TALK").update(kind="PHONE")
    call_some(town, "ORIENTATION", kersenboom=1, bloesem=4)
    call_some(town, "MDO", kersenboom=1, bloesem=5)
    assert town.project is not None
    told = counting_for(town.project).figure("I11", by="kind").rows
    numbers = {str(KINDS[ContactKind(kind)]): str(cell.N) for kind, cell in told.items() if isinstance(cell, Shown)}
    assert numbers == {"Telefoongesprek": "33", "Gesprek over de schoolkeuze": "5", "Overleg over zorg (MDO)": "6"}
    assert numbers.items() <= of_all_schools(town).items()
    for page in pages(town).values():
        assert list(contacts_of(page)) == ["Alle contacten", "Telefoongesprek", "Andere afspraken"]


@pytest.fixture
def report(town: Cast) -> EvaluationReport:
    assert town.project is not None
    return draft_evaluation(project=town.project, kind=ReportKind.FINAL, by=town.staff["joint"])


def test_page_paper_word_and_workbook_show_them_and_prove_themselves(
    town: Cast, report: EvaluationReport, tmp_path: Any
) -> None:
    school = town.schools["kersenboom"].name
    captions = (f"{school}: kerncijfers", f"{school}: hoe ver de gezinnen bereikt zijn")
    frozen = submit_for_review(report=report, by=town.staff["joint"])
    Participation.objects.all().delete()
    page = town.client("director_vclb").get(reverse("report_detail", args=[report.pk])).content.decode()
    printed = words_of(bytes(frozen.pdf))
    for caption in captions:
        assert caption in page
        assert caption in printed
    files = {file.kind: bytes(file.content) for file in frozen.files.all()}
    book = load_workbook(io.BytesIO(files["XLSX"]), read_only=True)
    contents = [line[1] for line in book["Inhoud"].iter_rows(values_only=True) if len(line) > 1]
    assert set(captions) <= set(contents)
    for kind in ("XLSX", "DOCX"):
        place = tmp_path / f"verslag.{kind.lower()}"
        place.write_bytes(files[kind])
        call_command("verify_report", str(place))


def test_words_between_the_tables_are_not_counted_as_written(town: Cast, report: EvaluationReport) -> None:
    chapter = next(one for one in document_of(report)["chapters"] if one["number"] == 6)
    own = [block for block in chapter["blocks"] if not block.get("made")]
    assert len(own) < len(chapter["blocks"])
    assert words_in(chapter["blocks"]) == words_in(own)


def test_the_report_calls_a_kind_of_contact_as_the_portal_does() -> None:
    with override("nl"):
        portal = {kind: str(kind.label) for kind in KINDS}
    assert {kind: name[:1].lower() + name[1:] for kind, name in KINDS.items()} == portal
