"""The tables of the method chapter that follow from the data: what is missing, and how far each figure reaches."""

from __future__ import annotations

from typing import Any

from django.utils.translation import override

from reports.chapters import SENTENCES
from reports.disclosure import Cell, Hidden, ProtectedCell, protect_cell
from reports.evaluation.contacts import contacts_held, taking_part
from reports.evaluation.counting import LANGUAGE, NOT_SHOWN, Counting, name_of
from reports.indicators import INDICATORS
from reports.models import AccessScan
from reports.samecounts import NOT_KNOWN
from reports.statistics import NO_FIGURE

_RIGHT = "right"
_LENGTH = "length"


def missing(counting: Counting) -> dict[str, Any]:
    """D2: of how many families, parents, contacts and schools something is not known; which figures are not there."""
    language = counting.figure("I01", by="language_group").rows.get("unknown")
    held = contacts_held(counting)
    counted = {_LENGTH: protect_cell(Cell(held.filter(duration_min=None).count(), held.count()))}
    without_length = counting.releases.counts_beside(NOT_KNOWN, counted, [])[_LENGTH]
    lines = [
        (
            "Gezinnen van wie de thuistaal niet bekend is",
            *_size(language, counting.figure("I01").total),
            "Ze tellen mee in het totaal en staan apart in elke tabel per thuistaal.",
        ),
        (
            "Ouders van wie de taal niet bevestigd is of het nummer het voorbije jaar niet nagekeken",
            *_rest(counting.figure("I27").total),
            "Of een bericht hen in hun taal bereikt, is voor hen niet zeker.",
        ),
        (
            "Contacten zonder genoteerde duur",
            *_counts(without_length),
            "Hun uren ontbreken in de tabel van activiteiten.",
        ),
        *_unanswered(counting),
        (
            "Scholen die de toegankelijkheidsscan niet invulden",
            *_scans(counting),
            "Het gemiddelde mist ze.",
        ),
    ]
    headlines = {code: counting.headline(code)["text"] for code in SENTENCES}
    for words, text in (("Niet getoond: te kleine groepen", NOT_SHOWN), ("Zonder gegevens in deze periode", NO_FIGURE)):
        codes = [code for code, found in headlines.items() if found == text]
        lines.append((words, str(len(codes)), str(len(SENTENCES)), f"Indicatoren: {', '.join(codes) or 'geen'}."))
    columns = ["Wat", "Hoeveel", "Van", "Wat dat betekent"]
    return _table(columns, [list(line) for line in lines], (1, 2))


def limits(counting: Counting) -> dict[str, Any]:
    """D3: what a reader should know before drawing a conclusion from a figure, as the definitions say it."""
    with override(LANGUAGE):
        rows = [[code, name_of(code), " ".join(INDICATORS[code].warnings)] for code in SENTENCES]
    return _table(["Nr.", "Indicator", "Let op"], [row for row in rows if row[2]], (0,))


def _unanswered(counting: Counting) -> list[tuple[str, str, str, str]]:
    found = []
    for code, who in (("I25", "Ouders"), ("I26", "Teamleden")):
        response = counting.figure(code).response()
        if response is not None:
            why = "Wie niet antwoordt, denkt misschien anders."
            found.append((f"{who} die gevraagd werden en niet antwoordden", *_rest(response), why))
    return found


def _scans(counting: Counting) -> tuple[str, str]:
    schools = [row.school_id for row in taking_part(counting)]
    year = counting.windows.year
    scans = AccessScan.objects.filter(school__in=schools, measured_on__range=(year.first, year.last)).order_by()
    return str(len(schools) - scans.values("school").distinct().count()), str(len(schools))


def _size(group: ProtectedCell | None, whole: ProtectedCell) -> tuple[str, str]:
    """How large a group is, of all."""
    of = NOT_SHOWN if isinstance(whole, Hidden) else str(whole.N)
    if group is None:
        return "0", of
    return (NOT_SHOWN if isinstance(group, Hidden) else str(group.N)), of


def _rest(cell: ProtectedCell) -> tuple[str, str]:
    """Those that a figure leaves."""
    if isinstance(cell, Hidden):
        return NOT_SHOWN, NOT_SHOWN
    return str((cell.N or 0) - cell.n), str(cell.N)


def _counts(cell: ProtectedCell) -> tuple[str, str]:
    return (NOT_SHOWN, NOT_SHOWN) if isinstance(cell, Hidden) else (str(cell.n), str(cell.N))


def _table(columns: list[str], rows: list[list[str]], numeric: tuple[int, ...]) -> dict[str, Any]:
    heads = [{"label": label, **({"align": _RIGHT} if place in numeric else {})} for place, label in enumerate(columns)]
    return {"table": {"columns": heads, "rows": rows, "note": ""}}
