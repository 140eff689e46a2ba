"""Measurements for tests: opened at De Kersenboom, answered, closed."""

from __future__ import annotations

from datetime import date, timedelta

from messaging.models import Delivery, Notice
from messaging.services import publish_notice
from messaging.tokens import make_token
from parents.models import Guardian, Guardianship
from reports import measuring
from reports.measuring import Given
from reports.models import MeasurementWave
from schools import clock
from tests.cast import Cast
from tests.messaging.notices_for_pages import template

#: A form with every statement answered, and one with another word.
ALL_YES = Given(dict.fromkeys(("welcome", "understand", "whom_to_ask", "taken_seriously", "how_my_child_does"), 4))
ALL_NO = Given(dict.fromkeys(ALL_YES.marks, 0), "Niemand groet ons.")


def opened(
    cast: Cast, *, audience: str = "PARENTS", kind: str = "BASELINE", by: str = "head", school: str = "kersenboom"
) -> MeasurementWave:
    """For three weeks from today."""
    return measuring.open_wave(
        school=cast.schools[school],
        kind=kind,
        audience=audience,
        closes_on=clock.today() + timedelta(days=21),
        by=cast.staff[by],
    )


def asked(cast: Cast, wave: MeasurementWave) -> Notice:
    """All parents got the notice."""
    template()
    notice = measuring.draft_invitation(wave=wave, by=cast.staff["head"])
    publish_notice(notice=notice, by=cast.staff["head"])
    wave.refresh_from_db()
    notice.refresh_from_db()
    return notice


def link_of(cast: Cast, notice: Notice, guardian: str) -> str:
    return make_token(Delivery.objects.get(notice=notice, guardian=cast.guardians[guardian], round=1))


def crowd(cast: Cast, number: int, pupil: str = "emma") -> list[Guardian]:
    """More parents of one child than a child has: each may answer."""
    people = [Guardian.objects.create(first_name=f"Ouder{place}", last_name="Peeters") for place in range(number)]
    for one in people:
        Guardianship.objects.create(pupil=cast.pupils[pupil], guardian=one, starts_on=cast.year.starts_on)
    return people


def over(wave: MeasurementWave, *, days: int = 1) -> MeasurementWave:
    """As if its last day had passed so many days ago."""
    wave.opens_on, wave.closes_on = clock.today() - timedelta(days=40), clock.today() - timedelta(days=days)
    wave.save(update_fields=["opens_on", "closes_on"])
    return wave


def since(wave: MeasurementWave, days: int, *, left: int) -> MeasurementWave:
    """As if it had been opened so many days ago, with so many days left."""
    today: date = clock.today()
    wave.opens_on, wave.closes_on = today - timedelta(days=days), today + timedelta(days=left)
    wave.save(update_fields=["opens_on", "closes_on"])
    return wave
