"""Notices on their way, and days that pass, for the tests of the ladder."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from messaging.models import Delivery, DeliveryStatus, Notice
from messaging.services import publish_notice
from parents.models import ContactMoment, Guardian
from parents.services import log_contact_moment
from schools import clock
from schools.models import Assignment, Holiday, Role, School, User
from tests import factories as make

#: A Monday without holidays around it.
MONDAY = date(2027, 1, 18)


def travel(settings: Any, day: date) -> None:
    """It is that day from now on, at the real time of day."""
    settings.DEMO_TODAY = day


def head_of(school: School) -> User:
    """A head of school, who may write to all of it."""
    head = make.make_user("Rita Hoofd")
    Assignment.objects.create(user=head, role=Role.HEAD, school=school, starts_on=make.LONG_AGO)
    return head


def publish(notice: Notice) -> Notice:
    publish_notice(notice=notice, by=notice.author)
    notice.refresh_from_db()
    return notice


def leave() -> None:
    """Everything that waits leaves now, letters and calls apart: a person prints and calls."""
    waiting = Delivery.objects.filter(status=DeliveryStatus.QUEUED).exclude(channel="CALL")
    waiting.update(status=DeliveryStatus.SENT, sent_at=clock.now(), due_at=None)


def rungs(guardian: Guardian | None = None) -> list[str]:
    rows = Delivery.objects.exclude(status=DeliveryStatus.CANCELLED).order_by("pk")
    return list((rows.filter(guardian=guardian) if guardian else rows).values_list("channel", flat=True))


def minutes_ago(number: int) -> None:
    """What left, left so many minutes ago."""
    Delivery.objects.exclude(sent_at=None).update(sent_at=clock.now() - timedelta(minutes=number))


def talk(
    family: make.MadeFamily, notice: Notice, *, guardians: list[Guardian] | None = None, **facts: Any
) -> ContactMoment:
    """The sender speaks with the family at the gate."""
    defaults: dict[str, Any] = {
        "kind": "GATE_TALK",
        "outcome": "REACHED_AGREED",
        "held_on": clock.today(),
        "purpose": "INFORMATION",
    }
    return log_contact_moment(
        author=notice.author,
        school=notice.school,
        pupils=family.pupils[:1],
        guardians=guardians or [],
        **(defaults | {"held_on": clock.today()} | facts),
    )


def free_day(first: date, last: date) -> None:
    Holiday.objects.create(name=f"Vrij {first}", starts_on=first, ends_on=last)
