"""Days, euros and school days as the reader's language writes them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from reports.amounts import in_euros
from reports.wording import contacts, in_days, school_days
from schools.days import day_of, day_of_year, full_day


@pytest.mark.parametrize(
    ("code", "much", "little"),
    [("nl", "€ 1.234,50", "−€ 0,09"), ("fr", "1 234,50 €", "−0,09 €"), ("en", "€1,234.50", "−€0.09")],
)
def test_money(code: str, much: str, little: str) -> None:
    written = [in_euros(Decimal(amount), code).replace("\u00a0", " ") for amount in ("1234.5", "-0.09")]
    assert written == [much, little]


@pytest.mark.parametrize(
    ("code", "short", "full"),
    [("nl", "1 feb 2027", "1 februari 2027"), ("fr", "1er fév 2027", "1er février 2027"),
     ("en", "1 Feb 2027", "1 February 2027")],
)  # fmt: skip
def test_the_first_of_a_month(code: str, short: str, full: str) -> None:
    with override(code):
        written = (day_of(date(2027, 2, 1)), full_day(date(2027, 2, 1)))
        assert written == (short.replace(" ", "\u00a0"), full.replace(" ", "\u00a0")), "a day is not cut by a line"
        assert day_of_year(date(2027, 2, 1)) == short.replace(" ", "\u00a0").removesuffix("\u00a02027")
        assert full_day(date(2027, 2, 11)).startswith("11\u00a0")


def test_in_french_what_is_under_two_is_one() -> None:
    with override("fr"):
        written = [words.replace("\u00a0", " ") for words in (in_days(1.5), in_days(0), in_days(2.5))]
        assert written == ["1,5 jour d’école", "0 jour d’école", "2,5 jours d’école"]
        assert school_days("−1,5") == "−1,5 jour d’école"
        assert [contacts(number) for number in ("1,5", "+2")] == ["1,5 contact", "+2 contacts"]
    with override("nl"):
        assert [contacts(number) for number in ("1", "1,5")] == ["1 contact", "1,5 contacten"]


def test_one_school_day_is_one() -> None:
    with override("nl"):
        assert [in_days(number) for number in (1, 2.5)] == ["1 schooldag", "2,5 schooldagen"]
