"""The tables of a report that are not about families reached: places, activities, methods, money and hours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.formats import date_format
from django.utils.translation import override

from parents.models.meetings import Attendance, Gathering
from reports.amounts import in_euros, in_hours
from reports.budget import State, states, together
from reports.disclosure import Cell, Hidden, Shown, explanations, protect_breakdown, protect_cell
from reports.evaluation.contacts import KINDS, contacts_by_kind, contacts_held, taking_part
from reports.evaluation.counting import ACTIVITIES, LANGUAGE, NOT_SHOWN, Counting, cell
from reports.evidence import uses_of_methods
from reports.figures import FigureScope, Period, logging_time
from reports.maturity import Standing, standings
from reports.measuring.statements import words_of
from reports.models import MethodAdoption
from reports.statistics import format_number
from schools import clock
from schools.models import CentreShare, Enrolment, Method, Network, Participation, ParticipationRole
from schools.models.methods import MethodStatus

ROLES = {
    ParticipationRole.PILOT: "proefschool",
    ParticipationRole.ADOPTER: "volgschool",
    ParticipationRole.COMPARISON: "vergelijkingsschool",
}
#: Of T9, as its rows say it: those schools are beside the project and worked on nothing.
COMPARED_WITH = ROLES[ParticipationRole.COMPARISON]
NETWORKS = {Network.GO: "GO!", Network.OGO: "officieel", Network.VGO: "vrij"}
#: Rows of T3 that the summary reads too.
ALL_CONTACTS, GROUP_MOMENTS = "Alle contacten", "Groepsmomenten (koffie, open klas, bibliotheek)"
STATUSES = {MethodStatus.TRIED: "uitgeprobeerd", MethodStatus.PROVEN: "beproefd", MethodStatus.EMBEDDED: "verankerd"}
#: Of M1, as its rows say it.
PROVEN = (STATUSES[MethodStatus.PROVEN], STATUSES[MethodStatus.EMBEDDED])
#: After a state that a card brought along and that the schools here do not carry yet.
ELSEWHERE = "(elders)"
_EVERYWHERE = (
    "Geteld in alle scholen van het portaal, ook in vergelijkingsscholen: scholen die de werkvorm in gebruik hebben of "
    "er een contact bij noteerden, en al die contacten."
)
_ELSEWHERE = "Elders: zo ver kwam de fiche waar ze geschreven werd; de scholen hier zijn nog niet zo ver."
_WHOLE_PERIOD = "De cijfers tellen hun gezinnen en contacten van de hele periode."
_RIGHT = "right"


def _table(columns: list[str], rows: list[list[str]], note: str = "", numeric: range = range(0)) -> dict[str, Any]:
    heads = [{"label": label, **({"align": _RIGHT} if place in numeric else {})} for place, label in enumerate(columns)]
    return {"table": {"columns": heads, "rows": rows, "note": note}}


def _shown(found: Any) -> str:
    return NOT_SHOWN if isinstance(found, Hidden) else str(found.n)


def _hours(value: Decimal) -> str:
    return format_number(Fraction(value), 1, decimal_mark=",")


def places(counting: Counting) -> dict[str, Any]:
    """T9: the schools of the project with how many children they have on the last day of the period; those beside it
    come after those that work in it."""
    rows = Participation.objects.filter(project=counting.project).select_related("school__clb")
    children = children_of(counting)
    cells = [
        [
            row.school.name,
            NETWORKS[Network(row.school.network)],
            row.school.clb.name,
            ROLES[ParticipationRole(row.role)],
            str(children.get(row.school_id, 0)),
        ]
        for row in sorted(rows.order_by("school__name"), key=lambda row: list(ROLES).index(ParticipationRole(row.role)))
    ]
    partly = [f"{row.school.name} ({days})" for row in taking_part(counting) if (days := days_in(row))]
    note = f"Niet het hele projectjaar: {', '.join(partly)}. {_WHOLE_PERIOD}" if partly else ""
    return _table(["School", "Net", "CLB", "Rol", "Kinderen"], cells, note, range(4, 5))


def days_in(row: Participation) -> str:
    """In words from and until when a school took part, where that was not the whole project year."""
    first = row.starts_on if row.starts_on > row.project.starts_on else None
    last = row.ends_on if row.ends_on and row.ends_on < (row.project.ends_on or row.project.year.ends_on) else None
    with override(LANGUAGE):
        begun, ended = (date_format(day, "j F Y") if day else "" for day in (first, last))
    if begun and ended:
        return f"van {begun} tot en met {ended}"
    return f"vanaf {begun}" if begun else f"tot en met {ended}" if ended else ""


def children_of(counting: Counting) -> dict[int, int]:
    """How many children each school has on the last day of the period, as it may be told beside the last report; one
    query for the children."""
    schools = Participation.objects.filter(project=counting.project).order_by().values_list("school_id", flat=True)
    rows = Enrolment.objects.on(counting.windows.year.last).filter(school_id__in=schools).order_by()
    found = dict(rows.values_list("school_id").annotate(n=Count("pupil_id", distinct=True)))
    now = {str(school): Shown(found.get(school, 0)) for school in schools}
    told = counting.releases.counts_beside("children", now, [])
    return {int(school): cell.n for school, cell in told.items() if isinstance(cell, Shown)}


def shares(counting: Counting) -> dict[str, Any]:
    """T8: which centre carries which part of the joint post."""
    rows = CentreShare.objects.filter(project=counting.project).select_related("centre")
    cells = [[row.centre.name, NETWORKS[Network(row.centre.network)], f"{row.share}\u00a0%"] for row in rows]
    return _table(["CLB", "Net", "Deel van de aanstelling"], cells, numeric=range(2, 3))


def activities(counting: Counting) -> dict[str, Any]:
    """T3: contacts that took place by kind, with families and hours; group moments and who came."""
    period, held = counting.windows.year, contacts_held(counting)
    found = held.values("kind").annotate(
        n=Count("pk"), families=Count("family_id", distinct=True), minutes=Sum("duration_min")
    )
    by_kind = {row["kind"]: row for row in found}
    total = held.aggregate(families=Count("family_id", distinct=True))
    number = contacts_by_kind(counting)
    families = protect_breakdown(
        {kind: Cell(row["families"]) for kind, row in by_kind.items()}, Cell(total["families"]), overlapping=True
    )
    # There are no fewer contacts than families: beside a hidden number these would tell how many at least.
    families |= {kind: cell for kind, cell in number.kinds.items() if isinstance(cell, Hidden)}
    families = counting.releases.counts_beside("families by kind", families, [])
    rows = []
    for kind, name in KINDS.items():
        if kind not in by_kind:
            continue
        hours = "–" if isinstance(families[kind], Hidden) else _in_hours(by_kind[kind]["minutes"])
        rows.append([name, _shown(number.kinds[kind]), _shown(families[kind]), hours])
    rows.append([ALL_CONTACTS, _shown(number.total), _shown(counting.figure("I01").total), "–"])
    rows += _group_moments(counting, period)
    with override(LANGUAGE):
        note = " ".join(explanations([*number.kinds.values(), *families.values()]))
    return _table(["Soort", "Aantal", "Gezinnen", "Uren"], rows, note, range(1, 4))


def _in_hours(minutes: int | None) -> str:
    return format_number(Fraction(minutes, 60)) if minutes else "–"


def _group_moments(counting: Counting, period: Period) -> list[list[str]]:
    schools = FigureScope(project=counting.project).school_ids()
    held = Gathering.objects.filter(
        school_id__in=schools,
        starts_at__date__range=(period.first, min(period.last, clock.today())),
        cancelled_at__isnull=True,
    )
    number = held.count()
    if not number:
        return []
    families = (
        Attendance.objects.standing().filter(gathering__in=held).aggregate(n=Count("family_id", distinct=True))["n"]
    )
    told = counting.releases.counts_beside("group moments", {"families": protect_cell(Cell(families))}, [])
    shown = _shown(told["families"])
    return [[GROUP_MOMENTS, str(number), shown, "–"]]


def voices(counting: Counting) -> dict[str, Any]:
    """T6: how many agree with each statement, parents and teams, and how many of those asked answered."""
    rows = []
    for code, who in (("I25", "ouders"), ("I26", "teams")):
        figure = counting.figure(code, by="question")
        for key, answer in figure.rows.items():
            counted = cell(answer)
            size = counted["N"] if counted["n"] is not None else NOT_SHOWN
            rows.append([who, _statement(key), counted["share"], str(size)])
        if response := figure.response():
            counted = cell(response)
            size = f"{counted['n']} van {counted['N']}" if counted["n"] is not None else NOT_SHOWN
            rows.append([who, "Respons: hoeveel mensen antwoordden, van wie gevraagd werd", counted["share"], size])
    if not rows:
        rows = [["–", "In deze periode is nog geen bevraging gehouden.", "–", "–"]]
    return _table(["Wie", "Uitspraak", "Akkoord", "Antwoorden"], rows, numeric=range(2, 4))


def _statement(key: str) -> str:
    with override(LANGUAGE):
        return words_of(key)


def methods(counting: Counting) -> dict[str, Any]:
    """M1: the cards of the draaiboek and how far each has come."""
    uses = uses_of_methods(counting.windows.year.last)
    far = standings(uses=uses)
    times = {str(pk): Shown(use.times) for pk, use in uses.items() if use.times is not None}
    told = counting.releases.counts_beside("methods", times, [])
    uses |= {int(pk): replace(uses[int(pk)], times=cell.n) for pk, cell in told.items() if isinstance(cell, Shown)}
    rows = []
    with override(LANGUAGE):
        for method in Method.objects.all():
            use = uses[method.pk]
            schools = str(use.schools) if use.schools else "–"
            rows.append([method.title, _stand(far[method.pk]), schools, use.times_text])
    note = f"{_EVERYWHERE} {_ELSEWHERE}" if any(row[1].endswith(ELSEWHERE) for row in rows) else _EVERYWHERE
    return _table(["Werkvorm", "Stand", "Scholen", "Keer gebruikt"], rows, note, range(2, 4))


def _stand(one: Standing) -> str:
    """A state that came along with the card says so: the rule beside the table is about the schools here."""
    return STATUSES[one.shown] if one.shown == one.carried else f"{STATUSES[one.shown]} {ELSEWHERE}"


def uptake(counting: Counting) -> dict[str, Any]:
    """U1: methods that schools took over from elsewhere. Counts methods, so no family is in it."""
    schools = FigureScope(project=counting.project).school_ids()
    in_use = Q(status__in=[MethodAdoption.Status.IN_USE, MethodAdoption.Status.EMBEDDED])
    rows = (
        MethodAdoption.objects.filter(school_id__in=schools)
        .order_by("school__name")
        .values_list("school__name")
        .annotate(
            used=Count("pk", filter=in_use),
            taken_over=Count("pk", filter=in_use & Q(is_origin=False)),
            embedded=Count("pk", filter=Q(status=MethodAdoption.Status.EMBEDDED)),
        )
    )
    cells = [[name, str(used), str(taken), str(embedded)] for name, used, taken, embedded in rows]
    if not cells:
        cells = [["Nog geen school nam een werkvorm over.", "–", "–", "–"]]
    return _table(["School", "In gebruik", "Overgenomen", "Verankerd"], cells, numeric=range(1, 4))


def budget(counting: Counting) -> dict[str, Any]:
    """B1: granted, spent by bookings until the period's last day, the difference and per cents; what a family cost."""
    found = states(counting.project, counting.windows.year.last)
    cells = [[one.name, *_amounts(one)] for one in found]
    cells.append(["Totaal", *_amounts(together(found))])
    columns = ["Post", "Toegekend", "Besteed", "Verschil", "Besteed, %"]
    return _table(columns, cells, _per_family(counting), range(1, 5))


