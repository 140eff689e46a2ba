"""The ladder of an invitation to choose a time for a talk: it climbs while there are times to choose."""

from __future__ import annotations

import pytest

from messaging import outbox
from messaging.models import Delivery, DeliveryStatus
from parents.models import ConferenceRound
from parents.services.booking import cancel_host
from parents.services.conferences import add_hours
from schools import clock
from schools.models import Holiday
from tests.cast import Cast
from tests.parents.conferences import evening, invite, round_of, ten_days_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(cast: Cast) -> ConferenceRound:
    """The parents of two classes were invited by mail a while ago, and none of them reacted."""
    made = round_of(cast, "3b", "1a")
    invite(cast, made, "separated_father")
    waited = clock.today() - Holiday.objects.calendar().add_school_days(clock.today(), -5)
    Delivery.objects.filter(status=DeliveryStatus.QUEUED).exclude(channel="CALL").update(
        status=DeliveryStatus.SENT, sent_at=clock.now() - waited, due_at=None
    )
    return made


def climbed() -> set[str]:
    """The classes of the children about whom the next way is tried now."""
    before = set(Delivery.objects.values_list("pk", flat=True))
    outbox.climb()
    rows = Delivery.objects.exclude(pk__in=before)
    return set(rows.values_list("guardian__guardianships__pupil__enrolments__school_class__name", flat=True))


def test_while_there_are_times_the_next_way_is_tried(made: ConferenceRound) -> None:
    assert climbed() >= {"3B", "1A"}


def test_after_the_evening_nobody_is_asked_to_choose(cast: Cast, made: ConferenceRound) -> None:
    """Times of the next round are none of this one."""
    ten_days_on(made)
    round_of(cast, "3b", "1a", times=evening(days=30))
    assert climbed() == set()


def test_parents_of_a_teacher_who_cannot_come_are_asked_once_there_are_times_again(
    cast: Cast, made: ConferenceRound
) -> None:
    host = made.hosts.get(school_class=cast.classes["3b"])
    cancel_host(host=host, because="Juf Lotte is ziek.", by=cast.staff["head"])
    assert climbed() == {"1A"}
    add_hours(host=host, evening=evening(days=12), by=cast.staff["head"])
    assert climbed() >= {"3B"}
