"""What the figures say on the page for the fund: a sentence where there is something to say, none where hidden."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from reports.evaluation.bound import Bound, change, value_in_words
from reports.models import ChapterBlock, FigureRun
from reports.render.summary_sentences import next_year, what_they_say, what_was_done, whom_we_reached

HIDDEN = {"text": "niet getoond", "number": None, "unit": "%", "n": None, "N": None, "hidden": "SMALL"}


def share(n: int, size: int) -> dict[str, Any]:
    return {"text": "…", "number": 100 * n / size, "unit": "%", "n": n, "N": size}


def figure(unit: str, number: float | None, text: str = "…") -> dict[str, Any]:
    return {"text": text, "number": number, "unit": unit, "n": 3, "N": 9}


def bound(**results: dict[str, Any]) -> Bound:
    days = {"period_from": date(2026, 9, 1), "period_to": date(2027, 5, 31), "parameters": {"window": "year"}}
    runs = [FigureRun(indicator=code, result=result, **days) for code, result in results.items()]
    return Bound(ChapterBlock(run=run) for run in runs)


def rows(*found: list[str]) -> dict[str, Any]:
    return {"table": {"rows": list(found)}}


PLACES = (
    ["De Wijngaard", "GO!", "CLB GO!", "vergelijkingsschool", "132"],
    ["De Bloesem", "GO!", "CLB GO!", "proefschool", "131"],
)


def test_who_worked_together_and_what_happened() -> None:
    contacts = rows(["Huisbezoek", "12", "10", "9"], ["Alle contacten", "240", "180", "–"],
                    ["Groepsmomenten (koffie, open klas, bibliotheek)", "1", "30", "–"])  # fmt: skip
    found = bound(I01=share(180, 200), T8=rows(["VCLB"], ["CLB GO!"]), T9=rows(*PLACES), T3=contacts,
                  I17=share(22, 24), I29=figure("h", 312))  # fmt: skip
    with override("nl"):
        assert what_was_done(found) == [
            "Van 1\u00a0september\u00a02026 tot en met 31\u00a0mei\u00a02027 werkten 1 school, 2 CLB’s en de stad "
            "aan één vraag: hoe bereikt een basisschool elke ouder?",
            "Er gingen 240 contacten door, met 180 gezinnen.",
            "1 groepsmoment, zoals een koffiemoment of een open klas, bracht ouders in de school.",
            "Waar een tolk nodig was, kwam er in 92\u00a0% van de gesprekken een opgeleide tolk (22 van 24).",
            "De gezamenlijke medewerker van de CLB’s werkte er 312\u00a0uur aan.",
        ]


def test_what_is_hidden_or_was_not_counted_makes_no_sentence() -> None:
    small = rows(["Alle contacten", "niet getoond", "niet getoond", "–"])
    with override("en"):
        said = what_was_done(bound(I01=HIDDEN, T3=small, I17=HIDDEN))
        assert said[1:] == ["How many contacts there were is not shown: the group is too small."]
        assert whom_we_reached(bound(I01=HIDDEN, I02=share(9, 10), I03=share(1, 10))) == [
            "How many families were reached is not shown: the group is too small."
        ]
        assert whom_we_reached(bound(I01=share(9, 10), I02=HIDDEN, I03=HIDDEN)) == [
            "With 9 of 10 families at least one contact took place: 90\u00a0%."
        ]
        assert next_year(bound()) == []


@pytest.mark.parametrize(("families", "is_told"), [("0", False), ("niet getoond", True), ("12", True)])
def test_of_group_moments_to_which_nobody_is_known_to_have_come_it_says_nothing(families: str, is_told: bool) -> None:
    moments = rows(["Groepsmomenten (koffie, open klas, bibliotheek)", "2", families, "–"])
    with override("en"):
        said = " ".join(what_was_done(bound(I01=share(9, 10), T3=moments)))
    assert ("2 group moments, such as coffee or an open class, brought parents into the school." in said) is is_told


def test_what_teams_and_parents_say_if_they_were_asked() -> None:
    with override("fr"):
        assert what_they_say(bound()) == ["Il n’y a pas encore eu d’enquête pendant cette période."]
        said = what_they_say(bound(I25=share(110, 120), I26=HIDDEN, I30=share(6, 24)))
    assert len(said) == 2
    assert "91,7\u00a0% de leurs réponses" in said[0]
    assert "25\u00a0% (6 sur 24)" in said[1]


@pytest.mark.parametrize(
    ("language", "expected"),
    [("nl", ["91,7\u00a0%", "2,5 schooldagen", "25\u00a0pp", "langer dan de periode", "niet getoond", "–"]),
     ("fr", ["91,7\u00a0%", "2,5 jours d’école", "25\u00a0pp", "plus long que la période", "non montré", "–"]),
     ("en", ["91.7\u00a0%", "2.5 school days", "25\u00a0pp", "longer than the period", "not shown", "–"])],
)  # fmt: skip
def test_a_stored_figure_is_said_in_the_readers_language(language: str, expected: list[str]) -> None:
    stored = [share(110, 120), figure("school days", 2.5), figure("pp", 25.0),
              figure("school days", None, "langer dan de periode"), HIDDEN, figure("%", None, "–")]  # fmt: skip
    with override(language):
        assert [value_in_words(one) for one in stored] == expected


def test_a_change_comes_from_the_counts() -> None:
    """65,8 % and 68,5 % lie 2,7 points apart; beside a share without decimals a change has none."""
    with override("en"):
        assert change(share(131, 199), share(137, 200)) == "change: +2.7\u00a0pp"
        assert change(share(32, 50), share(137, 200)) == "change: +5\u00a0pp"
        assert change(HIDDEN, share(9, 10)) == change(figure("pp", 3.0), figure("pp", 5.0)) == ""
