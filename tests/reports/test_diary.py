"""The joint worker's diary: dated, tagged, searched, without families in it, and nobody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ingroeibloei import retention
from parents.models import Guardian
from reports.evaluation import content_of
from reports.evaluation.diary import NamesSomebodyError, Tags, notes_of, write_note
from reports.models import DiaryNote, EvaluationReport
from schools.models import AuditEntry, Method
from schools.reference import load_methods
from tests.cast import Cast
from tests.reports.conftest import travel_to

pytestmark = pytest.mark.django_db
LIST = "/school/dagboek/"


def note(town: Cast, text: str = "De koffie liep vol.", days: int = 30, **tags: Any) -> DiaryNote:
    assert town.project is not None
    day = town.year.starts_on + timedelta(days=days)
    return write_note(
        project=town.project, day=day, text=text, tags=Tags(**tags), client_id=uuid4(), by=town.staff["joint"]
    )


def typed(town: Cast, text: str, **more: Any) -> dict[str, Any]:
    return {"day": f"{town.year.starts_on + timedelta(days=9)}", "text": text, "client_id": str(uuid4()), **more}


def family(town: Cast) -> str:
    somebody = Guardian.objects.exclude(last_name="").first()
    assert somebody is not None
    return f"{somebody.first_name} {somebody.last_name}"


def test_a_note_is_written_found_changed_and_taken_out(town: Cast) -> None:
    load_methods()
    client, method = town.client("joint"), Method.objects.get(slug="home-visit")
    school = town.schools["kersenboom"]
    form = typed(town, "“Ik kom nu wel”, zei een moeder.", chapter=9, method=method.pk, school=school.pk)
    for _twice in range(2):
        assert client.post(LIST, form).status_code == 302
    (row,) = DiaryNote.objects.all()
    assert (row.chapter, row.method, row.school) == (9, method, school)
    note(town, "Iets anders.")
    for question in ("q=moeder", "chapter=9", f"method={method.pk}", f"school={school.pk}", "q=kom wel"):
        shown = client.get(f"{LIST}?{question}").content.decode()
        assert "zei een moeder" in shown, question
        assert "Iets anders." not in shown, question
    narrowed = client.get(f"{LIST}?project={row.project_id}&q=moeder").content.decode()
    assert f'name="project" value="{row.project_id}"' in narrowed, "the year goes along"
    assert [narrowed.count(f'id="{name}_chapter"') for name in ("id", "filter")] == [1, 1], "two forms stand there"
    assert f'href="{LIST}?project={row.project_id}">Alles tonen' in " ".join(narrowed.split())
    change = reverse("diary_note", args=[row.pk])
    client.post(change, {**form, "text": "Een vader zei het."})
    row.refresh_from_db()
    assert row.text == "Een vader zei het."
    client.post(change, {"remove": "1"})
    assert not DiaryNote.objects.filter(pk=row.pk).exists()
    assert AuditEntry.objects.filter(target_kind="reports.diarynote").count() == 4
    assert "vader" not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_a_note_that_names_a_family_comes_back_and_one_button_takes_the_name_out(town: Cast) -> None:
    client, name = town.client("joint"), family(town)
    form = typed(town, f"“Dank u”, zei {name}. Bel 0470 12 34 56.")
    refused = client.post(LIST, form)
    shown = refused.content.decode()
    assert refused.status_code == 422
    assert f"“{name}”" in shown
    assert 'name="without"' in shown
    assert not DiaryNote.objects.exists()
    without = client.post(LIST, {**form, "without": "1"}).content.decode()
    assert "zei …. Bel …." in without
    assert not DiaryNote.objects.exists()
    with pytest.raises(NamesSomebodyError):
        note(town, f"Weer {name}")


def test_a_name_that_came_later_is_marked(town: Cast) -> None:
    note(town, "Een gesprek met Zohra Benali over lezen.")
    Guardian.objects.create(first_name="Zohra", last_name="Benali")
    shown = town.client("joint").get(LIST).content.decode()
    assert '<mark dir="auto">Zohra Benali</mark>' in shown


def test_a_day_to_come_and_other_nonsense_come_back_whole(town: Cast) -> None:
    client = town.client("joint")
    for wrong in (
        {"day": "2199-01-01"}, {"day": "gisteren"}, {"text": ""}, {"text": "x" * 2001}, {"chapter": "77"},
        {"method": "x"}, {"school": "9" * 30}, {"client_id": "x"},
    ):  # fmt: skip
        assert client.post(LIST, {**typed(town, "Blijft staan."), **wrong}).status_code == 422, wrong
    assert not DiaryNote.objects.exists()
    for question in ("chapter=x", "school=" + "9" * 30, "page=x", "q=" + "a" * 500):
        assert client.get(f"{LIST}?{question}").status_code == 200


def test_only_the_joint_worker_reads_it(town: Cast) -> None:
    row = note(town)
    for key in ("director_vclb", "coordinator", "teacher_3b", "head", "clb_vclb"):
        for url in (LIST, reverse("diary_note", args=[row.pk])):
            assert town.client(key).get(url).status_code == 403
    assert town.client("joint").get(f"{LIST}?project={row.project_id + 99}").status_code == 404


def test_it_is_put_into_the_chapter_and_stands_in_no_file(town: Cast, report: EvaluationReport) -> None:
    row = note(town, "De koffie liep vol.", chapter=9)
    other = note(town, "Voor een ander hoofdstuk.", chapter=4)
    url, client = reverse("chapter_edit", args=[report.pk, 9]), town.client("joint")
    shown = client.get(url).content.decode()
    assert row.text in shown
    assert other.text not in shown
    page = client.post(url, {"text": "Begin.", "edition": 1, "note": row.pk}).content.decode()
    assert "Begin.\n\nDe koffie liep vol." in page
    assert row.text not in str(content_of(report))
    assert client.post(url, {"text": "Begin.", "edition": 1, "note": "9" * 30}).status_code == 200


def test_the_diary_costs_the_same_with_many_notes(town: Cast) -> None:
    client, counts = town.client("joint"), []
    for many in (2, 25):
        for number in range(many):
            note(town, f"Notitie {number}", school=town.schools["kersenboom"])
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert town.project is not None
    assert notes_of(town.project).count() == 27


def test_it_goes_with_the_year_after_the_report(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    note(town)
    rule = next(rule for rule in retention.RULES if rule.key == "diary")
    assert town.project is not None
    last = town.project.report_due_on.replace(month=12, day=31)
    travel_to(monkeypatch, last)
    assert rule.due().count() == 0
    travel_to(monkeypatch, last + timedelta(days=1))
    assert retention.carry_out(rule, dry_run=False) == 1
    assert not DiaryNote.objects.exists()
