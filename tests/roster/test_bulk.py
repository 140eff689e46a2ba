"""Thousands of rows at once: the same rows, by whichever door the engine takes them."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from parents.models import Guardian, Guardianship
from schools.models import Pupil
from schools.roster.bulk import insert

pytestmark = pytest.mark.django_db

MANY = 50


def pupils() -> list[Pupil]:
    odd = ("Zoë\tTab", "Regel\neen", "Terug\\streep", "\\N", "ਸਿਮਰਨ", "“hoek”")
    return [
        Pupil(first_name=odd[number % len(odd)], last_name=str(number), birth_date=date(2018, 3, 1), source_id="")
        for number in range(MANY)
    ]


def test_every_cell_arrives_as_it_was_and_rows_point_at_rows_made_a_moment_before() -> None:
    children = pupils()
    adults = [Guardian(first_name=f"Ouder {number}") for number in range(MANY)]
    links = [
        Guardianship(pupil=child, guardian=adult, starts_on=date(2026, 9, 1), may_decide=number % 2 == 0)
        for number, (child, adult) in enumerate(zip(children, adults, strict=True))
    ]
    insert(Pupil.objects.all(), children)
    insert(Guardian.objects.all(), adults)
    insert(Guardianship.objects.all(), links)
    found = list(Guardianship.objects.select_related("pupil", "guardian").order_by("pk"))
    assert [(row.pupil.first_name, row.pupil.last_name) for row in found] == [
        (child.first_name, child.last_name) for child in children
    ]
    assert [row.may_decide for row in found] == [number % 2 == 0 for number in range(MANY)]
    assert {(row.ends_on, row.basis_seen_by_id) for row in found} == {(None, None)}
    adult = found[0].guardian
    assert (adult.second_language, adult.wants_digest, adult.household_id) == ("", False, None)
    assert (children[0].pk, adults[0].second_language) == (found[0].pupil_id, "")


def test_ids_go_on_where_they_stopped() -> None:
    insert(Pupil.objects.all(), pupils())
    one = Pupil.objects.create(first_name="Later")
    insert(Pupil.objects.all(), pupils())
    assert Pupil.objects.count() == 2 * MANY + 1
    assert Pupil.objects.filter(pk__gt=one.pk).count() == MANY


def test_the_database_keeps_its_promises_for_them_too() -> None:
    twice = [Pupil(first_name="Sam", source_system="s", source_id="7") for _number in range(MANY)]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Pupil.objects.all(), twice)
    assert not Pupil.objects.exists()
