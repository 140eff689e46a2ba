"""The tables and cards of a report, each made from protected figures only; its charts are in ``drawn``.

A builder takes the counting and gives what a run stores: ``{"table": …}``, ``{"chart": …}``, ``{"cards": …}`` or, of
several, ``{"blocks": …}`` in the form that the screen and the typesetter share.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from django.utils.translation import override

from reports.chapters import COMPARED, SENTENCES
from reports.disclosure import Shown, explanations
from reports.evaluation.accessible import scan_scores
from reports.evaluation.counting import (
    GROUP_NAMES,
    LANGUAGE,
    NO_BREAK,
    NOT_SHOWN,
    Counting,
    cell,
    name_of,
    points,
    texts_of,
)
from reports.evaluation.drawn import MONTHS, before_after, language_gap, reach_chart
from reports.evaluation.method import limits, missing
from reports.evaluation.resources import NETWORKS, RESOURCES
from reports.evaluation.schoolpages import school_pages
from reports.figures import ShownFigure
from reports.indicators import HOME
from reports.models import Target
from reports.statistics import NO_FIGURE, rate_decimals
from reports.targets import in_force
from reports.wording import decimals_of_gap
from schools.models import Network, Participation

#: A target that was not reached, with nothing to compare the result with.
NOT_YET = "nog niet"
Builder = Callable[[Counting], dict[str, Any]]
CAREER = ("I01", "I02", "I04", "I07", "I06", "I09", "I10", "I11", "I12", "I22", "I31")
ACCESSIBILITY = ("I08", "I13", "I14", "I15", "I16", "I17", "I18", "I19", "I27", "I28")
TEAM = ("I20", "I21", "I26", "I30")
_CARD_DETAILS = {"pp": "verschil in procentpunten", "school days": "mediaan, in schooldagen"}
#: What n and N are of, where the result is no share.
_BESIDE = {
    "I04": "gezinnen met wie iemand sprak, van alle gezinnen",
    "I13": "vragen die binnen drie schooldagen een antwoord kregen, van alle vragen",
    "I29": "gezinnen met wie iemand sprak, van alle gezinnen",
}
_NUMERIC = "right"
_TONES = {"I01": "leaf", "I02": "sky", "I06": "sun", "I13": "blossom", "I17": "leaf", "I23": "sky"}


def table(columns: Sequence[str], rows: list[list[str]], note: str = "", numeric: Sequence[int] = ()) -> dict[str, Any]:
    heads = [
        {"label": label, **({"align": _NUMERIC} if place in numeric else {})} for place, label in enumerate(columns)
    ]
    return {"table": {"columns": heads, "rows": rows, "note": note}}


def count(value: int | None) -> str:
    return NOT_SHOWN if value is None else str(value)


def _reach_table(shown: ShownFigure, head: str, names: dict[str, list[str]], note: str) -> dict[str, Any]:
    """n, N and share per group, the total below, and under it why cells are hidden."""
    extra = max((len(words) for words in names.values()), default=1)
    rows = []
    for key, found in shown.rows.items():
        words = names.get(key, [key])
        counted = cell(found)
        rows.append([*words, *[""] * (extra - len(words)), count(counted["n"]), count(counted["N"]), counted["share"]])
    whole = cell(shown.total)
    rows.append(["Totaal", *[""] * (extra - 1), count(whole["n"]), count(whole["N"]), whole["share"]])
    columns = [head, *(["Net"] if extra > 1 else []), "Bereikt", "Gezinnen", "Aandeel"]
    with override(LANGUAGE):
        reasons = explanations(shown.rows.values())
    return table(columns, rows, " ".join([note, *reasons]).strip(), range(extra, extra + 3))


def by_school(counting: Counting) -> dict[str, Any]:
    """T1: families reached at each school."""
    networks = dict(
        Participation.objects.filter(project=counting.project).values_list("school__name", "school__network")
    )
    names = {name: [name, NETWORKS[Network(network)]] for name, network in networks.items()}
    note = "Een gezin met kinderen in twee scholen telt in elke school en één keer in het totaal."
    return _reach_table(counting.figure("I01", by="school"), "School", names, note)


def by_language(counting: Counting) -> dict[str, Any]:
    """T2: families reached by group of home language."""
    names = {key: [name] for key, name in GROUP_NAMES.items()}
    return _reach_table(counting.figure("I01", by="language_group"), "Thuistaal", names, "")


def home_row(counting: Counting) -> dict[str, Any]:
    """K1: the six figures of the summary."""
    cards = []
    for code in HOME:
        found = counting.headline(code)
        detail = _CARD_DETAILS.get(found["unit"]) or (f"{found['n']} van {found['N']}" if found["N"] else "")
        cards.append(
            {
                "value": _short(found["text"]),
                "label": name_of(code),
                "detail": detail,
                "ref": code,
                "tone": _TONES[code],
            }
        )
    return {"cards": cards}


def questions(*codes: str) -> Builder:
    """Q1–Q3: the figures that answer one question of the project."""

    def build(counting: Counting) -> dict[str, Any]:
        rows = [[name_of(code, of_total=True), *_share_of(counting.headline(code)), code] for code in codes]
        return table(["Indicator", "Resultaat", "Teller / noemer", "Nr."], rows, _what_n_counts(codes), (1, 2, 3))

    return build


def objectives(counting: Counting) -> dict[str, Any]:
    """T0: what was agreed, where it began, and whether it was reached."""
    rows = []
    held = in_force(counting.project, counting.windows.year.last)
    for code in sorted(code for code, school in held if school is None):
        target = held[code, None]
        now = counting.headline(code)
        before = counting.headline(code, "baseline") if code in COMPARED else None
        goal = f"{target.value.normalize():f}".replace(".", ",") if target.value is not None else "–"
        rows.append(
            [
                target.objective or name_of(code),
                code,
                _short(before["text"]) if before else "–",
                f"{goal}{NO_BREAK}{_unit_word(now['unit'])}",
                _short(now["text"]),
                reached(counting, target, before, now),
            ]
        )
    if not rows:
        rows = [["Er zijn nog geen doelen vastgelegd.", "–", "–", "–", "–", "–"]]
    columns = ["Doelstelling", "Nr.", "Nulmeting", "Doel", "Resultaat", "Bereikt"]
    note = "pp: procentpunt. Dagen: schooldagen, vakanties niet meegeteld."
    if any(row[1] == "I06" for row in rows):
        note += " De nulmeting van de oudercontacten is die van de rondes vóór nieuwjaar."
    if any(row[5] == NOT_YET for row in rows):
        note += " Nog niet: het doel is niet gehaald, en er is geen andere meting om het resultaat naast te leggen."
    return table(columns, rows, note, numeric=(1, 2, 3, 4, 5))


def reached(counting: Counting, target: Target, before: dict[str, Any] | None, now: dict[str, Any]) -> str:
    """Yes ("ja"), partly ("deels": better than the baseline) or no ("nee"); not yet where nothing else was counted or
    the baseline may not be shown; a dash when the figure itself may not."""
    if now["number"] is None:
        return NO_FIGURE
    sign = -1 if counting.figure(target.indicator).definition.lower_is_better else 1
    if sign * now["number"] >= sign * float(target.value or 0):
        return "ja"
    if before and (before["text"] == NOT_SHOWN or _is_first(counting, target.indicator)):
        return NOT_YET
    is_better = before and before["number"] is not None and sign * now["number"] > sign * before["number"]
    return "deels" if is_better else "nee"


def _is_first(counting: Counting, code: str) -> bool:
    """Whether nothing of an indicator was counted after its baseline, as of meetings with parents before new year."""
    return code in COMPARED and counting.windows.period(code, "baseline").last >= counting.windows.year.last


def comparison(counting: Counting) -> dict[str, Any]:
    """T4: baseline and last window of equal length, with the change."""
    rows = []
    for code in COMPARED:
        before, after = counting.figure(code, "baseline"), counting.figure(code, "end")
        old, new = before.value(), after.value()
        is_share = before.definition.unit in ("%", "pp")
        is_known = is_share and isinstance(old, Fraction) and isinstance(new, Fraction)
        decimals = min(_decimals(before), _decimals(after))
        change = points(new - old, decimals) if is_known else "–"  # type: ignore[operator, arg-type]
        texts = [counting.headline(code, window)["text"] for window in ("baseline", "end")]
        sizes = [_share_of(counting.headline(code, window))[1] for window in ("baseline", "end")]
        rows.append([name_of(code), texts[0], sizes[0], texts[1], sizes[1], change])
    end, halves = counting.windows.end, "de rondes vóór en na nieuwjaar"
    if counting.windows.year.last < counting.windows.second_half.first:
        halves = "na nieuwjaar was er nog geen ronde"
    note = (
        f"Nulmeting: september en oktober. Laatste meting: {MONTHS[end.first.month - 1]}–{MONTHS[end.last.month - 1]} "
        f"{end.last.year}. Oudercontacten: {halves}. N van het bereik: de gezinnen die er in die maanden waren, niet "
        f"alle gezinnen van het jaar. {_what_n_counts(COMPARED)}"
    )
    if any(NOT_SHOWN in row for row in rows):
        note += " Niet getoond: met dit getal kun je een kleine groep of een maand ervan berekenen."
    return table(["Indicator", "Nulmeting", "n/N", "Laatste", "n/N", "Verandering"], rows, note, range(1, 6))


def _decimals(shown: ShownFigure) -> int:
    """With how many decimals a share or a difference of shares stands."""
    if shown.definition.unit == "pp":
        return decimals_of_gap(shown)
    return rate_decimals(shown.total.N or 0) if isinstance(shown.total, Shown) else 0


def definitions(counting: Counting) -> dict[str, Any]:
    """D1: numerator and denominator of every figure in the report."""
    rows = []
    for code in SENTENCES:
        words = texts_of(code)
        rows.append([code, words["label"], words["numerator"], words["denominator"]])
    return table(["Nr.", "Indicator", "Teller", "Noemer"], rows, numeric=(0,))


def sheet(counting: Counting) -> dict[str, Any]:
    """A1: all figures that the texts can name."""
    rows = []
    for code in SENTENCES:
        for window, words in (("year", "hele periode"), ("baseline", "nulmeting"), ("end", "laatste meting")):
            if window == "year" or code in COMPARED:
                rows.append([code, name_of(code, of_total=True), words, *_share_of(counting.headline(code, window))])
    head = ["Nr.", "Indicator", "Periode", "Waarde", "Teller / noemer"]
    return table(head, rows, _what_n_counts(SENTENCES), (0, 3, 4))


def _share_of(found: dict[str, Any]) -> tuple[str, str]:
    if found["n"] is None or found["N"] == 0 or found["unit"] == "pp":
        return found["text"], "–"
    return found["text"], f"{found['n']} / {found['N']}"


def _what_n_counts(codes: Sequence[str]) -> str:
    """Of the figures that are no share: what n of N says beside them."""
    found = [f"{code}, {_BESIDE[code]}" for code in codes if code in _BESIDE]
    return f"Wat n van N bij een mediaan of een som telt: {'; '.join(found)}." if found else ""


def _short(text: str) -> str:
    """A value where there is little room; the words around it give the unit in full."""
    return text.replace("procentpunt", "pp").replace("schooldag", "dag")


def _unit_word(unit: str) -> str:
    return {"%": "%", "pp": "pp", "school days": "dagen", "contacts": "contacten", "h": "uur"}[unit]


BUILDERS: dict[str, Builder] = {
    "K1": home_row, "T0": objectives, "T1": by_school, "T2": by_language, "T4": comparison, "F1": reach_chart,
    "F2": before_after, "F3": language_gap, "Q1": questions(*CAREER), "Q2": questions(*ACCESSIBILITY),
    "Q3": questions(*TEAM), "T5": scan_scores, "P1": school_pages, "D1": definitions, "D2": missing,
    "D3": limits, "A1": sheet, **RESOURCES,
}  # fmt: skip
