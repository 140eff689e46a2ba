"""The one statement that plans a notice says what a slow reading of the rules says, for any crowd, on both engines."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.db import transaction

from messaging import audience, outbox
from messaging.models import Delivery, Notice
from messaging.outbox.planning import plan
from messaging.services import publish_notice
from parents.models import Guardian
from tests.messaging.crowd import Crowd
from tests.messaging.slow_planning import Planned, SlowPlanning

pytestmark = pytest.mark.django_db

SEEDS = range(14)
#: `make test` has the time for half of them.
BY_TURNS = [seed if seed % 2 else pytest.param(seed, marks=pytest.mark.full) for seed in SEEDS]


def rows_of(notice: Notice) -> list[Planned]:
    rows = Delivery.objects.filter(notice=notice).order_by("guardian_id", "pk")
    return [
        Planned(row.guardian_id, row.channel, row.contact_point_id, row.address, row.language, row.in_digest)
        for row in rows
    ]


@pytest.fixture(params=BY_TURNS)
def crowd(request: pytest.FixtureRequest, settings: Any) -> Crowd:
    settings.SMS_DRIVER = "off" if request.param % 7 == 0 else "record"
    return Crowd.of(request.param)


@pytest.fixture
def sent(crowd: Crowd, settings: Any) -> tuple[Notice, list[Planned]]:
    """A notice that was sent, in the request or in chunks behind it, with what the slow reading said before."""
    notice = crowd.notice()
    expected = SlowPlanning.of(notice).first()
    if crowd.chance.random() < 0.5:
        settings.FAN_OUT_IN_REQUEST, settings.FAN_OUT_CHUNK = 0, 5
    publish_notice(notice=notice, by=notice.author)
    outbox.plan_unfinished()
    return Notice.objects.get(pk=notice.pk), expected


def test_each_rung_is_what_the_rules_say_until_nobody_is_left(crowd: Crowd, sent: tuple[Notice, list[Planned]]) -> None:
    notice, expected = sent
    assert rows_of(notice) == expected
    assert [one.pk for one in SlowPlanning.of(notice).audience()] == sorted(
        audience.guardians_of(notice).values_list("pk", flat=True)
    )
    assert plan(notice) == 0, "planning again adds nothing"
    assert rows_of(notice) == expected
    for _rung in range(4):
        crowd.change()
        _climb(crowd, notice)


def _climb(crowd: Crowd, notice: Notice) -> None:
    slow = SlowPlanning.of(notice)
    climbers = [one for one in slow.audience() if one.pk in slow.tried and crowd.chance.random() < 0.8]
    expected, before = slow.next(climbers), Delivery.objects.filter(notice=notice).count()
    ids = Guardian.objects.filter(pk__in=[one.pk for one in climbers])
    assert plan(notice, ids, climbing=True) == len(expected)
    new = Delivery.objects.filter(notice=notice).order_by("pk")[before:]
    assert [(row.guardian_id, row.channel, row.address, row.language) for row in new] == [
        (one.guardian, one.channel, one.address, one.language) for one in expected
    ]


def test_the_check_page_counts_the_same(crowd: Crowd) -> None:
    notice = crowd.notice()
    expected = SlowPlanning.of(notice).first()
    counted = audience.summary(notice)
    assert counted.by_channel == Counter(one.channel for one in expected)
    assert counted.by_language == Counter(one.language for one in expected)


def test_the_crowds_hold_every_case(db: None, settings: Any) -> None:
    """Else the comparison above would say little."""
    settings.SMS_DRIVER = "record"
    found: Counter[str] = Counter()
    for seed in SEEDS:
        with transaction.atomic():
            found += _cases_of(Crowd.of(seed))
            transaction.set_rollback(True)
    assert min(found[key] for key in ("EMAIL", "SMS", "LETTER", "CALL", "digest", "translated", "no right")) > 5
    assert min(found[key] for key in ("ACTIE", "INFO", "DRINGEND", "shared phone")) > 0


def _cases_of(crowd: Crowd) -> Counter[str]:
    notice = crowd.notice()
    slow = SlowPlanning.of(notice)
    planned = slow.first()
    found = Counter[str](one.channel for one in planned)
    found[notice.kind] += 1
    found["digest"] = sum(one.in_digest for one in planned)
    found["translated"] = sum(one.language != "nl" for one in planned)
    found["shared phone"] = len(slow.audience()) - len(planned)
    found["no right"] = Guardian.objects.count() - len(slow.audience())
    return found
