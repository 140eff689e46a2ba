"""Values as each language writes them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from messaging import formats
from schools.languages import INTERFACE_CODES

DAY = date(2027, 2, 11)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("nl", "donderdag 11 februari 2027"),
        ("fr", "jeudi 11 février 2027"),
        ("en", "Thursday 11 February 2027"),
        ("tr", "11 Şubat 2027 Perşembe"),
        ("pl", "czwartek, 11 lutego 2027"),
        ("ru", "четверг, 11 февраля 2027"),
        ("ar", "الخميس 11 فبراير 2027"),
        ("ps", "پنجشنبه 11 فبروري 2027"),
        ("so", "Khamiis 11 Febraayo 2027"),
        ("prs", "پنجشنبه 11 فوریه 2027"),
        ("rif", "donderdag 11 februari 2027"),
    ],
)
def test_a_day_is_written_in_the_readers_words(code: str, words: str) -> None:
    assert formats.long_day(DAY, code) == words


def test_french_writes_the_first_of_a_month_as_an_ordinal() -> None:
    assert formats.long_day(date(2027, 2, 1), "fr") == "lundi 1er février 2027"
    assert formats.long_day(date(2027, 2, 1), "nl") == "maandag 1 februari 2027"


@pytest.mark.parametrize("code", INTERFACE_CODES)
def test_every_language_names_all_days_and_months_differently(code: str) -> None:
    week = {formats.long_day(DAY + timedelta(days=n), code).replace(str(DAY.day + n), "") for n in range(7)}
    year = {formats.long_day(date(2027, month, 1), code, with_year=False) for month in range(1, 13)}
    assert (len(week), len(year)) == (7, 12)


def test_hours_and_amounts_keep_latin_figures() -> None:
    assert [formats.hour(value, "nl") for value in ("9:05", "16.30", "16:30:00", "na school")] == [
        "9.05",
        "16.30",
        "16.30",
        "na school",
    ]
    assert formats.hour("16.30", "ar") == "16:30"
    assert [formats.euros(value) for value in ("12.5", "12,50", "3", "gratis", "NaN")] == [
        "€\u00a012,50",
        "€\u00a012,50",
        "€\u00a03,00",
        "gratis",
        "NaN",
    ]


@pytest.mark.parametrize("value", ["1E99999999", "-1e10", "1E-99999999", "1E999999999999999999"])
def test_an_amount_that_would_be_written_with_millions_of_noughts_stays_as_typed(value: str) -> None:
    assert formats.euros(value) == value


def test_names_are_listed_in_the_readers_way() -> None:
    assert formats.joined(["Ali", "Sara", "Mo"], "nl") == "Ali, Sara en Mo"
    assert formats.joined(["Ali", "Sara"], "ar") == "Ali وSara"
    assert formats.joined(["Ali"], "pa") == "Ali"
    assert formats.joined([], "pa") == ""


def test_only_a_line_that_needs_it_gets_isolates() -> None:
    assert formats.isolated("Ali", "nl") == "Ali"
    assert formats.isolated("علي", "nl") == "\u2068علي\u2069"
    assert formats.isolated("011 00 00 03", "ar") == "\u2068011 00 00 03\u2069"
    assert formats.isolated("", "ar") == ""


def test_a_typed_value_cannot_turn_the_line_or_pose_as_a_variable() -> None:
    assert formats.plain("a\u202eb\r\nc {child}\u2069 \ue0f1") == "a b c (child)"
    assert formats.filled("Waar: {place} {unknown}", {"place": "{child}"}, "nl") == "Waar: (child) …"


def test_the_childs_name_stays_open_until_it_is_read() -> None:
    text = formats.filled("Over {child}, {date}", {"date": "2027-02-11"}, "nl")
    assert text == "Over {child}, donderdag 11 februari 2027"
    assert formats.with_children(text, ["Ali", "Sara"], "nl") == "Over Ali en Sara, donderdag 11 februari 2027"
    assert formats.filled("{date}", {"date": "2027-02-11"}, "nl", short=True) == "donderdag 11 februari"
