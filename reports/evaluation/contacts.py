"""Contacts that took place, by kind and school: counted once for the project's table and the pages of its schools."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Count, QuerySet

from parents.models import ContactKind, ContactMoment
from reports.cells import counts
from reports.disclosure import Hidden, ProtectedTable, Reason, Table, protect, protect_breakdown, protect_cell
from reports.evaluation.counting import Counting
from reports.figure_queries import moments
from reports.figures import FigureScope
from schools.models import Participation, ParticipationRole

#: As the portal calls them for colleagues: who reads the report may look up the same word there.
KINDS = {
    ContactKind.GATE_TALK: "Gesprek aan de schoolpoort",
    ContactKind.PHONE: "Telefoongesprek",
    ContactKind.HOME_VISIT: "Huisbezoek",
    ContactKind.CONFERENCE: "Oudercontact",
    ContactKind.INTAKE: "Kennismaking bij de inschrijving",
    ContactKind.VIDEO: "Videogesprek",
    ContactKind.MESSAGE: "Geschreven bericht",
    ContactKind.INFO_EVENING: "Infoavond",
    ContactKind.COFFEE_MOMENT: "Koffiemoment",
    ContactKind.WORKSHOP: "Groepsactiviteit",
    ContactKind.READING: "Voorlezen of bibliotheek",
    ContactKind.PARTICIPATION: "Meedenken en meehelpen op school",
    ContactKind.MDO: "Overleg over zorg (MDO)",
    ContactKind.ORIENTATION: "Gesprek over de schoolkeuze",
    ContactKind.CLB_TALK: "Gesprek met het CLB",
    ContactKind.REFERRAL: "Samen naar een andere dienst",
    ContactKind.CRISIS: "Gesprek bij een conflict of noodsituatie",
}


def contacts_held(counting: Counting) -> QuerySet[ContactMoment]:
    """Contacts of the project's schools that took place in the year of the report."""
    return moments(FigureScope(project=counting.project), counting.windows.year).filter(is_reach=True).order_by()


def taking_part(counting: Counting) -> QuerySet[Participation]:
    """The schools of the report, in the order of their names: all but those that the project is compared with."""
    rows = Participation.objects.filter(project=counting.project).exclude(role=ParticipationRole.COMPARISON)
    return rows.select_related("school__clb").order_by("school__name", "pk")


def contacts_of_schools(counting: Counting) -> ProtectedTable:
    """How many of each kind at each school, protected together with their totals. Rows are kinds, columns ids of
    schools, both as text. Where the groups are too small for the whole table, as halfway the year, the totals of kinds
    and of schools still stand alone."""
    found = {
        (str(kind), school): number
        for kind, school, number in contacts_held(counting).values_list("kind", "school_id").annotate(n=Count("pk"))
    }
    schools = [row.school_id for row in taking_part(counting)]
    kinds = [str(kind) for kind in KINDS if any((str(kind), school) in found for school in schools)]
    numbers = [[found.get((kind, school), 0) for school in schools] for kind in kinds]
    table: Table = counts(kinds, [str(pk) for pk in schools], numbers, "kind", "school")
    return protect_or_totals(table)


def protect_or_totals(table: Table) -> ProtectedTable:
    """The table as it may leave; where none of it may, its totals by row and by column as far as they may alone."""
    whole = protect(table)
    if whole.total != Hidden(Reason.WITHHELD):
        return whole
    kinds = protect_breakdown(dict(zip(table.rows, table.row_totals, strict=True)), table.total)
    schools = protect_breakdown(dict(zip(table.columns, table.column_totals, strict=True)), table.total)
    return replace(
        whole,
        row_totals=tuple(kinds.values()),
        column_totals=tuple(schools.values()),
        total=protect_cell(table.total),
    )
