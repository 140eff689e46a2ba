"""The register as it is read: places, history in words, rows of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from messaging.formats import hour
from reports.models import BreachLine, DataBreach, DataKind, Risk
from schools import clock
from schools.days import full_day
from schools.languages import MASTER
from schools.models import CLBCentre, School
from schools.scope import scope_of
from schools.staffing import remit_of

_CHOICES: dict[str, dict[str, Any]] = {"risk": dict(Risk.choices)}


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the history: fields by their name with what they said from then on, for the part ``facts``."""

    line: BreachLine
    said: list[dict[str, str]]


def places_of(user: object) -> list[School | CLBCentre]:
    """For which places somebody can report: those of the own posts, for an administrator every one."""
    scope = scope_of(user)
    schools, centres = School.objects.order_by("name"), CLBCentre.objects.order_by("name")
    if remit_of(scope).is_administrator:
        return [*schools, *centres]
    at_schools = [row.school_id for row in scope.assignments if row.school_id]
    return [*schools.filter(pk__in=at_schools), *centres.filter(pk__in=scope.note_centres)]


def history_of(breach: DataBreach) -> list[Told]:
    """What was done about a breach and what the register said then, the oldest first."""
    return [
        Told(line, [{"term": _name(field), "value": _shown(field, value)} for field, value in line.said.items()])
        for line in breach.lines.select_related("by")
    ]


def head_of_file() -> list[str]:
    names = ("what", "happened_on", "kinds", "people", "consequences", "measures", "risk", "risk_because",
             "authority_told_at", "authority_reference", "late_because", "people_told_on", "people_told_how",
             "people_not_told_because", "closed_at")  # fmt: skip
    return [_("Number"), _("Place"), *(_name(name) for name in ("known_at", "due_at", *names))]


def rows_of_file(rows: Iterable[DataBreach]) -> Iterator[list[str]]:
    for row in rows:
        yield [
            str(row.pk), row.place, _moment(row.known_at), _moment(row.due_at), row.what, _shown("", row.happened_on),
            "; ".join(row.kinds_in_words), _shown("", row.people), row.consequences, row.measures,
            _shown("risk", row.risk), row.risk_because, _moment(row.authority_told_at), row.authority_reference,
            row.late_because, _shown("", row.people_told_on), row.people_told_how, row.people_not_told_because,
            _moment(row.closed_at),
        ]  # fmt: skip


def _name(field: str) -> str:
    words = str(DataBreach._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
    return words[:1].upper() + words[1:]


def _moment(value: datetime | None) -> str:
    return f"{value.astimezone(clock.BRUSSELS):%Y-%m-%d %H:%M}" if value else ""


def _shown(field: str, value: Any) -> str:
    """A value as it is read; moments and days of the history stand in it as text."""
    if value is None or value in ("", []):
        return "–" if field and field != "risk" else ""
    if field == "kinds":
        return ", ".join(str(DataKind(kind).label) for kind in value if kind in DataKind.values)
    if field.endswith("_at"):
        wall = datetime.fromisoformat(value).astimezone(clock.BRUSSELS)
        return f"{full_day(wall.date())}, {hour(f'{wall:%H:%M}', get_language() or MASTER)}"
    if field.endswith("_on"):
        return full_day(date.fromisoformat(value))
    return str(_CHOICES.get(field, {}).get(value, value))
