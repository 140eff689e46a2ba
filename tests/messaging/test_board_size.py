"""A whole school's notice costs its page no more queries than a class's, and comes into Python one page at a time."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messaging.models import Delivery, DeliveryStatus, Notice, NoticePupil, Reason
from messaging.services import give_answer
from parents.models import Family, FamilyMembership, Guardian, Guardianship
from schools import clock
from schools.models import Enrolment, Pupil
from tests.cast import Cast
from tests.messaging.notices_for_pages import sent

pytestmark = pytest.mark.django_db

MOST_QUERIES = 30
MOST_OF_A_LOOK = 20


def grow(cast: Cast, notice: Notice, number: int) -> None:
    """More families of 3B in the notice: a third bounced, a third answered, the rest was sent."""
    room, start = cast.classes["3b"], cast.year.starts_on
    pupils = Pupil.objects.bulk_create(Pupil(first_name=f"Kind{n}", last_name=f"Meer{n:04}") for n in range(number))
    families = Family.objects.bulk_create(Family(home_language="tr") for _ in range(number))
    parents = Guardian.objects.bulk_create(
        Guardian(first_name=f"Ouder{n}", last_name="Meer", contact_language="tr") for n in range(number)
    )
    Enrolment.objects.bulk_create(
        Enrolment(pupil=pupil, school=room.school, school_class=room, starts_on=start) for pupil in pupils
    )
    FamilyMembership.objects.bulk_create(
        FamilyMembership(family=family, pupil=pupil, starts_on=start)
        for family, pupil in zip(families, pupils, strict=True)
    )
    Guardianship.objects.bulk_create(
        Guardianship(pupil=pupil, guardian=parent, starts_on=start)
        for pupil, parent in zip(pupils, parents, strict=True)
    )
    NoticePupil.objects.bulk_create(NoticePupil(notice=notice, pupil=pupil, school_class=room) for pupil in pupils)
    now = clock.now()
    deliveries = Delivery.objects.bulk_create(
        Delivery(
            notice=notice,
            guardian=parent,
            channel="EMAIL",
            language="tr",
            address="ouder@post.example",
            status=DeliveryStatus.FAILED if n % 3 == 0 else DeliveryStatus.SENT,
            reason=Reason.BOUNCED if n % 3 == 0 else "",
            created_at=now,
            sent_at=now,
        )
        for n, parent in enumerate(parents)
    )
    for delivery in deliveries[1:90:3]:
        give_answer(delivery=delivery, key="yes")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as both engines do by themselves, but not within a test's transaction


def queries(client: Client, address: str, **headers: str) -> list[str]:
    client.get(address, headers=headers)
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return [row["sql"] for row in seen.captured_queries if not row["sql"].startswith(("SAVEPOINT", "RELEASE"))]


def test_two_twenty_and_a_thousand_families_cost_the_same_queries(cast: Cast) -> None:
    notice = sent(cast)
    browser = cast.client("teacher_3b")
    page, look = reverse("notice_detail", args=[notice.pk]), reverse("notice_status", args=[notice.pk])
    grow(cast, notice, 6)
    few = len(queries(browser, page)), len(queries(browser, look, **{"HX-Request": "true"}))
    for number in (14, 980):
        grow(cast, notice, number)
        many = len(queries(browser, page)), len(queries(browser, look, **{"HX-Request": "true"}))
        assert many == few
    assert few[0] <= MOST_QUERIES
    assert few[1] <= MOST_OF_A_LOOK
    standing = browser.get(page).context["standing"]
    assert standing.totals.families == 1002
    assert standing.totals.needs_person == 2 + 5 + 327
    assert len(standing.unreached) == 25
    assert all(len(option.rows) <= 30 for option in standing.options)


def test_the_page_stays_light(cast: Cast) -> None:
    notice = sent(cast)
    grow(cast, notice, 1000)
    look = reverse("notice_status", args=[notice.pk])
    answer = cast.client("teacher_3b").get(look, headers={"HX-Request": "true"})
    assert len(answer.content) < 100_000
