"""What measurements give to figures, to the evaluation and to next year; and how long they and their words are kept."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from ingroeibloei.retention import RULES
from messaging.persondata import as_json, as_pdf
from parents.models import DataRequest
from parents.services.doubles import join_guardians
from reports import measuring
from reports.disclosure import Cell, Hidden, Shown
from reports.evaluation.counting import Counting, Windows
from reports.evaluation.resources import voices
from reports.figures import FigureScope, Period, compute
from reports.measuring import Given
from reports.measuring.carrying import carry_along
from reports.models import FreeAnswer, MeasurementBox, MeasurementInvitee, MeasurementWave
from schools import clock
from schools.keeping import carry_out
from schools.models import Project, SchoolYear
from tests.cast import Cast
from tests.parents.frame import text_of
from tests.reports.measured import ALL_YES, crowd, opened, over

pytestmark = pytest.mark.django_db


def said(cast: Cast, yes: int, no: int, *, close: bool = True) -> MeasurementWave:
    wave = opened(cast)
    for place, one in enumerate(crowd(cast, yes + no)):
        marks = dict.fromkeys(ALL_YES.marks, 4 if place < yes else 0)
        measuring.answer(wave=wave, person=one, given=Given(marks))
    if close:
        measuring.close_wave(wave=wave, by=cast.staff["head"])
        wave.refresh_from_db()
    return wave


def experience(cast: Cast, by: str = "") -> Any:
    period = Period(cast.year.starts_on, cast.year.ends_on)
    return compute("I25", FigureScope(project=cast.project), period, by)


def test_a_figure_counts_what_is_closed_and_tells_the_response(cast: Cast) -> None:
    wave = said(cast, 6, 2, close=False)
    assert experience(cast).total == Cell(0, 0)
    measuring.close_wave(wave=wave, by=cast.staff["head"])
    figure = experience(cast, "question")
    assert (figure.total, figure.rows["welcome"]) == (Cell(30, 40), Cell(6, 8))
    assert figure.response == Cell(8, 13)
    outside = figure.protected(for_outsiders=True)
    assert isinstance(outside.rows["welcome"], Hidden), "two said no"
    assert outside.response() == Shown(8, 13)
    page = text_of(cast.client("head").get(reverse("indicator_detail", args=["I25"]), {"per": "question"}))
    assert "Hebben geantwoord" in page
    assert "Ik voel me welkom op school." in page


def test_what_next_year_took_along_is_counted_once_where_no_project_is_asked_for(cast: Cast) -> None:
    """A CLB reads its schools together: their one measurement, however many project years know of it."""
    assert cast.project is not None
    said(cast, 6, 2)
    next_first, next_last = cast.year.last_day + timedelta(days=1), cast.year.last_day + timedelta(days=303)
    coming = SchoolYear.objects.create(starts_on=next_first, ends_on=next_last)
    fresh = Project.objects.create(
        name=cast.project.name, year=coming, starts_on=next_first, ends_on=next_last, report_due_on=next_last
    )
    carry_along(cast.project, fresh)
    assert MeasurementWave.objects.count() == 2
    period = Period(cast.year.starts_on, cast.year.ends_on)
    figure = compute("I25", FigureScope(schools=(*cast.schools.values(),)), period, "question")
    assert (figure.total, figure.rows["welcome"], figure.response) == (Cell(30, 40), Cell(6, 8), Cell(8, 13))


def test_of_few_answers_no_figure_knows(cast: Cast) -> None:
    said(cast, 3, 1)
    assert experience(cast).total == Cell(0, 0)
    assert experience(cast).response is None


def test_the_evaluation_tells_statements_and_response(cast: Cast) -> None:
    assert cast.project is not None
    wave = said(cast, 12, 6)
    MeasurementWave.objects.filter(pk=wave.pk).update(opens_on=cast.year.starts_on)
    table = voices(Counting(cast.project, Windows.of(cast.project, clock.today())))
    rows = {row[1]: row for row in table["table"]["rows"]}
    assert rows["Ik voel me welkom op school."][2].replace("\u00a0", " ") == "67 %"
    (response,) = [row for words, row in rows.items() if words.startswith("Respons")]
    assert re.fullmatch(r"18 van \d+", response[3]), "its column is called Answers"


def test_words_go_after_the_school_year_and_what_was_released_stays(cast: Cast) -> None:
    wave = over(said(cast, 5, 0))
    last = SchoolYear.objects.create(
        starts_on=cast.year.starts_on - timedelta(days=365), ends_on=cast.year.starts_on - timedelta(days=63)
    )
    MeasurementWave.objects.filter(pk=wave.pk).update(opens_on=last.starts_on, closes_on=last.ends_on)
    joint = {"reviewed_by": cast.staff["joint"]}
    FreeAnswer.objects.create(wave=wave, original="wacht")
    FreeAnswer.objects.create(wave=wave, original="achter", state="WITHHELD", **joint)
    FreeAnswer.objects.create(wave=wave, original="eigen woorden", words="Goed.", state="RELEASED", **joint)
    rule = next(one for one in RULES if one.key == "free answers")
    assert carry_out(rule, dry_run=True) == 3
    assert carry_out(rule, dry_run=False) == 3
    assert list(FreeAnswer.objects.values_list("original", "words", "reviewed_by")) == [("", "Goed.", None)]
    assert carry_out(rule, dry_run=False) == 0


def test_the_export_says_that_one_answered_and_not_what(cast: Cast) -> None:
    wave, mother = opened(cast), cast.guardians["dutch_mother"]
    measuring.answer(wave=wave, person=mother, given=Given({"welcome": 0}, "Zeg het niet voort."))
    request = DataRequest(guardian=mother, school=cast.schools["kersenboom"], kind="ACCESS", received_at=clock.now())
    text = as_json(request)
    assert '"answered": true' in text
    assert "voort" not in text
    assert as_pdf(request)


def test_two_rows_of_one_parent_may_be_joined_while_parents_are_asked(cast: Cast) -> None:
    first, second = crowd(cast, 2)
    for one in (first, second):
        one.first_name = "Lies"
        one.save(update_fields=["first_name"])
    wave = opened(cast)
    measuring.answer(wave=wave, person=second, given=ALL_YES)
    kept = join_guardians(first=first, second=second, school=cast.schools["kersenboom"], by=cast.staff["head"])
    assert not measuring.answer(wave=wave, person=kept, given=ALL_YES), "answered is who answered in either row"
    assert measuring.invited.count(wave) == (1, 6)
    assert MeasurementBox.objects.get().forms == {"own": 1}


def test_a_project_year_with_an_open_measurement_is_not_taken_back(cast: Cast) -> None:
    wave = opened(cast)
    with pytest.raises(Exception, match="protected"):
        MeasurementWave.objects.filter(pk=wave.pk).delete()
    assert MeasurementInvitee.objects.exists()
