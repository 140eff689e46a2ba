"""Gatherings of De Kersenboom for tests."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import F

from messaging.models import Delivery
from messaging.services import announce_gathering, publish_notice
from parents.models import Gathering, GatheringSignUp
from parents.services.gatherings import Facts, make_gathering
from parents.services.signups import Coming, sign_up
from schools import clock
from schools.models import Partner
from tests.cast import Cast
from tests.messaging.notices_for_pages import template


def facts(*, days: int = 9, **more: Any) -> Facts:
    """Coffee in nine days, from nine until half past ten."""
    day = clock.today() + timedelta(days=days)
    starts, ends = (datetime.combine(day, hour, tzinfo=clock.BRUSSELS) for hour in (time(9), time(10, 30)))
    known: dict[str, Any] = {
        "kind": "COFFEE_MOMENT",
        "title": "Koffie: slapen",
        "place": "Ouderlokaal",
        "starts_at": starts,
        "ends_at": ends,
    }
    return Facts(**(known | more))


def gathering_of(cast: Cast, *, school: str = "kersenboom", by: str = "head", **more: Any) -> Gathering:
    return make_gathering(school=cast.schools[school], facts=facts(**more), by=cast.staff[by])


def library(cast: Cast, **more: Any) -> Gathering:
    """Reading with De Leidraad, where Tom works."""
    return gathering_of(cast, kind="READING", title="Voorlezen", partner=Partner.objects.get(), **more)


def signed(cast: Cast, gathering: Gathering, guardian: str, *people: int, interpreter: str = "") -> GatheringSignUp:
    """With so many adults and children; one adult where nothing is said."""
    adults, children = [*people, *(1, 0)[len(people) :]]
    coming = Coming(adults, children, interpreter)
    return sign_up(gathering=gathering, guardian=cast.guardians[guardian], coming=coming)


def held(gathering: Gathering, days: int = 10) -> Gathering:
    """The gathering was yesterday."""
    back = timedelta(days=days)
    Gathering.objects.filter(pk=gathering.pk).update(starts_at=F("starts_at") - back, ends_at=F("ends_at") - back)
    gathering.refresh_from_db()
    return gathering


def announced(cast: Cast, gathering: Gathering, guardian: str, by: str = "head") -> Delivery:
    """The delivery of the notice that announces it."""
    template()
    notice = announce_gathering(gathering=gathering, by=cast.staff[by])
    publish_notice(notice=notice, by=cast.staff[by])
    return Delivery.objects.filter(notice=notice, guardian=cast.guardians[guardian]).order_by("pk")[0]
