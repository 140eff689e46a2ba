"""The cards as the pages of a school lay them out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reports.cardversions import newest_versions
from reports.maturity import Standing, standings
from reports.models import CardVersion, MethodAdoption
from schools.models import Method, School

TONES = {"PLANNED": "sky", "TRYING": "sun", "IN_USE": "leaf", "EMBEDDED": "leaf", "STOPPED": "plain"}


@dataclass(frozen=True, slots=True)
class CardLine:
    """A card with what it is at one school, and how far it is everywhere."""

    method: Method
    adoption: MethodAdoption | None
    standing: Standing

    @property
    def tone(self) -> str:
        return TONES[self.adoption.status] if self.adoption else "plain"


def card_lines(school: School | None) -> list[CardLine]:
    """A line for each card; a query for the school beside those of the standings."""
    rows = {row.method_id: row for row in MethodAdoption.objects.filter(school=school)} if school else {}
    methods = list(Method.objects.all())
    far = standings(methods)
    return [CardLine(method, rows.get(method.pk), far[method.pk]) for method in methods]


def facts_of_card(method: Method) -> dict[str, Any]:
    """Its standing and the version of its words."""
    version: CardVersion | None = newest_versions().get(method.pk)
    return {"standing": standings([method])[method.pk], "version": version}