def _amounts(one: State) -> list[str]:
    amounts = [in_euros(amount) for amount in (one.granted, one.spent, one.left)]
    return [*amounts, "–" if one.percent is None else f"{one.percent}\u00a0%"]


def _per_family(counting: Counting) -> str:
    """Euros and hours for each family with whom somebody spoke; nothing where that would point at a few of them."""
    shown = counting.figure("I29")
    means = shown.means()
    if not means or isinstance(shown.total, Hidden):
        return ""
    parts = []
    if "cost_per_family" in means:
        parts.append(in_euros(means["cost_per_family"]))
    if "hours_per_family" in means:
        parts.append(f"{in_hours(means['hours_per_family'])} uur")
    return f"Per gezin met wie minstens één gesprek was ({shown.total.n} gezinnen): {' en '.join(parts)}."


def hours(counting: Counting) -> dict[str, Any]:
    """H1: hours of the joint worker by activity; under it what noting a talk costs everybody who did."""
    amounts = counting.figure("I29").figure.amounts
    cells = [[ACTIVITIES.get(key, key).capitalize(), _hours(Decimal(value))] for key, value in amounts.items()]
    cells.append(["Totaal", _hours(sum((Decimal(value) for value in amounts.values()), Decimal(0)))])
    return _table(["Activiteit", "Uren"], cells, _logging(counting), range(1, 2))


def _logging(counting: Counting) -> str:
    found = logging_time(FigureScope(project=counting.project), counting.windows.year)
    if found is None:
        return ""
    told = counting.releases.counts_beside("measured talks", {"talks": Shown(found.talks)}, [])["talks"]
    middle = f"de mediaan van {_shown(told)} noteringen van alle collega’s samen, ook van wat niet doorging"
    return f"Een gesprek noteren kostte {found.seconds} seconden: {middle}."


RESOURCES: dict[str, Callable[[Counting], dict[str, Any]]] = {
    "T3": activities, "T6": voices, "T8": shares, "T9": places, "M1": methods, "U1": uptake, "B1": budget, "H1": hours,
}  # fmt: skip
