"""Which figures tell the same count: whoever was told it by one of them knows it of the others.

A count is named by what it counts and where: ("families", "school", "De Linde") is how many families that school has,
whether I01 says it or I09. What only one figure counts is named after the figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from datetime import date
from itertools import chain

from parents.models.kinds import SPOKEN_KINDS, ContactKind
from reports.cells import ProtectedCell, Shown
from reports.holding import Known

#: Where a cell stands in what was told: its part ("rows", "months") and label; a total has no label.
Place = tuple[str, str]
Name = tuple[str, str, str]
TOTAL: Place = ("total", "")
#: What a dashboard draws beside the indicators has a name and no number.
NO_INDICATOR = ""

#: Of how many contacts something is not known; families of a school by the step they reached.
NOT_KNOWN, STEPS = "not known", "steps by school"
#: All families of a school, and those spoken with: other figures tell these too.
ALL_STEPS, SPOKEN_WITH = "*", "*spoken"
_OF_STEP = {ALL_STEPS: "families", SPOKEN_WITH: "spoken with"}

#: Contacts by sort and month; of the sorts, home visits, which I10 counts, and all talks together, which I11 counts.
BY_MONTH, AT_HOME, TALKS = "kind", "At home", "*talks"
_OF_SORT = {AT_HOME: "visits", TALKS: "talks"}
#: What I10 says of the year, I11 says of this kind.
_ALL_VISITS = ("visits", "", "")
_VISITS_BY_KIND = ("talks", "kind", ContactKind.HOME_VISIT.value)
#: By figure what its n and its N count, where others count the same.
_COUNTS: Mapping[str, tuple[str, str]] = {
    "I01": ("reached", "families"), "I02": ("spoken with", "families"), "I03": ("reached", "families"),
    "I04": ("spoken with", "families"), "I09": ("", "families"), "I22": ("", "families"),
    "I29": ("spoken with", "families"), "I31": ("", "families"), "I11": ("", "talks"), "I12": ("", "talks"),
    "I10": ("visits", ""), "I17": ("", "in need"), "I18": ("", "in need"),
}  # fmt: skip
#: Of these, the counts that are told without an indicator too.
_ALSO_COUNTED = {"families", "spoken with", "talks", "visits"}
#: Its n are those whom the count leaves.
_OF_THE_REST = "I03"
#: Rows whose N − n are a count of others: appointments that took place, by kind, are talks of that kind.
_REST: Mapping[tuple[str, str], str] = {("I19", "kind"): "talks"}
#: Rows that divide all units of one count.
_DIVIDED: Mapping[tuple[str, str], str] = {("I04", "contacts"): "spoken with", ("I31", "rung"): "families"}
#: Rows of which each is n of all families; so is a month, which counts those since the start.
_OF_ALL_FAMILIES = ("I22", "kind")
#: Of these rows, the one that is the total too.
_HEADLINE = ("I31", "rung", "4")
#: Sums beside the rungs of the ladder, and beside contacts by kind.
_ALL, _SPOKEN, _ALL_CONTACTS = ("rung", "*"), ("rung", "*spoken"), ("kinds", "*")


def counting_with(codes: Set[str]) -> set[str]:
    """These figures, and all that tell a count of theirs."""
    rests = {code: name for (code, _by), name in _REST.items()}
    counts = {*chain.from_iterable(_COUNTS.get(code, ()) for code in codes), *map(rests.get, codes)} - {"", None}
    if counts & _ALSO_COUNTED or NO_INDICATOR in codes:
        codes, counts = {*codes, NO_INDICATOR}, counts | _ALSO_COUNTED
    others = {code for code, names in _COUNTS.items() if counts & {*names}}
    return {*codes, *others, *(code for code, name in rests.items() if name in counts)}


def told_by(code: str, by: str, cells: Mapping[Place, ProtectedCell]) -> Iterator[tuple[Name, int]]:
    """The counts that shown cells tell."""
    for place, cell in turned(code, cells).items():
        if isinstance(cell, Shown):
            part, whole = _names(code, by, place)
            yield part, cell.n
            if cell.N is not None:
                yield whole, cell.N
                yield _name_of_left(part, whole), cell.N - cell.n
                if rest := _name_of_rest(code, by, place):
                    yield rest, cell.N - cell.n


def known_of(code: str, by: str, place: Place, told: Mapping[Name, int]) -> Known | None:
    """What a reader knows of a cell from the counts that were told, of one that counts the rest the other way round
    (``turned``); None where that is nothing."""
    names = _names(code, by, place)
    part, whole, left = (told.get(name) for name in (*names, _name_of_left(*names)))
    beside = _name_of_rest(code, by, place)
    found = Known(part, whole, told.get(beside) if beside else None, left)
    return None if found == Known(None) else found


def turned(code: str, cells: Mapping[Place, ProtectedCell]) -> dict[Place, ProtectedCell]:
    """The cells of a figure whose n are those whom a count leaves, as that count; those of all others as they are."""
    return {
        place: Shown(cell.N - cell.n, cell.N)
        if code == _OF_THE_REST and place[0] != "also" and isinstance(cell, Shown) and cell.N is not None
        else cell
        for place, cell in cells.items()
    }


def _name_of_left(part: Name, whole: Name) -> Name:
    """What is left of a count when the part is taken away."""
    return (f"{whole[0]} less {part[0]}", *part[1:])


def _name_of_rest(code: str, by: str, place: Place) -> Name | None:
    name = _REST.get((code, by))
    return (name, by, place[1]) if name and place[0] == "rows" else None


def _names(code: str, by: str, place: Place) -> tuple[Name, Name]:
    part, label = place
    if code == NO_INDICATOR:
        return _name_of_count(by, label), ("", *_ALL_CONTACTS) if by == NOT_KNOWN else ("", by, f"N {label}")
    if part in ("also", "means"):
        return (f"{code} {part}", "", label), (f"{code} {part} N", "", label)
    where = (
        ("", "") if part == "total" or (code, by, label) == _HEADLINE else ("month" if part == "months" else by, label)
    )
    if part == "rows" and (code, by) in _DIVIDED:
        return (code, *where), (_DIVIDED[code, by], "", "")
    n, whole = _COUNTS.get(code, ("", ""))
    is_of_all = whole == "families" and (part == "months" or (code, by) == _OF_ALL_FAMILIES)
    name, size = (n or code, *where), (whole or f"{code} N", *(("", "") if is_of_all else where))
    return _VISITS_BY_KIND if name == _ALL_VISITS else name, size


def of_school(step: str, school: str) -> str:
    """The label of one of the ``STEPS`` of a school."""
    return f"{step} {school}"


def of_month(sort: str, month: date) -> str:
    """The label of a sort of contacts in a month."""
    return f"{sort} {month:%Y-%m}"


def _name_of_count(by: str, label: str) -> Name:
    sort, _, month = label.rpartition(" ")
    if by == BY_MONTH and sort in _OF_SORT:
        return _OF_SORT[sort], "month", month
    if by == "kinds" and label in SPOKEN_KINDS:
        return "talks", "kind", label
    if by == STEPS:
        step, _, school = label.partition(" ")
        return _OF_STEP.get(step, step), "school", school
    return {_ALL: ("families", "", ""), _SPOKEN: ("spoken with", "", "")}.get((by, label), ("", by, label))
