"""Many families at once, each with one parent and one way to reach that parent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import count

from django.db import transaction

from messaging.models import Channel, ChannelState, Delivery, DeliveryStatus, Notice
from messaging.outbox.clocks import database_now
from messaging.services import publish_notice
from parents.models import (
    ContactPoint,
    ContactPointUse,
    Family,
    FamilyMembership,
    Guardian,
    Guardianship,
    PointKind,
)
from schools import clock
from schools.models import Enrolment, Pupil, SchoolClass
from tests import factories as make

_numbers = count(1)


def fill(school_class: SchoolClass, *, mails: int = 0, phones: int = 0) -> None:
    """So many families with a verified e-mail address, and so many with a telephone only."""
    values = [f"ouder{next(_numbers)}@post.example" for _ in range(mails)]
    values += [f"+324{next(_numbers):08}" for _ in range(phones)]
    with transaction.atomic():
        _add(school_class, values)


def _add(school_class: SchoolClass, values: Sequence[str]) -> None:
    since = make.LONG_AGO
    pupils = Pupil.objects.bulk_create(Pupil(first_name=f"Kind{n}") for n, _ in enumerate(values))
    families = Family.objects.bulk_create(Family(home_language="nl") for _ in values)
    parents = Guardian.objects.bulk_create(
        Guardian(first_name="Ouder", last_name=f"Familie{n}", contact_language="nl") for n, _ in enumerate(values)
    )
    points = ContactPoint.objects.bulk_create(
        ContactPoint(
            kind=PointKind.EMAIL if "@" in value else PointKind.PHONE,
            value=value,
            verified_on=clock.today(),
            valid_from=since,
        )
        for value in values
    )
    Enrolment.objects.bulk_create(
        Enrolment(pupil=pupil, school=school_class.school, school_class=school_class, starts_on=since)
        for pupil in pupils
    )
    FamilyMembership.objects.bulk_create(
        FamilyMembership(family=family, pupil=pupil, starts_on=since)
        for family, pupil in zip(families, pupils, strict=True)
    )
    Guardianship.objects.bulk_create(
        Guardianship(pupil=pupil, guardian=parent, starts_on=since)
        for pupil, parent in zip(pupils, parents, strict=True)
    )
    ContactPointUse.objects.bulk_create(
        ContactPointUse(contact_point=point, guardian=parent) for point, parent in zip(points, parents, strict=True)
    )


def draft_to(*, mails: int = 0, phones: int = 0) -> Notice:
    """A draft to a class of so many families."""
    school_class = make.make_class()
    fill(school_class, mails=mails, phones=phones)
    return make.make_notice(school_class)


def published_to(*, mails: int = 0, phones: int = 0) -> Notice:
    """A notice that was sent to a class of so many families."""
    notice = draft_to(mails=mails, phones=phones)
    assert publish_notice(notice=notice, by=notice.author) == mails + phones
    return notice


def time_passes() -> None:
    """What waits to be tried again is due, and so is the look whether a provider is back."""
    moment = database_now() - timedelta(seconds=1)
    waiting = Delivery.objects.filter(channel__in=[Channel.EMAIL, Channel.SMS], status=DeliveryStatus.QUEUED)
    waiting.filter(claim_token__isnull=True, due_at__gt=moment).update(due_at=moment)
    ChannelState.objects.filter(closed_until__gt=moment).update(closed_until=moment)
