"""A picker writes a day in the order of the device; the page writes it out beside it, in its own language. What is set
large is its number, not its words."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django import forms
from django.utils import translation

from ingroeibloei.templatetags.ui import as_field, written_day
from ingroeibloei.templatetags.written import daydate, daytime, hours, words_small
from schools import clock


class Form(forms.Form):
    day = forms.DateField(initial=date(2027, 5, 14))
    free = forms.DateField(required=False)
    word = forms.CharField(initial="14/05/2027")


@pytest.mark.parametrize(
    ("code", "words"), [("nl", "vr 14 mei 2027"), ("en", "Fri 14 May 2027"), ("fr", "ven 14 mai 2027")]
)
def test_a_day_that_was_sent_stands_in_words(code: str, words: str) -> None:
    with translation.override(code):
        html = " ".join(as_field(Form({"day": "2027-05-14"})["day"]).split())
    assert f'data-written-day="id_day" aria-live="polite">{words}</p>'.lower() in html.lower()
    assert 'type="date"' in html
    assert 'value="2027-05-14"' in html, "the picker is the browser's own"


def test_a_day_that_waits_in_an_empty_form_is_written_for_the_script_alone() -> None:
    """Without a script it could not follow what is chosen."""
    with translation.override("nl"):
        html = " ".join(as_field(Form()["day"]).split())
    assert 'aria-live="polite" hidden>vr 14 mei 2027</p>' in html


@pytest.mark.parametrize("sent", ["", "31/31/2027", "2027-13-01", "²"])
def test_what_is_no_day_is_not_written(sent: str) -> None:
    form = Form({"free": sent, "word": "2027-05-14"})
    assert written_day(form["free"]) == ""
    assert written_day(form["word"]) is None
    assert "data-written-day" not in as_field(form["word"])


@pytest.mark.parametrize(
    ("value", "html"),
    [
        ("2,5 schooldagen", '2,5 <span class="stat-unit">schooldagen</span>'),
        ("65,1\u00a0%", "65,1\u00a0%"),
        ("–", "–"),
        ("1 <b>", '1 <span class="stat-unit">&lt;b&gt;</span>'),
    ],
)
def test_a_number_set_large_keeps_its_words_small(value: str, html: str) -> None:
    """At 1366 pixels the last letter of "schooldagen" stood on a line of its own."""
    assert words_small(value) == html


@pytest.mark.parametrize(("days", "is_far"), [(-400, True), (-366, True), (-200, False), (200, False), (400, True)])
def test_a_day_a_year_away_says_its_year(days: int, is_far: bool) -> None:
    """A talk of last November is not read as one of this week."""
    day = clock.today() + timedelta(days=days)
    moment = datetime.combine(day, time(10), tzinfo=clock.BRUSSELS)
    with translation.override("nl"):
        shown = [daydate(day), daytime(moment), hours(moment, None), hours(moment, moment + timedelta(hours=1))]
        yearly = daydate(day, "any")
    assert [str(day.year) in words for words in shown] == [is_far] * 4
    assert str(day.year) not in yearly
