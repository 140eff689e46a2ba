"""Something that went wrong with data, for tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from reports.breaches import report_breach
from reports.models import DataBreach
from schools import clock
from schools.models import CLBCentre, School
from tests.cast import Cast

LOST = "Een tablet van de school is in de bus blijven liggen."


def broken(cast: Cast, place: str = "kersenboom", *, by: str = "teacher_3b", **facts: Any) -> DataBreach:
    """At a school or a centre (``vclb``), known for an hour; ``place`` empty: in the portal itself."""
    places: dict[str, School | CLBCentre] = {**cast.schools, **cast.centres}
    known: dict[str, Any] = {"what": LOST, "happened_on": None, "kinds": ["ACCESS"], "people": 20}
    known["known_at"] = clock.now() - timedelta(hours=1)
    return report_breach(place=places.get(place), by=cast.staff[by], client_id=uuid4(), **(known | facts))


def as_typed(moment: datetime, day: str = "known_on", hour: str = "known_time") -> dict[str, str]:
    """A moment as a form sends it."""
    wall = moment.astimezone(clock.BRUSSELS)
    return {day: f"{wall:%Y-%m-%d}", hour: f"{wall:%H:%M}"}
