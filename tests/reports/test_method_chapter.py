"""The chapter on method tells by itself what is missing, what is not shown and what figures do not say."""

from __future__ import annotations

from typing import Any

from parents.models import ContactMoment, Family
from reports.chapters import SENTENCES, opening
from reports.evaluation.binding import counting_for
from reports.evaluation.method import limits, missing
from reports.indicators import INDICATORS
from reports.richtext import placeholders
from tests.cast import Cast
from tests.reports.conftest import grow


def lines(cast: Cast) -> dict[str, list[str]]:
    assert cast.project is not None
    return {row[0]: row[1:] for row in missing(counting_for(cast.project))["table"]["rows"]}


def test_families_contacts_and_schools_of_which_something_is_missing_are_counted(town: Cast) -> None:
    grow(town, "go2", "", 8, reached=0, start=town.year.starts_on)
    ContactMoment.objects.filter(kind="PHONE").update(duration_min=10)
    without = ContactMoment.objects.filter(kind="PHONE").values_list("pk", flat=True)[:9]
    ContactMoment.objects.filter(pk__in=list(without)).update(duration_min=None)
    found = lines(town)
    assert found["Gezinnen van wie de thuistaal niet bekend is"][0] == str(
        Family.objects.filter(home_language="").count()
    )
    assert int(found["Contacten zonder genoteerde duur"][0]) >= 9
    assert found["Scholen die de toegankelijkheidsscan niet invulden"][:2] == ["2", "2"]


def test_a_group_of_one_to_four_is_not_told_here_either(town: Cast) -> None:
    ContactMoment.objects.update(duration_min=10)
    without = ContactMoment.objects.filter(kind="PHONE").values_list("pk", flat=True)[:3]
    ContactMoment.objects.filter(pk__in=list(without)).update(duration_min=None)
    assert lines(town)["Contacten zonder genoteerde duur"][:2] == ["niet getoond", "niet getoond"]


def test_figures_without_data_are_named(town: Cast) -> None:
    found: list[str] = lines(town)["Zonder gegevens in deze periode"]
    assert "I13" in found[2]
    assert int(found[0]) == found[2].count("I") - 1  # “Indicatoren” begins with one too


def test_each_figure_says_what_it_does_not_say(town: Cast) -> None:
    assert town.project is not None
    rows: Any = limits(counting_for(town.project))["table"]["rows"]
    assert [row[0] for row in rows] == [code for code in SENTENCES if INDICATORS[code].pitfalls]
    assert all(row[2] for row in rows)


def test_the_chapter_places_all_three_tables() -> None:
    assert [code for code, _part in placeholders(opening(11))] == ["D2", "D1", "D3"]
