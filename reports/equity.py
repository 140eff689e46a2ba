"""Official figures about the pupils of schools: brought in by a person, kept by year, shown beside ours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.core import signing
from django.db import transaction

from reports.equityfile import TRAITS, Found
from reports.models import SchoolEquityProfile
from schools import audit, clock
from schools.models import School, User

_SALT = "reports.equity"
#: How long a preview may be looked at before it is kept.
PREVIEW_SECONDS = 2 * 3600
#: School years that a page shows.
YEARS_SHOWN = 6


def numbers_of(schools: Iterable[School]) -> dict[int, School]:
    """Schools by their official number, leading noughts or not."""
    return {int(one.institution_number): one for one in schools if one.institution_number.isdigit()}


def sealed(found: Sequence[Found], source: str) -> str:
    """What a preview showed, so that exactly this is kept and no file needs to stay."""
    rows = [{name: None if value is None else str(value) for name, value in asdict(one).items()} for one in found]
    return signing.dumps({"rows": rows, "source": source}, salt=_SALT, compress=True)


def opened(seal: str) -> tuple[list[Found], str]:
    """Raises ``django.core.signing.BadSignature`` for what was changed, or looked at too long ago."""
    kept = signing.loads(seal, salt=_SALT, max_age=PREVIEW_SECONDS)
    return [_found(row) for row in kept["rows"]], kept["source"]


def keep_profiles(*, found: Sequence[Found], schools: Iterable[School], source: str, by: User) -> int:
    """Keep a row for each school and year; the same year brought in again takes its place. Returns how many."""
    known, number = numbers_of(schools), 0
    with transaction.atomic():
        for one in found:
            school = known.get(one.number)
            if school is None:
                continue
            facts = {name: getattr(one, name) for name in (*TRAITS, "oki", "pupils", "counted_on")}
            row, _new = SchoolEquityProfile.objects.update_or_create(
                school=school,
                first_year=one.first_year,
                defaults={**facts, "source": source[:120], "brought_in_at": clock.now(), "brought_in_by": by},
            )
            audit.record(actor=by, verb="brought official figures in", target=row, school_id=school.pk)
            number += 1
    return number


def profiles_of(schools: Iterable[School]) -> list[SchoolEquityProfile]:
    """The years of these schools, by school and the newest first; one query."""
    rows = SchoolEquityProfile.objects.filter(school__in=list(schools), first_year__gt=clock.today().year - YEARS_SHOWN)
    return list(rows.select_related("school"))


def newest_of(school: School | None) -> SchoolEquityProfile | None:
    if school is None:
        return None
    return SchoolEquityProfile.objects.filter(school=school).order_by("-first_year").first()


def _found(row: dict[str, Any]) -> Found:
    numbers = {name: None if row[name] is None else Decimal(row[name]) for name in (*TRAITS, "oki")}
    day = date.fromisoformat(row["counted_on"]) if row["counted_on"] else None
    return Found(int(row["number"]), int(row["first_year"]), day, int(row["pupils"]), **numbers)
