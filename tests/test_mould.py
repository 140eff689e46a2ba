"""What is poured is what was built: the same rows, and objects of one's own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from parents.models import Guardian
from schools import clock
from schools.models import SchoolYear
from tests.cast import Cast, build_cast

pytestmark = pytest.mark.django_db


def built_and_gone() -> tuple[Cast, dict[str, list[Any]], int]:
    """A town, its rows, and how many statements it took."""
    with transaction.atomic():
        with CaptureQueriesContext(connection) as statements:
            cast = build_cast()
        rows = everything()
        transaction.set_rollback(True)
    return cast, rows, len(statements)


def everything() -> dict[str, list[Any]]:
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names()):
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            found[table] = cursor.fetchall()
    return found


def test_the_second_town_is_the_first_one_again() -> None:
    built_and_gone()
    first, rows, quick = built_and_gone()
    second, same, _ = built_and_gone()
    assert same == rows
    assert len(rows["schools_user"]) == len(first.staff)
    assert quick < 40
    mother, again = first.guardians["mother"], second.guardians["mother"]
    assert (again, again.household) == (mother, mother.household)
    assert again is not mother


def test_its_objects_and_rows_belong_together() -> None:
    built_and_gone()
    cast = build_cast()
    cast.guardians["mother"].first_name = "Amarjit"
    cast.guardians["mother"].save()
    assert Guardian.objects.get(first_name="Amarjit").household == cast.guardians["mother"].household
    Guardian.objects.create(first_name="Somebody", last_name="New", contact_language="nl")
    assert Guardian.objects.count() == len(cast.guardians) + 1


def test_where_a_row_stands_already_it_is_built() -> None:
    built_and_gone()
    first = clock.today().replace(month=9, day=1)
    first = first if first <= clock.today() else first.replace(year=first.year - 1)
    year = SchoolYear.objects.create(starts_on=first, ends_on=date(first.year + 1, 6, 30))
    with CaptureQueriesContext(connection) as statements:
        assert build_cast().year == year
    assert len(statements) > 100


@pytest.mark.parametrize("minutes", [2, 30 * 24 * 60])
def test_another_day_has_a_town_of_its_own(minutes: int) -> None:
    evening = clock.start_of_today() + timedelta(hours=23, minutes=59)
    with time_machine.travel(evening):
        built_and_gone()
    later = evening + timedelta(minutes=minutes)
    with time_machine.travel(later):
        cast = build_cast()
    assert cast.moments["gate"].held_on == clock.local_date(later - timedelta(days=7))
