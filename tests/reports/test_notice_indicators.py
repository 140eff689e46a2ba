"""Do notices arrive and questions get answers? Every figure against a naive recount over a small random world."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import pytest

from messaging.models import (
    Answer,
    Delivery,
    Thread,
)
from parents.models import (
    ContactPoint,
    Guardianship,
)
from reports.disclosure import Cell
from schools.models import Enrolment
from tests.reports.recount import PERIOD, count, recount

pytestmark = pytest.mark.django_db


def test_school_days_until_an_answer_with_open_questions_as_the_longest(world) -> None:
    schools = {school.pk for school in world.schools}
    waits = []
    for thread in Thread.objects.filter(asked_by_family=True):
        if thread.school_id in schools and PERIOD.first <= thread.asked_on <= PERIOD.last:
            days = 0
            day = thread.asked_on
            while thread.first_reply_on and day < thread.first_reply_on:
                day += timedelta(days=1)
                days += day.weekday() < 5
            waits.append(float(days) if thread.first_reply_on else math.inf)
    figure = count("I13", world, "school")
    assert list(figure.values) == sorted(waits)
    assert figure.total == Cell(sum(wait <= 3 for wait in waits), len(waits))
    assert figure.also["within_five"].n == sum(wait <= 5 for wait in waits)
    assert sum(cell.N or 0 for cell in figure.rows.values()) == len(waits)


def test_notices_confirmed_in_a_week_and_in_the_right_language(world) -> None:
    found = recount(world).recipients()
    week = timedelta(days=7)

    def confirmed(rows: list[Delivery]) -> bool:
        published = rows[0].notice.published_at
        assert published
        until = published + week
        answers = Answer.objects.filter(notice=rows[0].notice, guardian=rows[0].guardian, answered_at__lte=until)
        return any(row.opened_at and row.opened_at <= until for row in rows) or answers.exists()

    assert count("I14", world).total == Cell(sum(map(confirmed, found.values())), len(found))
    assert sum(cell.N or 0 for cell in count("I14", world, "contact_language").rows.values()) == len(found)
    foreign = [rows for rows in found.values() if rows[0].guardian.contact_language != "nl"]
    texts = {"pa": {"pa"}, "prs": {"prs", "fa"}, "rif": set()}
    right = [
        any(row.channel == "CALL" or row.language in texts[row.guardian.contact_language] for row in rows)
        for rows in foreign
    ]
    assert count("I15", world).total == Cell(sum(right), len(foreign))


def test_notices_that_were_not_understood_by_language_and_template(world) -> None:
    rows = [row for rows in recount(world).recipients().values() for row in rows[:1]]
    for number, row in enumerate(rows):
        published = row.notice.published_at
        assert published
        if number % 3 == 0:
            late = timedelta(days=1 if number % 2 else 9)
            Delivery.objects.filter(pk=row.pk).update(not_understood_at=published + late)
    found = recount(world).recipients()
    week = timedelta(days=7)

    def said_so(rows: list[Delivery]) -> bool:
        published = rows[0].notice.published_at
        assert published
        return any(row.not_understood_at and row.not_understood_at <= published + week for row in rows)

    assert count("I32", world).total == Cell(sum(map(said_so, found.values())), len(found))
    assert 0 < sum(map(said_so, found.values())) < len(found)
    by_language = count("I32", world, "language").rows
    for code in {rows[0].guardian.contact_language for rows in found.values()}:
        theirs = [rows for rows in found.values() if rows[0].guardian.contact_language == code]
        assert by_language[code] == Cell(sum(map(said_so, theirs)), len(theirs))
    by_template = count("I32", world, "template").rows
    assert sum(cell.N or 0 for cell in by_template.values()) == len(found)


def test_complete_contact_data(world) -> None:
    schools = {school.pk for school in world.schools}
    pupils = {row.pupil_id for row in Enrolment.objects.all() if row.school_id in schools and row.includes(PERIOD.last)}
    guardians = {row.guardian for row in Guardianship.objects.filter(pupil_id__in=pupils).select_related("guardian")}

    def complete(guardian: Any) -> bool:
        numbers = ContactPoint.objects.filter(uses__guardian=guardian, kind="PHONE", verified_on__lte=PERIOD.last)
        confirmed = guardian.language_confirmed_on
        return bool(confirmed and confirmed <= PERIOD.last and numbers.exists())

    assert count("I27", world).total == Cell(sum(map(complete, guardians)), len(guardians))
